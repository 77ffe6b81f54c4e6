"""Legal entities: customer numbers with the same SIREN, or joined by a person.

Owns the key of an entity, and the effect of join and split decisions on a ledger. `pipelines.entities`
suggests candidates, `models.ledger.entity_files` stores decisions, and the policy limits an entity's
exposure.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping, Sequence

    from models.arrays import Ints
    from models.ledger.ledger import Ledger

DECISIONS = ("join", "split")


@dataclass(frozen=True, slots=True)
class EntityDecision:
    """A person's decision on two customer numbers: one legal entity (`join`) or not (`split`)."""

    decided_at: dt.datetime
    decision: Literal["join", "split"]
    customer_id: str
    other_id: str
    by: str
    reason: str

    @property
    def pair(self) -> tuple[str, str]:
        """Both numbers, the smaller first."""
        return min(self.customer_id, self.other_id), max(self.customer_id, self.other_id)


@dataclass(frozen=True, slots=True)
class Joined:
    """A ledger with decisions applied.

    Parameters
    ----------
    ledger
        A joined number without SIREN gets that of its entity or, if none has one, the entity's own id.
    contradicted
        Joins that would combine two SIRENs: the register data prevail, and the joins are ignored.
    """

    ledger: Ledger
    contradicted: tuple[EntityDecision, ...] = ()


def entity_keys(customers: pd.DataFrame) -> pd.Series:
    """Return the key of each customer's legal entity: its SIREN, else the entity joined to, else missing.

    Examples
    --------
    >>> rows = {"siren": ["732829320", None, None], "entity_id": [None, "C2", None]}
    >>> entity_keys(pd.DataFrame(rows, dtype="str")).tolist()
    ['732829320', 'joined:C2', nan]
    """
    return customers["siren"].where(customers["siren"].notna(), "joined:" + customers["entity_id"])


def entity_codes(customers: pd.DataFrame) -> Ints:
    """Number customers' legal entities; a customer without key is one of its own, shape `(n_customers,)`."""
    codes = pd.factorize(entity_keys(customers))[0].astype(np.int64)
    alone = codes < 0
    codes[alone] = codes.max(initial=-1) + 1 + np.arange(int(alone.sum()))
    return codes


def standing(decisions: Iterable[EntityDecision]) -> dict[tuple[str, str], EntityDecision]:
    """Return the last decision on each pair, in the order of these decisions."""
    last: dict[tuple[str, str], EntityDecision] = {}
    for decision in decisions:
        last.pop(decision.pair, None)
        last[decision.pair] = decision
    return last


def joined(ledger: Ledger, decisions: Sequence[EntityDecision]) -> Joined:
    """Apply decisions to a ledger; those on a number that it lacks have no effect yet.

    Joins are applied in order: one that would combine two SIRENs is left out.
    """
    customers = ledger.customers
    sirens = dict(zip(customers["customer_id"], customers["siren"], strict=True))
    sirens = {who: None if pd.isna(siren) else str(siren) for who, siren in sirens.items()}
    joins = [one for one in standing(decisions).values() if one.decision == "join"]
    asked = [one for one in joins if one.customer_id in sirens and one.other_id in sirens]
    if not asked:
        return Joined(ledger)
    entity_of, contradicted = _united(asked, sirens)
    found = {who: _siren_in(members, sirens) for who, members in entity_of.items()}
    ids = customers["customer_id"]
    nameless = ids.map(lambda who: min(entity_of[who]) if who in entity_of and not found[who] else None)
    made = customers.assign(
        siren=customers["siren"].where(customers["siren"].notna(), ids.map(found)).astype("str"),
        entity_id=nameless.astype("str").where(nameless.notna(), customers["entity_id"]),
    )
    return Joined(replace(ledger, customers=made), tuple(contradicted))


def _united(
    joins: Sequence[EntityDecision], sirens: Mapping[str, str | None]
) -> tuple[dict[str, frozenset[str]], list[EntityDecision]]:
    """Return the members of the entity of every joined number, and the contradicted joins."""
    entity_of: dict[str, frozenset[str]] = {}
    contradicted = []
    for one in joins:
        sides = [entity_of.get(who, frozenset({who})) for who in one.pair]
        together = sides[0] | sides[1]
        if len({sirens[who] for who in together} - {None}) > 1:
            contradicted.append(one)
            continue
        entity_of |= dict.fromkeys(together, together)
    return entity_of, contradicted


def _siren_in(members: Iterable[str], sirens: Mapping[str, str | None]) -> str | None:
    return next((siren for who in sorted(members) if (siren := sirens[who]) is not None), None)
