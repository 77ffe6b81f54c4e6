"""A closing as files: its entries as FEC lines, and a workbook for the auditor whose formulas add up.

Owns both formats; the page, the command and the API give the same bytes.
"""

from __future__ import annotations

import io
import re
from collections import defaultdict
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from models.portfolio.aging import BANDS
from models.portfolio.provision_entries import ACCOUNTS
from models.portfolio.provision_movement import STANDARDS, Movement
from models.portfolio.provision_words import WORDS, source_words

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping, Sequence

    from openpyxl import Workbook

    from models.portfolio.provision_entries import JournalLine
    from models.wording.formats import Language
    from serving.usecases.provisions import ClosingView

FEC_COLUMNS = (
    *("JournalCode", "JournalLib", "EcritureNum", "EcritureDate", "CompteNum", "CompteLib"),
    *("CompAuxNum", "CompAuxLib", "PieceRef", "PieceDate", "EcritureLib", "Debit", "Credit"),
    *("EcritureLet", "DateLet", "ValidDate", "Montantdevise", "Idevise"),
)
"""Art. A47 A-1, VII LPF."""
_BREAKS = re.compile(r"[\t\r\n|]+")
_FORMULA = re.compile(r"^[=+\-@]")
_EUROS, _SHARE = "#,##0.00", "0.00%"
_LINES = (
    *("customer_id", "name", "invoice_id", "issued_on", "due_on", "band", "status", "open_eur"),
    *("insured_eur", "excl_vat_eur", "rate", "matrix_eur", "pd", "probability_eur", "french_rate"),
    "french_eur",
)
_MOVED = tuple(field.name.replace("_cents", "_eur") for field in fields(Movement))


def fec_text(lines: Iterable[JournalLine], as_of: dt.date) -> str:
    """Return entries as a FEC: 18 columns separated by tabs, a decimal comma, days as YYYYMMDD."""
    day = f"{as_of:%Y%m%d}"
    rows = [
        (
            *("OD", "Opérations diverses", f"PROV{day}-{line.entry:05d}", day),
            *(line.account, ACCOUNTS[line.account], line.customer_id or "", line.name or ""),
            *(line.invoice_id, day, line.label, _comma(line.debit_cents), _comma(line.credit_cents)),
            *("", "", day, "", ""),
        )
        for line in lines
    ]
    return "".join("\t".join(_BREAKS.sub(" ", cell) for cell in row) + "\r\n" for row in (FEC_COLUMNS, *rows))


def _comma(cents: int) -> str:
    return f"{cents // 100},{cents % 100:02d}"


def workbook(view: ClosingView, language: Language) -> bytes:
    """Return the workbook: summary, matrix, invoices, movement and sources, its totals as formulas."""
    from openpyxl import Workbook  # noqa: PLC0415  # only Excel pays for it

    book = Workbook()
    book.remove(book.active)
    w = WORDS[language]
    _summary(book, view, w)
    _matrix(book, view, w)
    _lines(book, view, w)
    _movement(book, view, w)
    _sources(book, view, language)
    found = io.BytesIO()
    book.save(found)
    return found.getvalue()


def _summary(book: Workbook, view: ClosingView, w: Mapping[str, str]) -> None:
    rows = _sheet(book, w["summary"], (w["as_of"], view.closing.as_of))
    totals = view.closing.document()["totals"]
    last, name = len(view.closing.lines) + 1, w["lines"]
    columns = {"matrix_eur": "L", "probability_eur": "N", "french_eur": "P"}
    for key in ("open_eur", "insured_eur", "doubtful_eur", "lost_eur", "lost_not_booked_eur"):
        rows.append((w[key], totals[key]))
    for key, column in columns.items():
        known = totals[key] is not None and last > 1
        rows.append((w[key], f"=SUM('{name}'!{column}2:{column}{last})" if known else totals[key]))
    rows.append((w["probability_unknown"], totals["probability_unknown"]))
    rows.append((w["unused_credit_eur"], view.closing.unused_credit_cents / 100))
    rows.append((w["discount"], None))
    _styled(rows, {2: _EUROS}, widths=(44, 18))


def _matrix(book: Workbook, view: ClosingView, w: Mapping[str, str]) -> None:
    names = ("segment", "band", "invoices", "open_eur", "insured_eur", "rate", "matrix_eur")
    found = view.closing.document()["matrix"]
    rows = _sheet(book, w["matrix"], tuple(w[name] for name in names))
    for row in found:
        rows.append([_cell(w.get(row[name], row[name]) if name == "band" else row[name]) for name in names])
    _total(rows, w["total"], len(found), {4: "D", 5: "E", 7: "G"})
    _styled(rows, {4: _EUROS, 5: _EUROS, 6: _SHARE, 7: _EUROS})


