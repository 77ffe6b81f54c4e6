"""The limit shared by the customer numbers of one legal entity.

Owns the term by which the numbers of one entity share what is held by the entity: capacity, loss budget,
value, cover and the share of the seller's turnover. Need and starter cap are each number's own; what stops
the entity is `models.policy.limit.stops`'.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.policy.limit.caps import customer_cap
from models.policy.limit.terms import LimitTerm, insurance
from models.wording.numerals import SPACE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from models.policy.credit_case import CreditCase
    from models.policy.document import Policy


def legal_entity(case: CreditCase, borne: Sequence[LimitTerm], policy: Policy) -> LimitTerm:
    """Return the entity's limit less its other numbers' exposure; None where they owe nothing.

    `max(min(secured, customer cap) - owed by the others, 0)`, where `secured` is the least of `borne`, plus
    what is insured.

    Parameters
    ----------
    borne
        What is borne at our own risk, without the starter cap: capacity or no accounts, expected loss, value.
    """
    if case.entity_open_eur == 0.0:
        return _term(None, {"entity_open_eur": 0.0})
    unsecured_eur = min(term.value_eur for term in borne if term.value_eur is not None)
    secured_eur, cap_eur = (
        insurance(case, unsecured_eur).value_eur,
        customer_cap(policy.concentration).value_eur,
    )
    most_eur = unsecured_eur if secured_eur is None else secured_eur
    most_eur = most_eur if cap_eur is None else min(most_eur, cap_eur)
    return _term(
        max(most_eur - case.entity_open_eur, 0.0),
        {"entity_limit_eur": float(most_eur), "entity_open_eur": float(case.entity_open_eur)},
    )


def _term(value_eur: float | None, inputs: dict[str, float]) -> LimitTerm:
    return LimitTerm(
        "legal_entity",
        value_eur,
        inputs,
        f"Entité juridique{SPACE}: son plafond (capacité, perte attendue, rentabilité, assurance, "
        "concentration), moins l'encours de ses autres numéros de client",
        "Legal entity: its limit (capacity, expected loss, value, cover, concentration), less what its other "
        "customer numbers owe",
    )
