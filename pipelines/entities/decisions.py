"""Join and split decisions on customer numbers, validated against the ledger and stored.

Owns the validation. `models.ledger.entity_files` owns the file; the nightly run reads it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.errors import EntityError
from models.ledger.decision_file import append_decision, read_decisions
from models.ledger.entities import EntityDecision, entity_codes, joined
from models.ledger.files import read_ledger, regroup

if TYPE_CHECKING:
    import datetime as dt
    from pathlib import Path

    from models.ledger.ledger import Ledger


def join(folder: Path, one: str, other: str, by: str, reason: str, now: dt.datetime) -> EntityDecision:
    """Record that two customer numbers are one legal entity.

    Raises
    ------
    EntityError
        A number is unknown, both are one entity already or have two SIRENs, or author or reason is empty.
    """
    decision = EntityDecision(now, "join", one, other, *_named(by, reason))
    ledger, decisions = _known(folder, one, other)
    if _are_one(joined(ledger, decisions).ledger, one, other):
        raise EntityError(f"{one} and {other} are one legal entity already; nothing was written")
    after = joined(ledger, (*decisions, decision))
    if decision in after.contradicted:
        before = joined(ledger, decisions).ledger.customers.set_index("customer_id")["siren"]
        raise EntityError(
            f"{one} has SIREN {before[one]} and {other} has {before[other]}: two SIRENs are two legal "
            "entities; correct the SIREN in the customers' export, or split what was joined wrongly"
        )
    append_decision(folder, decision)
    regroup(folder, one, other)
    return decision


def split(folder: Path, one: str, other: str, by: str, reason: str, now: dt.datetime) -> EntityDecision:
    """Record that two customer numbers are not one legal entity: undoes a join, and ends suggestions.

    Raises
    ------
    EntityError
        A number is unknown, both have the same SIREN, or are joined through others; or author or reason is
        empty.
    """
    decision = EntityDecision(now, "split", one, other, *_named(by, reason))
    ledger, decisions = _known(folder, one, other)
    if _are_one(ledger, one, other):
        siren = ledger.customers.set_index("customer_id")["siren"][one]
        raise EntityError(
            f"{one} and {other} have the same SIREN, {siren}: one legal entity; correct the SIREN in the "
            "customers' export if it is wrong"
        )
    after = joined(ledger, (*decisions, decision)).ledger
    if _are_one(after, one, other):
        raise EntityError(
            f"{one} and {other} stay one legal entity through other numbers; split those that join them "
            "first (`encours entities list` shows who joined what)"
        )
    append_decision(folder, decision)
    return decision


def _named(by: str, reason: str) -> tuple[str, str]:
    who, why = " ".join(by.split()), " ".join(reason.split())
    for what, text in (("--by", who), ("--reason", why)):
        if not text:
            raise EntityError(f"{what} is empty; say who decides and why, for who reads it later")
    return who, why


def _known(folder: Path, one: str, other: str) -> tuple[Ledger, tuple[EntityDecision, ...]]:
    ledger = read_ledger(folder)
    ids = set(ledger.customers["customer_id"])
    unknown = [who for who in (one, other) if who not in ids]
    if unknown:
        raise EntityError(f"the ledger holds no customer {' and no '.join(unknown)}; give two of its numbers")
    if one == other:
        raise EntityError(f"{one} is given twice; give two customer numbers")
    return ledger, read_decisions(folder)


def _are_one(ledger: Ledger, one: str, other: str) -> bool:
    codes = dict(zip(ledger.customers["customer_id"], entity_codes(ledger.customers), strict=True))
    return bool(codes[one] == codes[other])
