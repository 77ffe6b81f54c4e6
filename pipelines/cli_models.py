"""Commands about models: train, promote, list, evaluate, report.

Wiring only, as in `pipelines.cli`, which hangs them beside its own.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipelines import console, wiring
from pipelines.wiring import LedgerOption

app = typer.Typer()


@app.command()
def train(
    target: Annotated[str, typer.Argument(help="late or default")],
    rows: Annotated[Path | None, typer.Option(help="Rows made by `encours features`.")] = None,
    ledger: LedgerOption = None,
    out: Annotated[Path | None, typer.Option(help="Folder for the model and its figures.")] = None,
) -> None:
    """Train a target and record it in MLflow; `encours promote` lets it answer."""
    from models.ledger import last_event
    from models.ledger_files import fingerprint, read_ledger
    from models.registry import Registry
    from pipelines.training.row_files import read_rows
    from pipelines.training.train import make_rows, register
    from pipelines.training.train import train as fit

    settings, params = wiring.settings(), wiring.params()
    if rows is not None:
        saved = read_rows(rows)
        made, data_hash = saved.rows, saved.data_hash
    else:
        found = read_ledger(ledger or settings.ledger)
        made, data_hash = make_rows(found, target, last_event(found), params), fingerprint(found)
    training = fit(made, target, data_hash, params, out or settings.work / "models" / target)
    version = register(training, made, params, Registry())
    console.trained(training, version)


@app.command()
def promote(
    target: Annotated[str, typer.Argument(help="late or default; both without it")] = "",
    version: Annotated[int | None, typer.Option(help="The version; the newest without it.")] = None,
) -> None:
    """Let a version answer from now on."""
    from models.errors import NoChampionError
    from models.registry import TARGETS, Registry

    registry = Registry()
    for name in [target] if target else list(TARGETS):
        known = registry.versions(_target(name))
        wanted = version or (known[0].number if known else 0)
        if wanted not in {one.number for one in known}:
            raise NoChampionError(f"{name} has no version {wanted or ''}; run `encours train {name}`")
        registry.promote(_target(name), wanted)
        console.say(f"version {wanted} of {name} answers from now on")


@app.command()
def models() -> None:
    """List the registered versions; the champion answers."""
    from models.registry import TARGETS, Registry

    registry = Registry()
    console.versions([one for target in TARGETS.values() for one in registry.versions(target)])


@app.command()
def evaluate(
    models_folder: Annotated[Path, typer.Option("--models")] = Path("data/models"),
    out: Annotated[Path, typer.Option()] = Path("data/evaluation"),
) -> None:
    """Gather what both targets measured, as metrics and curves."""
    from pipelines.training.evaluate import evaluate as gather

    console.metrics(gather(models_folder, out))


@app.command()
def report(
    models_folder: Annotated[Path, typer.Option("--models")] = Path("data/models"),
    out: Annotated[Path, typer.Option()] = Path("data/report.html"),
) -> None:
    """Write one page about both models."""
    from pipelines.training.report import write_report

    write_report(models_folder, out)
    console.say(f"report in {out}")


def _target(name: str) -> str:
    from models.registry import TARGETS

    if name not in TARGETS:
        wiring.refuse(f"target is {name!r}; {' and '.join(TARGETS)} are known")
    return TARGETS[name]
