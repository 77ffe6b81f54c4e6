"""The commands `encours registers …` on public registers, from files or over HTTP.

Wiring only; `pipelines.cli.app` registers them. Exit codes: 0 done, 2 refused with a one-line reason, 3 done
but with too many rows in quarantine, or a register was unavailable.
"""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipelines.cli import wiring
from pipelines.cli.console import console
from pipelines.cli.console import imports as console_imports
from pipelines.cli.console import registers as console_registers
from pipelines.cli.wiring import LangOption, LedgerOption

if TYPE_CHECKING:
    from pipelines.sources.registers.summary import RegisterSummary

app = typer.Typer(no_args_is_help=True)
Files = Annotated[list[Path], typer.Argument(help="Stocks, dumps or saved answers.")]
ReadOn = Annotated[
    dt.datetime | None,
    typer.Option(formats=["%Y-%m-%d"], help="The day from which is known what has no day of its own; today."),
]


@app.callback()
def registers(lang: LangOption = "fr") -> None:
    """What public registers, insurers and others say of customers."""


@app.command()
def sirene(files: Files, ledger: LedgerOption = None, read_on: ReadOn = None) -> None:
    """Fill in customers from stocks of legal units (CSV, gz, zip, Parquet) or saved answers."""
    from pipelines.sources.registers.legal_units import import_legal_units

    with wiring.changing(_folder(ledger)) as draft, console.progress("Reading legal units") as progress:
        summary = import_legal_units(files, draft, _day(read_on), progress)
    _end(summary)


@app.command()
def bodacc(files: Files, ledger: LedgerOption = None) -> None:
    """Enter legal notices: proceedings, closures, sales, deposits of accounts."""
    from pipelines.sources.registers.legal_notices import import_notices

    with wiring.changing(_folder(ledger)) as draft:
        summary = import_notices(files, draft)
    _end(summary)


@app.command()
def accounts(files: Files, ledger: LedgerOption = None, read_on: ReadOn = None) -> None:
    """Enter accounts: INPI/BCE ratios, Banque de France balance sheets, a plain CSV."""
    from pipelines.sources.registers.yearly_accounts import import_accounts

    with wiring.changing(_folder(ledger)) as draft:
        summary = import_accounts(files, draft, _day(read_on))
    _end(summary)


@app.command()
def urssaf(
    files: Files,
    ledger: LedgerOption = None,
    read_on: ReadOn = None,
    lag_days: Annotated[
        int | None, typer.Option(min=0, max=365, help="Take a step as known so many days after its effect.")
    ] = None,
) -> None:
    """Enter URSSAF's list of proceedings."""
    from pipelines.sources.registers.proceedings import import_proceedings

    with wiring.changing(_folder(ledger)) as draft:
        summary = import_proceedings(files, draft, _day(read_on), lag_days)
    _end(summary)


@app.command()
def insurance(files: Files, ledger: LedgerOption = None) -> None:
    """Enter an insurer's limits from a plain CSV."""
    from pipelines.sources.registers.plain import import_plain

    with wiring.changing(_folder(ledger)) as draft:
        summaries = [import_plain("insurance", path, draft) for path in files]
    for summary in summaries:
        console_imports.imported(summary, wiring.language(sys.argv))
    raise typer.Exit(max(summary.exit_code for summary in summaries))


@app.command()
def scores(files: Files, ledger: LedgerOption = None) -> None:
    """Enter scores of others, each on its own scale, from a plain CSV."""
    from pipelines.sources.registers.outside_scores import import_scores

    with wiring.changing(_folder(ledger)) as draft:
        summary = import_scores(files, draft)
    _end(summary)


@app.command()
def refresh(
    ledger: LedgerOption = None,
    offline: Annotated[bool, typer.Option("--offline", help="Never call out: kept answers only.")] = False,
) -> None:
    """Ask the registers about every customer's company over HTTP and enter what they answer."""
    from pipelines.sources.registers.refresh import refresh as ask_all
    from serving.registers.client import RegisterClient
    from serving.registers.settings import RegisterSettings

    settings = RegisterSettings()
    if offline:
        settings = settings.model_copy(update={"offline": True})
    shown = console_registers.refresh_progress(wiring.language(sys.argv))
    with RegisterClient(settings) as client, shown as progress:
        summary = ask_all(_folder(ledger), client, progress)
    _end(summary)


@app.command()
def convert(
    rates: Annotated[Path, typer.Argument(help="CSV of the ECB's reference rates: Date,USD,JPY,…")],
    out: Annotated[Path, typer.Option(help="Folder of the ledger in euros.")],
    ledger: LedgerOption = None,
) -> None:
    """Convert a ledger to euros; what its amounts were stands beside in originals.parquet."""
    from models.ledger.currency import read_rates
    from pipelines.sources.currency_conversion import ORIGINALS, convert_folder

    originals = convert_folder(_folder(ledger), read_rates(rates), out)
    console.say(f"{len(originals):,} amounts converted to EUR, in {out}; originals in {ORIGINALS}")


def _folder(given: Path | None) -> Path:
    return given or wiring.settings().ledger


def _day(given: dt.datetime | None) -> dt.date:
    return wiring.date(given) or dt.datetime.now(dt.UTC).date()


def _end(summary: RegisterSummary) -> None:
    console_registers.registers(summary, wiring.language(sys.argv))
    raise typer.Exit(summary.exit_code)
