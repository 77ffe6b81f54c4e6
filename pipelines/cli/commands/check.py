"""The command `encours check`: wiring only."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipelines.cli import wiring
from pipelines.cli.console import check as console_check
from pipelines.cli.wiring import DayOption, LangOption, LedgerOption

app = typer.Typer()


@app.command()
def check(
    ledger: LedgerOption = None,
    as_of: DayOption = None,
    suites: Annotated[
        Path | None, typer.Option(help="Folder of rules of one's own: <table>.toml each (ENCOURS_SUITES).")
    ] = None,
    docs: Annotated[
        Path | None, typer.Option(help="Folder to write Data Docs into: open index.html.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Write the results as JSON.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the results as JSON.")] = False,
    every: Annotated[bool, typer.Option("--all", help="Show the rules that hold too.")] = False,
    accept: Annotated[
        bool, typer.Option("--accept", help="Take volumes and dates as they are: later runs compare to them.")
    ] = False,
    lang: LangOption = "fr",
) -> None:
    """Check a ledger, also against the last run; exit code 2 where it is too broken to score."""
    from models.ledger.files import read_ledger
    from models.ledger.versions import reading
    from pipelines.validation.ledger_checks import check_folder
    from pipelines.validation.quarantine import quarantined

    settings = wiring.settings()
    with reading(ledger or settings.ledger) as version:
        aside = quarantined(version)
        report = check_folder(
            read_ledger(version),
            version,
            wiring.date(as_of),
            suites or settings.suites,
            accept=accept,
            docs=docs,
        )
    if out is not None:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(report.to_json() + "\n", encoding="utf-8")
    if as_json:
        typer.echo(report.to_json())
    else:
        console_check.checked(report, lang, every=every)
        console_check.aside(aside, lang)
    raise typer.Exit(0 if report.ok else 2)
