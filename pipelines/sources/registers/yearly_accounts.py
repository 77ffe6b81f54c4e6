"""Import of yearly accounts: INPI/BCE ratios, Banque de France balance sheets, and a plain CSV of figures.

The format is detected from the file. A plain CSV goes through a mapping like any export: its columns have the
ledger's names, its amounts the currency that it states, EUR by default.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from models.errors import LedgerError, RegisterError
from models.ledger.conversion import currencies_of
from pipelines.sources.registers.entering import with_accounts, with_deposits
from pipelines.sources.registers.files import (
    RowFault,
    csv_rows,
    json_document,
    json_documents,
    keep_refused,
    starts_as_json,
)
from pipelines.sources.registers.notice_file import read_notices
from pipelines.sources.registers.plain import header_of, import_plain
from pipelines.sources.registers.portfolio import read_portfolio, save
from pipelines.sources.registers.summary import RegisterSummary, RegisterTally
from serving.registers import balance_sheets, ratios
from serving.registers.documents import part, rows
from serving.registers.identifiers import siren_in
from serving.registers.notices import standing

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection, Iterator, Sequence
    from pathlib import Path

    from serving.registers.yearly_accounts import YearAccounts

NAME = "accounts"
_RATIOS = ("siren", "date_cloture_exercice")


def import_accounts(files: Sequence[Path], folder: Path, read_on: dt.date) -> RegisterSummary:
    """Enter the accounts of files into a ledger.

    Parameters
    ----------
    read_on
        The day from which accounts without a publication date are known, unless a notice of their deposit has
        one.

    Raises
    ------
    LedgerError
        A file or the ledger cannot be used. Plain CSVs before it are imported, nothing else was changed.
    """
    plain = [path for path in files if not starts_as_json(path) and "closed_on" in header_of(path)]
    summaries = [import_plain(NAME, path, folder) for path in plain]
    portfolio = read_portfolio(folder)
    years: list[YearAccounts] = []
    faults: dict[Path, list[RowFault]] = {}
    tally = RegisterTally()
    unknown: dict[str, int] = {}
    for path in files:
        if path not in plain:
            mine = faults.setdefault(path, [])
            found = (
                _sheets(path, read_on, mine) if _is_balance(path) else _ratios(path, read_on, mine, unknown)
            )
            for year, effect in found:
                years += _sort(year, portfolio.sirens, tally, effect=effect)
            tally.read += len({fault.line for fault in mine})
    ledger = with_accounts(portfolio.ledger, years)
    save(with_deposits(ledger, standing(read_notices(folder)), portfolio.sirens), folder)
    refused = keep_refused(folder, faults)
    return RegisterSummary(
        source=NAME,
        read=tally.read + sum(one.rows_read for one in summaries),
        kept=tally.kept + sum(one.rows_taken for one in summaries),
        elsewhere=tally.elsewhere,
        without_effect=tally.without_effect,
        refused=refused.rows + sum(one.rows_refused for one in summaries),
        quarantine_files=(*refused.files, *(file for one in summaries for file in one.quarantine_files)),
        found=len({year.siren for year in years}),
        unknown=unknown,
        currencies=currencies_of(ledger),
    )


def _sort(
    year: YearAccounts, sirens: Collection[str], tally: RegisterTally, *, effect: bool
) -> list[YearAccounts]:
    tally.read += 1
    if year.siren not in sirens:
        tally.elsewhere += 1
        return []
    tally.kept += effect
    tally.without_effect += not effect
    return [year] if effect else []


def _is_balance(path: Path) -> bool:
    return starts_as_json(path) and isinstance(part(json_document(path), "data"), list)


def _sheets(path: Path, read_on: dt.date, faults: list[RowFault]) -> Iterator[tuple[YearAccounts, bool]]:
    """Read balance sheets; the file's name gives the company."""
    named = [siren for siren in map(siren_in, re.findall(r"(?<!\d)\d{9}(?!\d)", path.name)) if siren]
    if len(named) != 1:
        raise LedgerError(
            f"{path} holds balance sheets, which do not say whose they are; name the file after the "
            "company's SIREN, as bilans_732829320.json"
        )
    for place, sheet in enumerate(rows(part(json_document(path), "data")), 1):
        try:
            yield balance_sheets.sheet_of(part(sheet, "data"), named[0], read_on), True
        except RegisterError as error:
            faults.append(RowFault(place, "date_arrete_exercice", "", str(error)))


def _ratios(
    path: Path, read_on: dt.date, faults: list[RowFault], unknown: dict[str, int]
) -> Iterator[tuple[YearAccounts, bool]]:
    """Read ratios; a group's accounts are not the company's own, and have no effect."""
    records: Iterator[tuple[int, object]]
    if starts_as_json(path):
        records = json_documents(path)
    else:
        records = ((row.line, row.cells) for row in csv_rows(path, _RATIOS, faults))
    for place, record in records:
        try:
            row = ratios.row_of(record, read_on)
        except RegisterError as error:
            faults.append(RowFault(place, "date_cloture_exercice", "", str(error)))
            continue
        for name in row.unknown:
            unknown[name] = unknown.get(name, 0) + 1
        yield row.accounts, not row.group
