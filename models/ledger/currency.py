"""Daily exchange rates as published by the European Central Bank, and conversion of amounts.

Owns the file format (a column `Date` and one per currency: its units per euro) and the choice of a day's
rate. A missing rate is an error, never estimated. `models.ledger.conversion` converts a whole ledger.
"""

from __future__ import annotations

import csv
import datetime as dt
import re
from bisect import bisect_right
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation
from typing import TYPE_CHECKING

from models.errors import RateError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

EUR = "EUR"
MOST_DAYS_BACK = 7
"""Largest age of a rate: none are published at weekends and on holidays; the gap at Easter is five days."""

_CODE = re.compile(r"^[A-Z]{3}$")
_ABSENT = frozenset({"", "N/A", "-"})


@dataclass(frozen=True, slots=True)
class Rate:
    """Units of a currency per euro, and the day they were published for."""

    per_eur: Decimal
    day: dt.date


@dataclass(frozen=True, slots=True)
class ExchangeRateTable:
    """Rates by currency: days, ascending, and their rates.

    Parameters
    ----------
    days, rates
        By currency, of equal length; days without a quote are absent.
    source
        The file they were read from.
    """

    days: Mapping[str, tuple[dt.date, ...]]
    rates: Mapping[str, tuple[Decimal, ...]]
    source: str

    def of(self, currency: str, day: dt.date) -> Rate:
        """Return the rate of a day, or of the last quoted day before, at most seven days back.

        Raises
        ------
        RateError
            There is none; the message names currency and day.
        """
        if currency == EUR:
            return Rate(Decimal(1), day)
        days = self.days.get(currency, ())
        place = bisect_right(days, day) - 1
        if place >= 0 and (day - days[place]).days <= MOST_DAYS_BACK:
            return Rate(self.rates[currency][place], days[place])
        held = f"from {days[0]} to {days[-1]}" if days else "none"
        raise RateError(
            f"no rate of {currency} for {day}, nor for the {MOST_DAYS_BACK} days before; {self.source} holds "
            f"{held} of {currency}: give a newer file of the ECB's reference rates, or one with {currency}"
        )


def cents_at(cents: int, rate: Rate) -> int:
    """Convert whole cents at a rate, rounded half to even.

    Examples
    --------
    >>> cents_at(108_00, Rate(Decimal("1.08"), dt.date(2026, 3, 2)))
    10000
    """
    return int((Decimal(cents) / rate.per_eur).to_integral_value(ROUND_HALF_EVEN))


def read_rates(path: Path) -> ExchangeRateTable:
    """Read a CSV of the ECB's reference rates, days in any order; cells `N/A` are days without a quote.

    Raises
    ------
    RateError
        The file cannot be read, has another format, or contains invalid days or rates: all faults by line.
    """
    faults: list[str] = []
    found: dict[str, dict[dt.date, Decimal]] = {}
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            lines = csv.reader(file)
            header = [name.strip() for name in next(lines, [])]
            _check_header(header, path)
            for number, cells in enumerate(lines, 2):
                for currency, day, rate in _read(header, cells, number, faults):
                    if found.setdefault(currency, {}).setdefault(day, rate) != rate:
                        faults.append(f"line {number}: {day} appears twice with different rates")
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise RateError(f"rates {path} cannot be read: {error}; give the ECB's CSV in UTF-8") from error
    if faults:
        more = f" and {len(faults) - 10} more" if len(faults) > 10 else ""
        raise RateError(f"{path}: {len(faults)} to correct: " + "; ".join(faults[:10]) + more)
    ordered = {currency: sorted(rates.items()) for currency, rates in found.items()}
    return ExchangeRateTable(
        {currency: tuple(day for day, _ in pairs) for currency, pairs in ordered.items()},
        {currency: tuple(rate for _, rate in pairs) for currency, pairs in ordered.items()},
        str(path),
    )


def _check_header(header: list[str], path: Path) -> None:
    named = [name for name in header[1:] if name]
    if not header or header[0] != "Date" or not named or not all(map(_CODE.match, named)):
        raise RateError(
            f"{path} begins with {','.join(header)[:60]!r}; a table of rates begins with Date and currencies "
            "of three capitals, as Date,USD,JPY"
        )


def _read(
    header: list[str], cells: list[str], number: int, faults: list[str]
) -> Iterator[tuple[str, dt.date, Decimal]]:
    """Yield the rates of one line, and append its faults."""
    if not any(cell.strip() for cell in cells):
        return
    try:
        day = dt.date.fromisoformat(cells[0].strip())
    except ValueError:
        faults.append(f"line {number}: {cells[0]!r} is no day as 2026-03-02")
        return
    for currency, cell in zip(header[1:], cells[1:], strict=False):
        text = cell.strip()
        if not currency or text in _ABSENT:
            continue
        try:
            rate = Decimal(text)
        except InvalidOperation:
            rate = Decimal("NaN")
        if rate.is_finite() and rate > 0:
            yield currency, day, rate
        else:
            faults.append(f"line {number}: {currency} is {text!r}; a rate is a number above 0")
