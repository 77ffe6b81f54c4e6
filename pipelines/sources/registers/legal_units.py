"""Import of Sirene: stocks of legal units, and saved answers of Sirene or of the company search."""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.errors import RegisterError
from pipelines.sources.registers.entering import SIRENE, with_companies
from pipelines.sources.registers.files import RowFault, json_document, keep_refused, starts_as_json
from pipelines.sources.registers.portfolio import read_portfolio, save
from pipelines.sources.registers.stock import Stock, read_stock
from pipelines.sources.registers.summary import RegisterSummary
from serving.registers import company_search, sirene
from serving.registers.documents import part, rows

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from serving.registers.companies import Company


def import_legal_units(
    files: Sequence[Path],
    folder: Path,
    read_on: dt.date,
    progress: Callable[[int, int], None] | None = None,
) -> RegisterSummary:
    """Update a ledger's customers from files of legal units.

    Parameters
    ----------
    files
        Stocks (CSV, gzipped, zipped, Parquet) and saved answers (JSON); for a company in several, the entry
        processed last counts.
    read_on
        The day from which entries without a processing date are known.
    progress
        Called with the progress through a stock.

    Raises
    ------
    LedgerError
        A file or the ledger cannot be used; then nothing was changed.
    """
    portfolio = read_portfolio(folder)
    wanted = set(portfolio.sirens)
    found: dict[str, Company] = {}
    faults: dict[Path, list[RowFault]] = {}
    read = kept = 0
    for path in files:
        if starts_as_json(path):
            stock = _answers(path, wanted, read_on)
        else:
            stock = read_stock(path, wanted, read_on, progress)
        faults[path] = stock.faults
        read += stock.rows + sum(fault.column == "(whole line)" for fault in stock.faults)
        kept += len(stock.companies)
        for siren, company in stock.companies.items():
            if siren not in found or company.known_on >= found[siren].known_on:
                found[siren] = company
    save(with_companies(portfolio.ledger, found), folder)
    refused = keep_refused(folder, faults)
    return RegisterSummary(
        source=SIRENE,
        read=read,
        kept=kept,
        elsewhere=read - kept - refused.rows,
        refused=refused.rows,
        quarantine_files=refused.files,
        found=len(found),
        not_found=tuple(sorted(wanted - set(found))),
        ceased=tuple(sorted(siren for siren, one in found.items() if one.active is False)),
    )


def _answers(path: Path, wanted: set[str], read_on: dt.date) -> Stock:
    """Read a saved answer of Sirene or of the company search."""
    document = json_document(path)
    unit = part(document, "uniteLegale")
    units = rows(unit if unit is not None else part(document, "unitesLegales"))
    companies: dict[str, Company] = {}
    faults: list[RowFault] = []
    try:
        found = [sirene.unit_row(one) for one in units] or company_search.listed(document)
    except RegisterError as error:
        return Stock({}, 0, [RowFault(1, "(whole line)", "", str(error))])
    for place, row in enumerate(found, 1):
        try:
            one = sirene.company_of(row, read_on) if units else company_search.company_of(row, read_on)
        except RegisterError as error:
            faults.append(RowFault(place, "siren", str(row.get("siren")), str(error)))
            continue
        if one.siren in wanted:
            companies[one.siren] = one
    return Stock(companies, len(found), faults)
