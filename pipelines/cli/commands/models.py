"""Commands on models: train, promote, roll back, list, evaluate, report.

Wiring only; `pipelines.cli.app` registers them.
"""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipelines.cli import wiring
from pipelines.cli.console import console
from pipelines.cli.wiring import ByOption, LedgerOption

if TYPE_CHECKING:
    from models.learning.registry import Registry, Version
    from models.learning.rows import TrainingRows
    from models.policy.document import Policy
    from pipelines.training.findings.peek import Peek
    from pipelines.training.params import Params
    from pipelines.training.search import Limits
    from pipelines.training.tune import Tuning

app = typer.Typer()


@app.command()
def train(
    target: Annotated[str, typer.Argument(help="late or default")],
    rows: Annotated[Path | None, typer.Option(help="Rows made by `encours features`.")] = None,
    ledger: LedgerOption = None,
    out: Annotated[Path | None, typer.Option(help="Folder for the model and its figures.")] = None,
    tune: Annotated[
        str | None, typer.Option(help="Search parameters first, for so long: 90s, 10m, 1h.")
    ] = None,
    tune_trials: Annotated[int | None, typer.Option(min=1, help="Try at most so many sets.")] = None,
    write_params: Annotated[
        bool, typer.Option("--write-params", help="Write what the search chose into params.yaml.")
    ] = False,
) -> None:
    """Train a target and record it in MLflow; `encours promote` lets it answer."""
    from models.learning.registry import Registry
    from models.policy.document import load_policy
    from pipelines.training.train import register
    from pipelines.training.train import train as fit

    limits = _limits(tune, tune_trials, write_params)
    settings, params = wiring.settings(), wiring.params()
    made, data_hash, looked = _rows(target, rows, ledger, params)
    tuning = None
    if limits is not None:
        tuning, params = _tuned(made, target, params, limits, write_params)
    policy, folder = load_policy(settings.policy_path), out or settings.work / "models" / target
    training = fit(made, target, data_hash, params, folder, looked=looked, policy=policy)
    registry = Registry()
    version = register(training, made, params, registry)
    if tuning is not None:
        registry.record_trials(version, tuning.runs)
    console.trained(training, version)
    _examined(registry, version, policy)


@app.command()
def promote(
    target: Annotated[str, typer.Argument(help="late or default; both without it")] = "",
    version: Annotated[int | None, typer.Option(help="The version; the newest without it.")] = None,
    by: ByOption = None,
    reason: Annotated[str, typer.Option(help="Why, for the history.")] = "",
) -> None:
    """Judge a version and let it answer from now on; exit code 2 where the gate refuses it."""
    from models.learning.registry import TARGETS, Registry
    from models.policy.document import load_policy
    from pipelines.cli.console import models as console_models
    from pipelines.training import promotion

    if version is not None and not target:
        wiring.refuse("--version is of one target: name it, late or default")
    names = [_target(name) for name in ([target] if target else TARGETS)]
    registry, policy = Registry(), load_policy(wiring.settings().policy_path)
    refused = []
    with closing(wiring.store()) as store:
        for name in names:
            with console.step(f"Judging {name}"):
                outcome = promotion.promote(
                    registry, store, policy, name, version, by or wiring.user(), reason
                )
            console_models.outcome(outcome)
            refused += [outcome.words] if outcome.action == "refused" else []
    if refused:
        wiring.refuse("; ".join(refused))


@app.command()
def rollback(
    target: Annotated[str, typer.Argument(help="late or default; both without it")] = "",
    reason: Annotated[str, typer.Option(help="Why, for the history.")] = "",
    by: ByOption = None,
) -> None:
    """Let the version answer again that answered before: at once, without a gate."""
    from models.errors import NoChampionError
    from models.learning.registry import TARGETS, Registry
    from pipelines.cli.console import models as console_models
    from pipelines.training import promotion

    names = [_target(name) for name in ([target] if target else TARGETS)]
    stayed = []
    with closing(wiring.store()) as store:
        for name in names:
            try:
                console_models.outcome(
                    promotion.rollback(Registry(), store, name, by or wiring.user(), reason)
                )
            except NoChampionError as error:
                stayed.append(str(error))
    if len(stayed) == len(names):
        wiring.refuse("; ".join(stayed))
    for words in stayed:
        console.say(words)


