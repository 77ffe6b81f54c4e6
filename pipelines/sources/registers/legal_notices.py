"""Import of BODACC notices: dumps and saved answers, v1 or v2.1, as JSON, JSON lines or CSV."""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.errors import RegisterError
from pipelines.sources.registers.entering import BODACC, notice_rows, with_deposits, with_filings
from pipelines.sources.registers.files import RowFault, csv_rows, json_documents, keep_refused, starts_as_json
from pipelines.sources.registers.notice_file import keep_notices, read_notices
from pipelines.sources.registers.portfolio import read_portfolio, save
from pipelines.sources.registers.summary import RegisterTally, entered, in_words
from serving.registers.bodacc import named_in, notices_in
from serving.registers.documents import fields_of, text
from serving.registers.judgments import NONE, UNKNOWN
from serving.registers.notices import SAYS, Notice, spans, standing, unresolved

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence
    from pathlib import Path

    from models.ledger.ledger import Ledger
    from pipelines.sources.registers.summary import RegisterSummary

_NEEDED = ("id", "dateparution", "familleavis", "registre")


def import_notices(files: Sequence[Path], folder: Path) -> RegisterSummary:
    """Enter the legal notices of files into a ledger.

    Raises
    ------
    LedgerError
        A file or the ledger cannot be used; then nothing was changed.
    """
    portfolio = read_portfolio(folder)
    faults: dict[Path, list[RowFault]] = {}
    kept: list[Notice] = []
    tally = RegisterTally()
    for path in files:
        mine = faults.setdefault(path, [])
        for place, record in _records(path, mine):
            tally.read += 1
            _sort(place, record, portfolio.sirens, kept, tally, mine)
        tally.read += sum(fault.column == "(whole line)" for fault in mine)
    every = sorted({*read_notices(folder), *kept})
    ledger = with_notices(portfolio.ledger, every, portfolio.sirens)
    save(ledger, folder)
    keep_notices(folder, kept)
    refused = keep_refused(folder, faults)
    about = [one.siren for one in every if one.siren]
    return entered(BODACC, tally, refused, about, (portfolio.ledger, ledger), not_understood(kept))


def with_notices(ledger: Ledger, notices: Iterable[Notice], sirens: Collection[str]) -> Ledger:
    """Enter notices: filings with their validity periods, and the publication dates of accounts."""
    every = list(notices)
    rows = notice_rows(spans(every), sirens)
    made = with_filings(ledger, f"{BODACC} ", sirens, rows, since_first=False)
    return with_deposits(made, standing(every), sirens)


def not_understood(notices: Iterable[Notice]) -> dict[str, int]:
    """Count cases for review: judgments of an unknown nature, corrections without a target."""
    every = set(notices)
    return in_words({*(one for one in every if one.kind == UNKNOWN), *unresolved(every)})


def _sort(
    place: int,
    record: object,
    sirens: Collection[str],
    kept: list[Notice],
    tally: RegisterTally,
    faults: list[RowFault],
) -> None:
    """Classify one record: stored, about other companies, without effect, or refused."""
    try:
        notices = notices_in(record)
        named = named_in(record)
    except RegisterError as error:
        faults.append(RowFault(place, "(record)", text(fields_of(record), "id"), str(error)))
        return
    mine = [one for one in notices if one.siren in sirens or (one.role != SAYS and not one.siren)]
    if mine and any(one.kind != NONE or one.role != SAYS for one in mine):
        kept.extend(mine)
        tally.kept += 1
    elif named.isdisjoint(sirens):
        tally.elsewhere += 1
    else:
        tally.without_effect += 1


def _records(path: Path, faults: list[RowFault]) -> Iterator[tuple[int, object]]:
    if starts_as_json(path):
        yield from json_documents(path)
        return
    for row in csv_rows(path, _NEEDED, faults):
        yield row.line, {name: cell for name, cell in row.cells.items() if cell}
