"""Command line application: every command, wiring only; `pipelines.cli.commands` holds the groups.

A command reads its settings, calls the module that does the work and prints the result. Heavy modules are
imported inside commands, so that `--help` is instant. Exit codes: 0 done, 2 refused with a one-line reason,
3 done but with too many rows in quarantine, 4 done and retraining is due.
"""

from __future__ import annotations

import datetime as dt
import gc
import json
import os
import sys
from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer

from models.errors import CreditError
from pipelines.cli import wiring
from pipelines.cli.commands import (
    access,
    audit,
    cases,
    cash,
    check,
    decide,
    entities,
    imports,
    maintenance,
    migration,
    models,
    notify,
    overrides,
    penalty,
    policy,
    provisions,
    quarantine,
    registers,
    risk,
    start,
    stress,
)
from pipelines.cli.commands import monitor as watch
from pipelines.cli.console import console
from pipelines.cli.wiring import DayOption, LangOption, LedgerOption, PortOption

THRESHOLDS = (50_000, 20, 50)
"""Of the garbage collector: a command imports and parses much that lives to its end."""

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    # Rich would make the help twice as slow: it brings Markdown and syntax highlighting along.
    rich_markup_mode=None,
    context_settings={"max_content_width": 110},
    help="Customer credit risk: scores, reasons and limits.",
)
app.add_typer(access.keys, name="keys")
app.add_typer(access.users, name="users")
app.add_typer(audit.audit, name="audit")
app.add_typer(cases.cases, name="cases")
app.add_typer(overrides.override, name="override")
app.add_typer(cash.app)
app.add_typer(check.app)
app.add_typer(quarantine.quarantine, name="quarantine")
app.add_typer(decide.app)
app.add_typer(entities.entities, name="entities")
app.add_typer(maintenance.app)
app.add_typer(migration.app)
app.add_typer(models.app)
app.add_typer(notify.notify, name="notify")
app.add_typer(penalty.app)
app.add_typer(policy.app, name="policy")
app.add_typer(provisions.app)
app.add_typer(registers.app, name="registers")
app.add_typer(risk.app)
app.add_typer(start.app)
app.add_typer(stress.app)
app.add_typer(watch.app)


def main() -> None:
    """Run a command; a known error becomes one line and exit code 2.

    Files written by a command are readable by its user only: nearly all hold customer data.
    """
    before, thresholds = os.umask(0o077), gc.get_threshold()
    gc.set_threshold(*THRESHOLDS)
    try:
        app()
    except CreditError as error:
        console.fail(error, wiring.language(sys.argv))
        sys.exit(2)
    except ValueError as error:
        fault = wiring.environment_fault(error)
        if fault is None:
            raise
        console.fail(fault, wiring.language(sys.argv))
        sys.exit(2)
    finally:
        os.umask(before)
        gc.set_threshold(*thresholds)


@app.command("import")
def import_(
    mapping: Annotated[str, typer.Argument(help="TOML that says which column is what; or fec.")],
    files: Annotated[list[Path], typer.Argument(help="CSV or Excel exports; or FEC files, a year each.")],
    ledger: LedgerOption = None,
    terms: Annotated[int | None, typer.Option(min=0, help="FEC: default terms, in days (30).")] = None,
    old_after: Annotated[
        int | None, typer.Option(min=0, help="FEC: days after which an unmatched opening item is old (365).")
    ] = None,
    lang: LangOption = "fr",
    replace: Annotated[
        bool, typer.Option("--replace", help="FEC: let a file delete most lines of the one it replaces.")
    ] = False,
) -> None:
    """Import exports into a ledger through a mapping, or FEC files (art. A47 A-1 LPF)."""
    from pipelines.sources.mapping.source import MappingSource

    folder = ledger or wiring.settings().ledger
    if mapping == imports.FEC:
        source = imports.fec_source(terms, old_after, replace=replace)
    elif replace or (terms, old_after) != (None, None):
        wiring.refuse("--terms, --old-after and --replace go with fec; a mapping says these things itself")
    else:
        source = MappingSource(Path(mapping))
    raise typer.Exit(imports.import_from(source, files, folder, lang))


@app.command()
def simulate(
    out: Annotated[Path, typer.Option(help="Folder of the ledger to make.")],
    customers: Annotated[int | None, typer.Option(min=1, help="How many customers.")] = None,
    months: Annotated[int | None, typer.Option(min=1, help="How many months of history.")] = None,
    seed: Annotated[int | None, typer.Option(help="Seed of the random draws.")] = None,
) -> None:
    """Make a demo portfolio; the truth goes to its own folder beside it."""
    from pipelines.demo.simulator import simulate as make
    from pipelines.demo.simulator import write_demo
    from pipelines.validation.history import forget

    made = wiring.params().simulate
    chosen = [given if given is not None else default for given, default in (
        (customers, made.customers), (months, made.months), (seed, made.seed))]  # fmt: skip
    ledger, truth = make(*chosen)
    write_demo(ledger, truth, out)
    forget(out)
    console.say(f"{len(ledger.customers):,} customers and {len(ledger.invoices):,} invoices in {out}")