def _lines(book: Workbook, view: ClosingView, w: Mapping[str, str]) -> None:
    rows = _sheet(book, w["lines"], tuple(w[name] for name in _LINES))
    for line in view.closing.lines:
        values = {
            **line.document(),
            "probability_eur": None if line.probability_cents is None else line.probability_cents / 100,
        }
        values |= {"issued_on": line.issued_on, "due_on": line.due_on}
        values |= {name: w[values[name]] for name in ("band", "status")}
        rows.append([_cell(values[name]) for name in _LINES])
    _total(rows, w["total"], len(view.closing.lines), {12: "L", 14: "N", 16: "P"})
    euros = dict.fromkeys((8, 9, 10, 12, 14, 16), _EUROS)
    _styled(rows, {**euros, **dict.fromkeys((11, 13, 15), _SHARE)})


def _movement(book: Workbook, view: ClosingView, w: Mapping[str, str]) -> None:
    for standard in STANDARDS:
        heads = (w["customer_id"], w["name"], w["invoice_id"], *(w[name] for name in _MOVED))
        rows = _sheet(book, f"{w['movement']} {w[standard]}", heads)
        found = view.movement(standard)
        for place, one in enumerate(found, start=2):
            moved = one.moved.document()
            # The closing is a formula: opening + additions - reversals.
            moved["closing_eur"] = f"=D{place}+E{place}-F{place}-G{place}"
            who = _cell(one.line.customer_id), _cell(one.line.name), _cell(one.line.invoice_id)
            rows.append([*who, *(moved[name] for name in _MOVED)])
        _total(rows, w["total"], len(found), {at: "ABCDEFGHI"[at - 1] for at in range(4, 10)})
        _styled(rows, dict.fromkeys(range(4, 10), _EUROS))


def _sources(book: Workbook, view: ClosingView, language: Language) -> None:
    w, closing = WORDS[language], view.closing
    rows = _sheet(book, w["sources"], (w["policy"], f"{closing.policy_version} ({closing.policy_hash})"))
    night, since = closing.night, view.before
    rows.append((w["night"], night.as_of) if night else (w["no_night"], None))
    rows.append((w["since"], since.as_of) if since else (w["since_nothing"], None))
    rows.append((w["own_from"], closing.own_rates_from))
    rows.append((w["lgd_share"], closing.lgd_share))
    rows.append((w["vat_share"], closing.vat_share))
    if view.record is not None:
        rows.append((w["kept_by"], _cell(view.record.who), view.record.at.date()))
    rows.append(())
    heads = ("band", "entered_eur", "passed_eur", "flow_rate", "historical_rate", "rate")
    rows.append((w["segment"], w["sources"], *(w[name] for name in heads), w["invoices"]))
    for one in closing.rates:
        shares = zip(BANDS, one.flows, one.historical, one.adjusted, strict=True)
        for band, flow, historical, rate in shares:
            sums = flow.entered_cents / 100, flow.passed_cents / 100, flow.rate
            words = _cell(one.segment), source_words(one.source, language), w[band]
            rows.append((*words, *sums, historical, rate, flow.invoices))
    _styled(rows, {})


def _sheet(book: Workbook, title: str, first: Sequence[Any]) -> Any:  # noqa: ANN401  # a worksheet
    found = book.create_sheet(title[:31])
    found.append(first)
    return found


def _total(rows: Any, word: str, count: int, columns: Mapping[int, str]) -> None:  # noqa: ANN401  # a worksheet
    cells: dict[int, Any] = defaultdict(lambda: None, {1: word})
    cells |= {at: f"=SUM({letter}2:{letter}{count + 1})" if count else 0 for at, letter in columns.items()}
    rows.append([cells.get(at) for at in range(1, max(cells) + 1)])


def _styled(rows: Any, formats: Mapping[int, str], widths: Sequence[int] = ()) -> None:  # noqa: ANN401  # a worksheet
    from openpyxl.styles import Font  # noqa: PLC0415  # only Excel pays for it
    from openpyxl.utils import get_column_letter  # noqa: PLC0415  # as above

    for cell in rows[1]:
        cell.font = Font(bold=True)
    for column, form in formats.items():
        for (cell,) in rows.iter_rows(min_row=2, min_col=column, max_col=column):
            cell.number_format = form
    for column in range(1, rows.max_column + 1):
        wide = widths[column - 1] if column <= len(widths) else 18
        rows.column_dimensions[get_column_letter(column)].width = wide


def _cell(value: Any) -> Any:  # noqa: ANN401  # any value of a cell
    """Return a cell's value; a text that a spreadsheet would run as a formula gets an apostrophe."""
    return f"'{value}" if isinstance(value, str) and _FORMULA.match(value) else value
