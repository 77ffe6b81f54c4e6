"""Dated table of the rates for late interest: half-years, ECB rate, legal rate.

Owns the file format and its validation, and the half-year of a day. `models.law.penalties` and
`models.law.judgment_interest` compute with the rates.
"""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from models.errors import PolicyError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_HALF_YEAR = re.compile(r"\d{4}-S[12]")
_KEYS = ("ecb_refinancing", "legal_professional")
_ORIGIN_KEYS = ("effective", "percent", "publication", "source")
_MOST_PERCENT = 100


@dataclass(frozen=True, slots=True)
class RateOrigin:
    """Effective date, publication and source of a rate.

    Parameters
    ----------
    publication
        Empty where it was not consulted directly.
    """

    effective: dt.date
    publication: str
    source: str


@dataclass(frozen=True, slots=True)
class SemesterRates:
    """The rates of a half-year, as yearly shares: 0.0215 is 2.15 %.

    Parameters
    ----------
    ecb_origin, legal_origin
        Effective date and publication of each; None where the table gives a bare figure.
    """

    ecb_refinancing: Decimal
    legal_professional: Decimal
    ecb_origin: RateOrigin | None = None
    legal_origin: RateOrigin | None = None

    @property
    def ecb_publication(self) -> str:
        """Reference of the ECB rate's publication; empty where the table has none."""
        return "" if self.ecb_origin is None else self.ecb_origin.publication

    @property
    def legal_publication(self) -> str:
        """Reference of the legal rate's publication; empty where the table has none."""
        return "" if self.legal_origin is None else self.legal_origin.publication


@dataclass(frozen=True, slots=True)
class LegalRateTable:
    """Rates by half-year, such as `2026-S1`, with their source."""

    rates: Mapping[str, SemesterRates]
    source: str

    def of(self, semester: str) -> SemesterRates:
        """Return the rates of a half-year.

        Raises
        ------
        PolicyError
            The table does not include it.
        """
        if semester not in self.rates:
            known = f"{min(self.rates)} to {max(self.rates)}" if self.rates else "none"
            raise PolicyError(
                f"no interest rates for {semester}; {self.source} holds {known}: add [{semester}] with "
                "ecb_refinancing and legal_professional in percent, as published"
            )
        return self.rates[semester]

    def known_until(self, day: dt.date) -> dt.date:
        """Return `day`, or the end of the newest half-year where the table ends before.

        Raises
        ------
        PolicyError
            The table is empty.
        """
        newest = max(self.rates, default=semester_of(day))
        self.of(newest)
        ends = (6, 30) if newest.endswith("1") else (12, 31)
        return min(day, dt.date(int(newest[:4]), *ends))


def semester_of(day: dt.date) -> str:
    """Return the half-year of a day.

    Examples
    --------
    >>> semester_of(dt.date(2026, 7, 1))
    '2026-S2'
    """
    return f"{day.year}-S{1 if day.month <= 6 else 2}"


def semesters(first: dt.date, last: dt.date) -> Iterator[tuple[str, dt.date, dt.date]]:
    """Split the days from `first` to `last`, both included, at half-year boundaries."""
    day = first
    while day <= last:
        ends = dt.date(day.year, 6, 30) if day.month <= 6 else dt.date(day.year, 12, 31)
        yield semester_of(day), day, min(ends, last)
        day = ends + dt.timedelta(days=1)


def load_rates(path: Path | None = None) -> LegalRateTable:
    """Read and validate a table of rates.

    Parameters
    ----------
    path
        A TOML file of half-years; the table shipped with the program if None.

    Raises
    ------
    PolicyError
        The file cannot be read, or contains invalid values: all faults with their keys.

    Examples
    --------
    >>> load_rates().of("2023-S1").ecb_refinancing
    Decimal('0.025')
    """
    source = path or Path(__file__).with_name("legal_rates.toml")
    try:
        values = tomllib.loads(source.read_text(encoding="utf-8"), parse_float=Decimal)
    except (OSError, UnicodeDecodeError, ArithmeticError, tomllib.TOMLDecodeError) as error:
        raise PolicyError(f"rates {source} cannot be read: {error}; give a TOML file in UTF-8") from error
    faults: list[str] = []
    rates = {key: _rates(key, value, faults) for key, value in values.items()}
    if faults:
        raise PolicyError(f"{source}: {len(faults)} to correct: " + "; ".join(faults))
    return LegalRateTable(MappingProxyType(rates), str(source))


def _rates(key: str, value: object, faults: list[str]) -> SemesterRates:
    if not _HALF_YEAR.fullmatch(key) or not isinstance(value, dict):
        faults.append(f"{key}: no half-year; allowed are tables such as [2026-S1] or [2026-S2]")
        return SemesterRates(Decimal(0), Decimal(0))
    faults.extend(
        f"{key}.{name}: no such key; allowed are {', '.join(_KEYS)}" for name in set(value) - {*_KEYS}
    )
    ecb, legal = (_rate(f"{key}.{name}", value.get(name), _first_day(key), faults) for name in _KEYS)
    return SemesterRates(ecb[0], legal[0], ecb[1], legal[1])


def _first_day(semester: str) -> dt.date:
    return dt.date(int(semester[:4]), 1 if semester.endswith("1") else 7, 1)


def _rate(key: str, came: object, first_day: dt.date, faults: list[str]) -> tuple[Decimal, RateOrigin | None]:
    """Read a rate with its origin, or a bare figure without one."""
    if not isinstance(came, dict):
        return _share(key, came, faults), None
    faults.extend(
        f"{key}.{name}: no such key; allowed are {', '.join(_ORIGIN_KEYS)}"
        for name in sorted(set(came) - {*_ORIGIN_KEYS})
    )
    share, effective = _share(f"{key}.percent", came.get("percent"), faults), came.get("effective")
    texts = [came.get(name) for name in ("publication", "source")]
    # A TOML datetime is an instance of date too, but not a day.
    if type(effective) is not dt.date or effective > first_day:
        faults.append(f"{key}.effective: got {effective}; allowed is a day up to {first_day}")
    elif not all(isinstance(one, str) for one in texts) or not texts[1]:
        faults.append(f"{key}: publication and source must be texts, and source must not be empty")
    else:
        return share, RateOrigin(effective, str(texts[0]), str(texts[1]))
    return share, None


def _share(key: str, came: object, faults: list[str]) -> Decimal:
    allowed = f"allowed is a percentage from 0 to {_MOST_PERCENT}"
    if came is None:
        faults.append(f"{key}: missing; {allowed}")
    elif isinstance(came, bool) or not isinstance(came, int | Decimal):
        faults.append(f"{key}: got {came!r}; {allowed}")
    elif not (Decimal(came).is_finite() and 0 <= came <= _MOST_PERCENT):
        faults.append(f"{key}: got {came}; {allowed}")
    else:
        return Decimal(came) / 100
    return Decimal(0)
