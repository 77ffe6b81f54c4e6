"""The limit shared by the customer numbers of one legal entity.

Owns the term by which the numbers of one entity share what is held by the entity: capacity, loss budget,
value, cover and the share of the seller's turnover. Need and starter cap are each number's own; what stops
the entity is `models.policy.limit.stops`'.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.policy.limit.caps import customer_cap_eur
from models.policy.limit.terms import LimitTerm, insurance_eur
from models.wording.numerals import SPACE

if TYPE_CHECKING:
    from models.policy.credit_case import CreditCase
    from models.policy.document import Policy


def legal_entity_eur(case: CreditCase, borne_eur: float, policy: Policy) -> float | None:
    """Return the entity's limit less its other numbers' exposure; None where they owe nothing.

    `max(min(secured, customer cap) - owed by the others, 0)`, where `secured` is what is borne, plus what is
    insured.

    Parameters
    ----------
    borne_eur
        What is borne at our own risk, without the starter cap: the least of capacity or no accounts, expected
        loss, value.
    """
    if case.entity_open_eur == 0.0:
        return None
    return max(_entity_limit_eur(case, borne_eur, policy) - case.entity_open_eur, 0.0)


def legal_entity(case: CreditCase, borne_eur: float, policy: Policy) -> LimitTerm:
    """Describe the entity's limit less its other numbers' exposure."""
    value_eur = legal_entity_eur(case, borne_eur, policy)
    if value_eur is None:
        return _term(None, {"entity_open_eur": 0.0})
    limit_eur = _entity_limit_eur(case, borne_eur, policy)
    return _term(
        value_eur, {"entity_limit_eur": float(limit_eur), "entity_open_eur": float(case.entity_open_eur)}
    )


def _entity_limit_eur(case: CreditCase, borne_eur: float, policy: Policy) -> float:
    secured_eur, cap_eur = insurance_eur(case, borne_eur), customer_cap_eur(policy.concentration)
    most_eur = borne_eur if secured_eur is None else secured_eur
    return most_eur if cap_eur is None else min(most_eur, cap_eur)


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
