"""Fictitious companies outside the portfolio; notation of company numbers in registers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from stdnum import luhn

if TYPE_CHECKING:
    import pandas as pd

RANGE = 99_900_000
"""Start of the unassigned range of numbers."""


def stranger(nth: int) -> str:
    """Return the SIREN of a fictitious company.

    Examples
    --------
    >>> stranger(7)
    '999000078'
    """
    digits = str(RANGE + nth)
    return f"{digits}{luhn.calc_check_digit(digits)}"


def rows_of(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a table that name a company, cells by column."""
    return cast("list[dict[str, Any]]", table.dropna(subset=["siren"]).to_dict("records"))


def spaced(siren: str) -> str:
    """Return a SIREN as written by a court.

    Examples
    --------
    >>> spaced("999000003")
    '999 000 003'
    """
    return f"{siren[:3]} {siren[3:6]} {siren[6:]}"
