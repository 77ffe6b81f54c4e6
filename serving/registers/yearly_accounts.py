"""A year's accounts from the registers: the ledger's figures, in euros, with confidentiality marked.

Owns the common result of `ratios` and `balance_sheets`, and the effect of deposit notices on it.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from serving.registers.notices import DEPOSITS

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping

    from serving.registers.notices import Notice


HIDDEN = "hidden_accounts"


@dataclass(frozen=True, slots=True)
class YearAccounts:
    """One company's accounts of one financial year.

    Parameters
    ----------
    siren, closed_on
        Whose they are, and the last day of the year.
    known_on
        From when they are known: their publication, else the day they were read.
    confidential
        Filed but confidential: there are no figures.
    months
        Length of the year; None if the register does not state it.
    figures
        The ledger's figures that are given, in euros.
    source
        Where they were read.
    """

    siren: str
    closed_on: dt.date
    known_on: dt.date
    confidential: bool
    months: float | None
    source: str
    figures: Mapping[str, float] = field(default_factory=dict)


def published(years: Iterable[YearAccounts], notices: Iterable[Notice]) -> list[YearAccounts]:
    """Return accounts known from the publication of their deposit, if a notice reports it.

    A confidential deposit for a year without any figures becomes a year without figures.

    Parameters
    ----------
    notices
        Valid notices; those that are no deposits are ignored.

    Returns
    -------
        One for each company and year, sorted by them.
    """
    made = {(year.siren, year.closed_on): year for year in years}
    deposits = sorted(one for one in notices if one.kind in DEPOSITS and one.published_on >= one.happened_on)
    for one in sorted(deposits, key=lambda one: one.published_on):
        key = (one.siren, one.happened_on)
        if key in made:
            made[key] = replace(made[key], known_on=min(made[key].known_on, one.published_on))
        elif one.kind == HIDDEN:
            made[key] = YearAccounts(*key, one.published_on, True, None, f"BODACC {one.notice_id}")  # noqa: FBT003
    return [made[key] for key in sorted(made)]
