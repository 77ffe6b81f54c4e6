"""Exposure of the customer's legal entity, group, sector and portfolio.

Owns the sums, their format in a run's context and the selection for one customer. The nightly run computes
them; `models.policy.limit.entity` and `limit_caps` cap limits by them. A context lists only legal entities
with several customer numbers.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from models.assessment.party import Party

CONTEXT_KEY = "surroundings"


@dataclass(frozen=True, slots=True)
class RelatedExposure:
    """Exposure related to a customer, in euros; 0 where it has no group or no sector.

    Parameters
    ----------
    group_open_eur
        Exposure of the other members of its group.
    sector_open_eur, portfolio_open_eur
        Exposure of its sector and of the portfolio, this customer included.
    entity_open_eur
        Exposure of the other customer numbers of its legal entity.
    entity_in_default, entity_oldest_overdue_days, entity_pd_12m
        The worst of those numbers: whether one is in default, the age past due of their oldest open invoice,
        their highest probability of default.
    """

    group_open_eur: float = 0.0
    sector_open_eur: float = 0.0
    portfolio_open_eur: float = 0.0
    entity_open_eur: float = 0.0
    entity_in_default: bool = False
    entity_oldest_overdue_days: float = 0.0
    entity_pd_12m: float = 0.0


@dataclass(frozen=True, slots=True)
class EntityNumber:
    """One customer number of a legal entity that has several, as of a nightly run.

    Parameters
    ----------
    open_eur
        Its exposure; negative where more was paid than owed.
    oldest_overdue_days
        Age past due of its oldest open invoice; 0 if none.
    """

    customer_id: str
    name: str | None
    open_eur: float
    oldest_overdue_days: float
    in_default: bool
    pd_12m: float

    def document(self) -> dict[str, Any]:
        """Return the number as plain JSON values."""
        return asdict(self)


NO_RELATED_EXPOSURE = RelatedExposure()
"""Related exposure of a party whose group, sector and portfolio sums are not known."""


def sums_of(owed: Iterable[tuple[Party, float]]) -> dict[str, Any]:
    """Sum customers' exposure by group, by sector and in total, as JSON values.

    Parameters
    ----------
    owed
        Customers with their exposure, in euros. A credit balance offsets no other customer's debt: values
        below 0 count as 0.

    Examples
    --------
    >>> from models.assessment.assessment import Party
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


def added_sums(parts: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Add the sums of `sums_of` for disjoint sets of customers.

    Examples
    --------
    >>> one = {"portfolio_eur": 0.1, "sectors": {"43": 0.1}, "groups": {}}
    >>> added_sums([one, {"portfolio_eur": 0.2, "sectors": {"43": 0.2}, "groups": {}}])
    {'portfolio_eur': 0.3, 'sectors': {'43': 0.3}, 'groups': {}}
    """
    total, named = 0, {"sectors": defaultdict[str, int](int), "groups": defaultdict[str, int](int)}
    for part in parts:
        total += round(part["portfolio_eur"] * 100)
        for name, cents in named.items():
            for key, eur in part[name].items():
                cents[key] += round(eur * 100)
    by_name = {
        name: {key: value / 100 for key, value in sorted(cents.items())} for name, cents in named.items()
    }
    return {"portfolio_eur": total / 100, **by_name}


def related_exposure_of(
    party: Party,
    context: Mapping[str, Any] | None,
    own_open_eur: float,
    others: Sequence[EntityNumber] | None = None,
) -> RelatedExposure:
    """Return the related exposure of a customer or a prospect from a run's published sums.

    Parameters
    ----------
    context
        A run's context; missing sums count as 0.
    own_open_eur
        The customer's own exposure in the same run, 0 for a prospect.
    others
        The other customer numbers of its legal entity, where already known; else the context's.
    """
    sums = (context or {}).get(CONTEXT_KEY, {})
    of_group = sums.get("groups", {}).get(party.group_id, 0.0)
    others = other_numbers(party, context) if others is None else others
    return RelatedExposure(
        group_open_eur=max(round(of_group - max(own_open_eur, 0.0), 2), 0.0),
        sector_open_eur=sums.get("sectors", {}).get(division_of(party.naf), 0.0),
        portfolio_open_eur=sums.get("portfolio_eur", 0.0),
        entity_open_eur=sum(max(round(one.open_eur * 100), 0) for one in others) / 100,
        entity_in_default=any(one.in_default for one in others),
        entity_oldest_overdue_days=max((one.oldest_overdue_days for one in others), default=0.0),
        entity_pd_12m=max((one.pd_12m for one in others), default=0.0),
    )


def shared_entities(numbers: Iterable[tuple[str, EntityNumber]]) -> dict[str, Any]:
    """Return legal entities with several customer numbers as JSON values, to merge with those of `sums_of`.

    Parameters
    ----------
    numbers
        Entity keys, of `models.ledger.entities`, each with one of its numbers. Entities with one number are
        left out; the result is empty where none has more.
    """
    members = defaultdict[str, list[EntityNumber]](list)
    for key, number in numbers:
        members[key].append(number)
    shared = {key: found for key, found in sorted(members.items()) if len(found) > 1}
    if not shared:
        return {}
    return {
        "entities": {key: [one.document() for one in found] for key, found in shared.items()},
        "entity_of": {one.customer_id: key for key, found in shared.items() for one in found},
    }


def other_numbers(party: Party, context: Mapping[str, Any] | None) -> tuple[EntityNumber, ...]:
    """Return the other customer numbers of a customer's legal entity from a run's published sums.

    A prospect has no number yet: all numbers of its SIREN are returned.
    """
    sums = (context or {}).get(CONTEXT_KEY, {})
    key = party.siren if party.customer_id is None else sums.get("entity_of", {}).get(party.customer_id)
    known = [field.name for field in fields(EntityNumber)]
    return tuple(
        EntityNumber(**{name: number[name] for name in known})
        for number in sums.get("entities", {}).get(key, ())
        if number["customer_id"] != party.customer_id
    )


def division_of(naf: str | None) -> str | None:
    """Return the sector of an activity code: its NAF division, or None if the code has none.

    Examples
    --------
    >>> division_of("43.21A")
    '43'
    """
    division = (naf or "")[:2]
    return division if division.isdecimal() and len(division) == 2 else None
