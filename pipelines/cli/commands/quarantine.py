"""The commands `encours quarantine …`: wiring only. Exit codes of `retry`: 0 all imported, 3 some remain."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipelines.cli import wiring
from pipelines.cli.console import quarantine as console_quarantine
from pipelines.cli.wiring import LangOption, LedgerOption

quarantine = typer.Typer(
    no_args_is_help=True, help="Rows that a ledger refused: look, correct in a spreadsheet, bring back in."
)
Source = Annotated[str, typer.Argument(help="The file's short hash, as `list` shows it.")]


@quarantine.command("list")
def list_(ledger: LedgerOption = None, lang: LangOption = "fr") -> None:
    """List the files that rows were refused of, with the reasons."""
    from models.ledger.versions import reading
    from pipelines.validation import source_readings
    from pipelines.validation.quarantine import quarantined

    with reading(_folder(ledger)) as version:
        found = quarantined(version)
        correctable = {
            source for source in found if source_readings.find(version, source_readings.STORED, source)
        }
    console_quarantine.listed(found, correctable, lang)


@quarantine.command()
def show(source: Source, ledger: LedgerOption = None, lang: LangOption = "fr") -> None:
    """Show what is wrong with the rows of a file, line by line."""
    from pipelines.validation.quarantine import quarantined

    found = quarantined(_folder(ledger))
    if source not in found:
        wiring.refuse(f"the quarantine holds no file {source!r}; it holds {', '.join(found) or 'nothing'}")
    console_quarantine.shown(found[source], lang)


@quarantine.command()
def export(
    source: Source,
    out: Annotated[Path, typer.Option(help="CSV to correct in a spreadsheet.")],
    ledger: LedgerOption = None,
    lang: LangOption = "fr",
) -> None:
    """Write the refused rows of a file as they came, to be corrected."""
    from models.ledger.versions import reading
    from pipelines.sources.corrections import export_rows

    with reading(_folder(ledger)) as version:
        count = export_rows(version, source, out)
    console_quarantine.exported(count, out, lang)


@quarantine.command()
def retry(
    corrected: Annotated[Path, typer.Argument(help="The CSV that `export` wrote, corrected.")],
    ledger: LedgerOption = None,
    lang: LangOption = "fr",
) -> None:
    """Bring corrected rows into the ledger; the same again changes nothing."""
    from pipelines.cli.console import fec as console_fec
    from pipelines.sources.corrections import retry as bring_in

    with wiring.changing(_folder(ledger), lang, makes=True) as draft:
        done, summary = bring_in(corrected, draft)
    console_quarantine.retried(done, lang)
    if summary is not None:
        console_fec.imported(summary, lang)
    raise typer.Exit(3 if len(done.still_bad) else 0)


def _folder(ledger: Path | None) -> Path:
    folder = ledger or wiring.settings().ledger
    if not folder.is_dir():
        wiring.refuse(f"there is no ledger in {folder}; say with --ledger where it is")
    return folder
