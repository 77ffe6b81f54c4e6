"""The command `encours start`, from a company's own files to the pages: wiring only."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipelines.cli import wiring
from pipelines.cli.commands import imports
from pipelines.cli.console import console
from pipelines.cli.wiring import DayOption, LangOption, LedgerOption, PortOption

if TYPE_CHECKING:
    from collections.abc import Sequence

app = typer.Typer()


@app.command()
def start(
    files: Annotated[
        list[Path] | None,
        typer.Argument(help="FEC files, or lists that --mapping reads; none: the ledger as it is."),
    ] = None,
    mapping: Annotated[
        Path | None, typer.Option(help="TOML that says which column of the lists is what.")
    ] = None,
    terms: Annotated[int | None, typer.Option(min=0, help="FEC: default terms, in days (30).")] = None,
    as_of: DayOption = None,
    ledger: LedgerOption = None,
    no_serve: Annotated[bool, typer.Option("--no-serve", help="Stop before serving.")] = False,
    port: PortOption = 8000,
    lang: LangOption = "fr",
) -> None:
    """Import your own files, fit what they support, score every customer, then serve the pages."""
    from models.ledger.versions import reading
    from pipelines.cli.console import start as console_start
    from pipelines.onboarding import start as begin

    settings = wiring.settings()
    folder = ledger or settings.ledger
    _import(files or [], mapping, terms, folder, lang)
    with reading(folder) as version:
        found = begin(
            version,
            wiring.date(as_of),
            settings,
            wiring.params(),
            console.step,
            wiring.user(),
            lang,
            waits=lambda who: console.night_waits(who, lang),
        )
    console_start.started(found, port, lang)
    if not no_serve:
        wiring.serve("127.0.0.1", port)


def _import(files: Sequence[Path], mapping: Path | None, terms: int | None, folder: Path, lang: str) -> None:
    """Import files: through a mapping, or as FEC files, which are recognised by their content."""
    from models.ledger.versions import reading
    from pipelines.sources.mapping.source import MappingSource

    if mapping is not None and not files:
        wiring.refuse("--mapping reads files: name them, or leave it out to start from the ledger as it is")
    if mapping is not None and terms is not None:
        wiring.refuse("--terms goes with FEC files; a mapping says its terms itself")
    source = imports.fec_source(terms) if mapping is None else MappingSource(mapping)
    with reading(folder) as version:
        for path in files:
            if (why := source.why_not(path, version)) is not None:
                wiring.refuse(
                    f"{why}. For a list, say which column is what with --mapping; data/mappings has examples"
                )
    if files:
        imports.import_from(source, files, folder, lang)
