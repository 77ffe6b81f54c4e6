"""What stands around a customer: what its group, its sector and the whole portfolio owe.

Owns the sums, their shape in a run's context and what is taken of them for one customer. The night adds them
up; `models.policy.limit_terms` caps by them.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from models.assessment import Party

CONTEXT_KEY = "surroundings"


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What is owed around a customer, in euros; 0 where it has no group or no sector.

    Parameters
    ----------
    group_open_eur
        Owed by the other members of its group.
    sector_open_eur, portfolio_open_eur
        Owed by the customers of its sector, and by all, this one included.
    """

    group_open_eur: float = 0.0
    sector_open_eur: float = 0.0
    portfolio_open_eur: float = 0.0


NOTHING_AROUND = Surroundings()
"""Stands around somebody whose group, sector and portfolio nobody has added up."""


def sums_of(owed: Iterable[tuple[Party, float]]) -> dict[str, Any]:
    """Add up what customers owe by group, by sector and in all, as JSON values.

    Parameters
    ----------
    owed
        Customers with what they owe, in euros. Money of one on account pays no debt of another: less than 0
        counts as 0.

    Examples
    --------
    >>> from models.assessment import Party
    >>> sums_of([(Party("C1", naf="43.21A"), 100.0), (Party("C2", naf="43.11Z", group_id="G"), 50.0)])
    {'portfolio_eur': 150.0, 'sectors': {'43': 150.0}, 'groups': {'G': 50.0}}
    """
    total, sectors, groups = 0, defaultdict[str, int](int), defaultdict[str, int](int)
    for party, open_eur in owed:
        cents = max(round(open_eur * 100), 0)
        total += cents
        division = division_of(party.naf)
        if division is not None:
            sectors[division] += cents
        if party.group_id is not None:
            groups[party.group_id] += cents
    return {
        "portfolio_eur": total / 100,
        "sectors": {name: cents / 100 for name, cents in sorted(sectors.items())},
        "groups": {name: cents / 100 for name, cents in sorted(groups.items())},
    }


def surroundings_of(party: Party, context: Mapping[str, Any] | None, own_open_eur: float) -> Surroundings:
    """Return what stands around one customer or prospect by a run's published sums.

    Parameters
    ----------
    context
        A run's context; sums that it does not hold count as 0.
    own_open_eur
        What the customer itself owes by the same run, 0 for a prospect.
    """
    sums = (context or {}).get(CONTEXT_KEY, {})
    of_group = sums.get("groups", {}).get(party.group_id, 0.0)
    return Surroundings(
        group_open_eur=max(round(of_group - max(own_open_eur, 0.0), 2), 0.0),
        sector_open_eur=sums.get("sectors", {}).get(division_of(party.naf), 0.0),
        portfolio_open_eur=sums.get("portfolio_eur", 0.0),
    )


def division_of(naf: str | None) -> str | None:
    """Return the sector of an activity code, its NAF division; None where there is none.

    Examples
    --------
    >>> division_of("43.21A")
    '43'
    """
    division = (naf or "")[:2]
    return division if division.isdecimal() and len(division) == 2 else None
