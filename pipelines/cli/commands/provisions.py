"""The command `encours provisions`: wiring only; `pipelines.cli.app` registers it."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from models.errors import CreditError
from pipelines.cli import wiring
from pipelines.cli.wiring import DayOption, LangOption, LedgerOption

if TYPE_CHECKING:
    from models.wording.formats import Language

app = typer.Typer()


@app.command()
def provisions(
    as_of: DayOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Everything as JSON, invoice by invoice.")] = False,
    keep: Annotated[bool, typer.Option("--keep", help="Keep the closing for pages and movements.")] = False,
    entries: Annotated[
        Path | None, typer.Option("--entries", help="File for the entries, as FEC lines.")
    ] = None,
    sheet: Annotated[Path | None, typer.Option("--sheet", help="Workbook for the auditor (.xlsx).")] = None,
    ledger: LedgerOption = None,
    lang: LangOption = "fr",
) -> None:
    """Provide for losses on receivables at a closing: IFRS 9's matrix, probabilities, French accounts."""
    from models.ledger.files import last_day
    from models.ledger.versions import reading
    from models.policy.document import load_policy
    from pipelines.cli.console import provisions as console_provisions
    from pipelines.closings import read_claims
    from serving.usecases.provision_files import fec_text, workbook
    from serving.usecases.provisions import Provisions

    language: Language = "en" if lang == "en" else "fr"
    settings = wiring.settings()
    policy, folder = load_policy(settings.policy_path), ledger or settings.ledger
    with reading(folder) as version:
        last, day = last_day(version), wiring.date(as_of)
    if day is not None and day > last:
        raise CreditError(f"--as-of is {day}; the ledger ends on {last}")
    with wiring.ledger_parts(folder, as_of) as (parts, workers):
        book = read_claims(parts, workers, policy.provisions)
    with closing(wiring.store()) as store:
        use = Provisions(lambda: store)
        view = use.compute(book, parts.as_of, policy)
        if keep:
            use.keep(view.closing, wiring.caller())
    if entries is not None:
        _write(entries, fec_text(view.entries(), parts.as_of).encode())
    if sheet is not None:
        _write(sheet, workbook(view, language))
    if as_json:
        typer.echo(
            json.dumps({**view.document(), "lines": view.lines_document()}, ensure_ascii=False, indent=1)
        )
        return
    console_provisions.closed(view, language)
    written = [path for path in (entries, sheet) if path is not None]
    console_provisions.done(written, language, kept=keep)


def _write(path: Path, data: bytes) -> None:
    try:
        path.write_bytes(data)
    except OSError as error:
        raise CreditError(f"{path} cannot be written: {error.strerror}") from error
