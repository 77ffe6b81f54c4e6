"""What stands around a customer: what its legal entity, its group, its sector and the whole portfolio owe.

Owns the sums, their shape in a run's context and what is taken of them for one customer. The night adds them
up; `models.policy.limit.entity` and `limit_caps` cap by them. A legal entity stands in a context only where
several customer numbers share it.
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
    """What is owed around a customer, in euros; 0 where it has no group or no sector.

    Parameters
    ----------
    group_open_eur
        Owed by the other members of its group.
    sector_open_eur, portfolio_open_eur
        Owed by the customers of its sector, and by all, this one included.
    entity_open_eur
        Owed by the other customer numbers of its legal entity.
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
    """One customer number of a legal entity that has several, as a night found it.

    Parameters
    ----------
    open_eur
        What it owes; negative where more was paid than owed.
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


def related_exposure_of(
    party: Party,
    context: Mapping[str, Any] | None,
    own_open_eur: float,
    others: Sequence[EntityNumber] | None = None,
) -> RelatedExposure:
    """Return what stands around one customer or prospect by a run's published sums.

    Parameters
    ----------
    context
        A run's context; sums that it does not hold count as 0.
    own_open_eur
        What the customer itself owes by the same run, 0 for a prospect.
    others
        The other customer numbers of its legal entity, where they were looked up; else the context's.
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
    """Return the legal entities of several customer numbers as JSON values, to stand beside `sums_of`'s.

    Parameters
    ----------
    numbers
        Keys of entities, of `models.ledger.entities`, with one of their numbers each. An entity of one number
        is left out; nothing is returned where no entity has more.
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
    """Return the other customer numbers of a customer's legal entity, by a run's published sums.

    A prospect has no number yet: where its SIREN is known under several, these are found.
    """
    sums = (context or {}).get(CONTEXT_KEY, {})
    key = party.siren if party.customer_id is None else sums.get("entity_of", {}).get(party.customer_id)
    known = [field.name for field in fields(EntityNumber)]
    return tuple(
        EntityNumber(**{name: told[name] for name in known})
        for told in sums.get("entities", {}).get(key, ())
        if told["customer_id"] != party.customer_id
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