@app.command()
def models(
    history: Annotated[
        bool, typer.Option("--history", help="Who let which version answer, and when.")
    ] = False,
) -> None:
    """List the registered versions with what they measured; the champion answers."""
    from models.learning.registry import TARGETS, Registry
    from pipelines.cli.console import models as console_models

    if history:
        with closing(wiring.store()) as store:
            console_models.history(store.promotions())
        return
    registry = Registry()
    known = [one for target in TARGETS.values() for one in registry.versions(target)]
    console_models.versions([(one, registry.metrics(one)) for one in known])


@app.command()
def evaluate(
    models_folder: Annotated[Path, typer.Option("--models", help="Folder that training wrote.")] = Path(
        "data/models"
    ),
    out: Annotated[Path, typer.Option(help="Folder of the metrics and curves.")] = Path("data/evaluation"),
) -> None:
    """Gather what both targets measured, as metrics and curves."""
    from pipelines.training.evaluate import evaluate as gather

    console.metrics(gather(models_folder, out))


@app.command()
def report(
    models_folder: Annotated[Path, typer.Option("--models", help="Folder that training wrote.")] = Path(
        "data/models"
    ),
    out: Annotated[Path, typer.Option(help="Folder of the pages.")] = Path("data/report"),
    champion: Annotated[
        bool, typer.Option("--champion", help="Put the versions in charge beside, in euros.")
    ] = False,
) -> None:
    """Write a page to sign about each model, in French and in English, its card, and an index."""
    from models.learning.registry import Registry
    from models.policy.document import load_policy
    from pipelines.training.report.writing import write_report

    policy = load_policy(wiring.settings().policy_path)
    index = write_report(models_folder, out, Registry() if champion else None, policy)
    console.say(f"report in {index}")


def _rows(
    target: str, rows: Path | None, ledger: Path | None, params: Params
) -> tuple[TrainingRows, str, Peek | None]:
    """Read rows or build them from a ledger, with its hash and the result of a rebuild check."""
    from pipelines.training.findings.peek import Peek
    from pipelines.training.row_files import read_rows
    from pipelines.training.train import look_ahead, make_rows

    if rows is not None:
        saved = read_rows(rows)
        return saved.rows, saved.data_hash, Peek.from_checks(saved.checks)
    with wiring.ledger_parts(ledger) as (parts, workers):
        made, data_hash = make_rows(parts, target, params, workers)
        return made, data_hash, look_ahead(parts, target, made, params, workers)


def _examined(registry: Registry, version: Version, policy: Policy) -> None:
    """Judge a new version as its promotion would, for the page of the models."""
    from models.errors import CreditError
    from pipelines.training.promotion import examine_newest

    try:
        with closing(wiring.store()) as store:
            judged = examine_newest(registry, store, policy, version.target, version.number)
    except CreditError as error:
        # The version is registered all the same, and its promotion judges it again.
        console.say(f"not compared with the champion: {error}")
        return
    if judged is not None:
        console.say(f"gate: {judged.outcome} ({judged.compared})")


def _limits(budget: str | None, trials: int | None, write_params: bool) -> Limits | None:
    """Return the end time of a search, None without one."""
    from pipelines.training.search import Limits
    from pipelines.training.tune import seconds_of

    if budget is None and trials is None:
        if write_params:
            wiring.refuse("--write-params writes what a search chose: give --tune too, such as --tune 10m")
        return None
    return Limits(trials=trials) if budget is None else Limits(seconds_of(budget), trials)


def _tuned(
    rows: TrainingRows, target: str, params: Params, limits: Limits, write: bool
) -> tuple[Tuning, Params]:
    """Search a target's parameters, print the result, and return it with the parameters to train with."""
    from pipelines.cli.console import models as console_models
    from pipelines.training.params_file import changed, write_params
    from pipelines.training.tune import tune

    name, settings = _target(target), wiring.settings()
    plan = getattr(params, target).plan(name)
    with console.progress(f"Tuning {target}") as progress:
        found = tune(rows, plan, settings.work / "tuning", limits, progress=progress)
    if found.chosen and write:
        write_params(settings.params, target, found.chosen)
    console_models.tuned(found, target, settings.params if write else None)
    return found, changed(params, target, found.chosen)


def _target(name: str) -> str:
    from models.learning.registry import TARGETS

    if name not in TARGETS:
        wiring.refuse(f"target is {name!r}; {', '.join(TARGETS)} are known")
    return TARGETS[name]