@app.command()
def features(
    target: Annotated[str, typer.Argument(help="late or default")],
    out: Annotated[Path, typer.Option(help="Parquet file of training rows.")],
    ledger: LedgerOption = None,
    cut: DayOption = None,
) -> None:
    """Make a target's training rows, as known at the cut."""
    from pipelines.training.findings.peek import PEEK
    from pipelines.training.row_files import save_rows
    from pipelines.training.train import look_ahead, make_rows

    params = wiring.params()
    with wiring.ledger_parts(ledger, cut) as (parts, workers):
        rows, data_hash = make_rows(parts, target, params, workers)
        looked = look_ahead(parts, target, rows, params, workers)
    save_rows(rows, out, data_hash, checks={PEEK: looked.document()})
    console.say(f"{len(rows):,} rows of {target}, {rows.label.mean():.1%} bad, in {out}; {looked.words}")


@app.command()
def nightly(
    as_of: DayOption = None,
    ledger: LedgerOption = None,
    processes: Annotated[
        int | None, typer.Option(min=1, help="Processes that score; one per core without it.")
    ] = None,
    dask: Annotated[
        str | None, typer.Option(help="Address of a Dask scheduler that scores instead, tcp://HOST:PORT.")
    ] = None,
    no_notify: Annotated[
        bool, typer.Option("--no-notify", help="Make no e-mail and no webhook about this night.")
    ] = False,
) -> None:
    """Check, score and publish the whole portfolio as of the end of a day; twice changes nothing."""
    from pipelines.nightly.night import run_night
    from pipelines.validation.ledger_checks import night_check
    from serving.usecases.assessors import load_champions

    settings = wiring.settings()
    with (
        wiring.ledger_parts(ledger, as_of, processes, dask) as (parts, workers),
        closing(wiring.store()) as store,
        console.progress("Scoring") as progress,
    ):
        check = night_check(parts.version, settings.suites, only_until=as_of is not None)
        assessor = load_champions(settings.policy_path, store)
        messages = (lambda _run: ()) if no_notify else notify.outgoing(store)
        waits = console.night_waits
        night = run_night(
            parts, assessor, store, check, progress, waits=waits, workers=workers, messages=messages
        )
        size_bytes = store.size_bytes()
    console.night(night)
    console.store_size(size_bytes)
    notify.send_what_is_due()


@app.command()
def score(
    customer: Annotated[str, typer.Argument(help="The customer's id.")],
    amount: Annotated[float | None, typer.Option(help="The invoice asked about, EUR incl. VAT.")] = None,
    terms: Annotated[int | None, typer.Option(help="Days from the invoice to its due date.")] = None,
    forecast: Annotated[float | None, typer.Option(help="Sales expected over a year, EUR.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="The whole answer as JSON.")] = False,
    lang: LangOption = "fr",
) -> None:
    """Assess a customer now, with what last night published."""
    import asyncio

    from pipelines.cli.console import overrides as console_overrides
    from pipelines.cli.questions import assessment_question, require_customer

    question = assessment_question(customer, amount, terms, forecast)
    with closing(wiring.store()) as store:
        require_customer(store, customer)
        with wiring.assessing(store) as assess:
            answer = asyncio.run(assess(question, wiring.caller()))
    if as_json:
        typer.echo(json.dumps(answer.document(), ensure_ascii=False, indent=1))
    else:
        console.assessment(answer.assessment, lang)
        console_overrides.by_hand(answer.in_force, lang)


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: PortOption = 8000,
    workers: Annotated[
        int | None, typer.Option(min=1, help="Server processes; ENCOURS_WORKERS without it.")
    ] = None,
) -> None:
    """Answer over HTTP."""
    wiring.serve(host, port, workers)


@app.command()
def backtest(
    target: Annotated[str, typer.Option(help="late or default")],
    cut: Annotated[dt.datetime, typer.Option(formats=["%Y-%m-%d"], help="The last day known in training.")],
    until: Annotated[dt.datetime, typer.Option(formats=["%Y-%m-%d"], help="The last day asked on.")],
    out: Annotated[Path, typer.Option(help="Parquet file of the answers.")],
    ledger: LedgerOption = None,
    late_days: Annotated[int, typer.Option(min=0, max=365, help="Late means more days late than this.")] = 30,
) -> None:
    """Train on what was known at the cut and predict what came, each question as of its own day."""
    from models.ledger.entity_files import read_joined_ledger
    from pipelines.training.backtest import backtest_default, backtest_late

    found, params = read_joined_ledger(ledger or wiring.settings().ledger), wiring.params()
    if target == "late":
        result = backtest_late(found, cut.date(), until.date(), late_days, params.late)
    elif target == "default":
        result = backtest_default(found, cut.date(), until.date(), params.default)
    else:
        wiring.refuse(f"--target is {target!r}; late, default are known")
    out.parent.mkdir(parents=True, exist_ok=True)
    result.answers.to_parquet(out, index=False)
    console.say(f"{len(result.answers):,} answers in {out}")
    console.metrics({target: result.metrics})


@app.command()
def demo(
    no_serve: Annotated[bool, typer.Option("--no-serve", help="Stop before serving.")] = False,
    port: PortOption = 8000,
    from_fec: Annotated[
        bool, typer.Option("--from-fec", help="Begin with generated FEC files and register extracts.")
    ] = False,
) -> None:
    """Run the whole way on a made-up portfolio, then serve it."""
    from pipelines.demo.demo import run_demo

    console.demo(run_demo(wiring.settings(), wiring.params(), console.step, from_fec=from_fec), port)
    if not no_serve:
        serve(port=port)
