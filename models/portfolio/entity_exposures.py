"""Exposure by legal entity: the customer numbers of one entity are one risk.

Owns the sums by entity. `models.ledger.entities` groups the numbers; their grade and probability of default
are already the entity's, those of the worst number.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


@dataclass(frozen=True, slots=True)
class NumberExposure:
    """Exposure of one customer number.

    Parameters
    ----------
    open_eur
        Its exposure; a credit balance, below 0, counts as 0: it offsets no other number's debt.
    pd_12m
        Probability of default within 12 months of its legal entity, in [0, 1].
    on_account_eur
        Its payments and credit notes on account, less than 0.
    """

    customer_id: str
    name: str | None
    siren: str | None
    grade: str
    open_eur: float
    overdue_eur: float
    pd_12m: float | None
    expected_loss_eur: float
    on_account_eur: float = 0.0


@dataclass(frozen=True, slots=True)
class EntityExposure:
    """Exposure of one legal entity, under the name of its number with the largest exposure.

    Parameters
    ----------
    customer_ids
        Its numbers, the one with the largest exposure first.
    """

    customer_ids: tuple[str, ...]
    name: str | None
    siren: str | None
    grade: str
    open_eur: float
    overdue_eur: float
    pd_12m: float | None
    expected_loss_eur: float
    on_account_eur: float = 0.0

    def document(self) -> dict[str, Any]:
        """Return the figures as plain JSON values."""
        return {**asdict(self), "customer_ids": list(self.customer_ids)}


def by_entity(numbers: Iterable[NumberExposure], entity_of: Mapping[str, str]) -> dict[str, EntityExposure]:
    """Sum customer numbers by legal entity.

    Parameters
    ----------
    entity_of
        The key of the legal entity by customer number, for numbers that share one; any other number is an
        entity of its own.

    Returns
    -------
        The entities by their number with the largest exposure, in no particular order.

    Examples
    --------
    >>> def owing(who, eur):
    ...     return NumberExposure(who, f"Firm {who}", None, "B", eur, 0.0, 0.01, eur * 0.006)
    >>> found = by_entity([owing("A", 30.0), owing("B", 50.0), owing("C", 10.0)], {"A": "E", "B": "E"})
    >>> [(who, entity.open_eur, entity.customer_ids) for who, entity in found.items()]
    [('B', 80.0, ('B', 'A')), ('C', 10.0, ('C',))]
    """
    members = defaultdict[tuple[bool, str], list[NumberExposure]](list)
    for one in numbers:
        key = entity_of.get(one.customer_id)
        members[key is not None, one.customer_id if key is None else key].append(one)
    made = (_entity(found) for found in members.values())
    return {entity.customer_ids[0]: entity for entity in made}


def _entity(numbers: list[NumberExposure]) -> EntityExposure:
    ranked = sorted(numbers, key=lambda one: (-one.open_eur, one.customer_id))
    first = ranked[0]
    return EntityExposure(
        customer_ids=tuple(one.customer_id for one in ranked),
        name=first.name,
        siren=next((one.siren for one in ranked if one.siren is not None), None),
        grade=max(one.grade for one in ranked),
        open_eur=sum(max(round(one.open_eur * 100), 0) for one in ranked) / 100,
        overdue_eur=sum(round(one.overdue_eur * 100) for one in ranked) / 100,
        pd_12m=_worst([one.pd_12m for one in ranked]),
        expected_loss_eur=sum(one.expected_loss_eur for one in ranked),
        on_account_eur=sum(round(one.on_account_eur * 100) for one in ranked) / 100,
    )


def _worst(found: list[float | None]) -> float | None:
    """Return the highest probability, None where one is None, as for a default that has happened."""
    known = [one for one in found if one is not None]
    return max(known) if len(known) == len(found) else None
