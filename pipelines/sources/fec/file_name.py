"""Parts of a file name in the legal format (art. A47 A-1 LPF): SIREN, FEC, closing date."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from stdnum.fr import siren as siren_rules

_NORM = re.compile(r"^(?P<siren>\d{9})(?:\d{5})?[ _-]?FEC[ _-]?(?P<day>\d{8})(?!\d)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class FileName:
    """The seller's SIREN and the last day of the year, each None where the name lacks it."""

    siren: str | None
    closes_on: dt.date | None


def read_name(name: str) -> FileName:
    """Parse the name of a file.

    A SIREN with a wrong check digit or an impossible date counts as absent.

    Examples
    --------
    >>> read_name("732829320FEC20251231.txt")
    FileName(siren='732829320', closes_on=datetime.date(2025, 12, 31))
    >>> read_name("export compta.txt")
    FileName(siren=None, closes_on=None)
    """
    found = _NORM.match(name)
    if found is None:
        return FileName(None, None)
    siren = found["siren"] if siren_rules.is_valid(found["siren"]) else None
    try:
        closes_on = dt.datetime.strptime(found["day"], "%Y%m%d").date()  # noqa: DTZ007  # a day, no clock
    except ValueError:
        closes_on = None
    return FileName(siren, closes_on)


def said_by(name: str) -> tuple[str, str] | None:
    """Return the nine and eight digits of a name in the legal format, valid or not; else None."""
    found = _NORM.match(name)
    return None if found is None else (found["siren"], found["day"])
