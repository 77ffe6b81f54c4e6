"""Caps of a limit: concentration by customer, group and sector, and the limit without approval.

Owns each cap by itself, its value apart from its description; how they combine with the other terms is
`models.policy.limit.limit`'s.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.policy.limit.terms import LimitTerm
from models.wording.numerals import SPACE

if TYPE_CHECKING:
    from models.policy.credit_case import CreditCase
    from models.policy.document import Policy
    from models.policy.limit.terms import Amount
    from models.policy.sections.limit import ConcentrationRules

UNCAPPED_SHARE = 1.0
WITHOUT_APPROVAL = "without_approval"
"""The name of the term of `without_approval`."""


def caps(case: CreditCase, policy: Policy) -> tuple[LimitTerm, ...]:
    """Return every cap, including those not applied."""
    rules = policy.concentration
    concentration = customer_cap(rules), group_cap(case, rules), sector_cap(case, rules)
    stands_eur = policy.unapproved_limit_eur
    return concentration if stands_eur is None else (*concentration, without_approval(case, stands_eur))


def cap_amounts(case: CreditCase, policy: Policy) -> tuple[Amount, ...]:
    """Return the names and values of `caps`."""
    rules, stands_eur = policy.concentration, policy.unapproved_limit_eur
    concentration = (
        ("concentration", customer_cap_eur(rules)),
        ("group_concentration", group_cap_eur(case, rules)),
        ("sector_concentration", sector_cap_eur(case, rules)),
    )
    if stands_eur is None:
        return concentration
    return (*concentration, (WITHOUT_APPROVAL, without_approval_eur(case, stands_eur)))


def customer_cap_eur(rules: ConcentrationRules) -> float | None:
    """Return the customer's concentration cap; None where the seller's turnover is unknown."""
    turnover = rules.seller_yearly_turnover_eur
    return turnover * rules.max_customer_share if turnover else None


def customer_cap(rules: ConcentrationRules) -> LimitTerm:
    """Describe the customer's concentration cap."""
    turnover, share = rules.seller_yearly_turnover_eur, rules.max_customer_share
    return LimitTerm(
        "concentration",
        customer_cap_eur(rules),
        {"seller_yearly_turnover_eur": turnover, "max_share": share},
        f"Concentration{SPACE}: part maximale de notre chiffre d'affaires sur un client",
        "Concentration: the largest share of our turnover on one customer",
    )


def group_cap_eur(case: CreditCase, rules: ConcentrationRules) -> float | None:
    """Return the remainder of the group's cap; None where the seller's turnover is unknown."""
    turnover = rules.seller_yearly_turnover_eur
    return max(turnover * rules.max_group_share - case.group_open_eur, 0.0) if turnover else None


def group_cap(case: CreditCase, rules: ConcentrationRules) -> LimitTerm:
    """Describe the remainder of the group's cap."""
    turnover, share = rules.seller_yearly_turnover_eur, rules.max_group_share
    return LimitTerm(
        "group_concentration",
        group_cap_eur(case, rules),
        {
            "seller_yearly_turnover_eur": turnover,
            "max_share": share,
            "group_open_eur": float(case.group_open_eur),
        },
        f"Concentration{SPACE}: part maximale sur un groupe, moins l'encours de ses autres membres",
        "Concentration: the largest share on one group, less the exposure of its other members",
    )


def sector_cap_eur(case: CreditCase, rules: ConcentrationRules) -> float | None:
    """Return the remainder of the sector's cap, at least what the customer already owes.

    A sector that is full takes on no more, but asks nobody in it to pay before delivery. None where the
    sector is unknown, the policy caps none, or the portfolio is below the policy's floor.
    """
    if (
        case.naf is None
        or rules.max_sector_share >= UNCAPPED_SHARE
        or case.portfolio_open_eur < max(rules.sector_floor_eur, 0.01)
    ):
        return None
    left = rules.max_sector_share * case.portfolio_open_eur - _others_of_sector_eur(case)
    return max(left, case.open_eur, 0.0)


def _others_of_sector_eur(case: CreditCase) -> float:
    return max(case.sector_open_eur - max(case.open_eur, 0.0), 0.0)


def sector_cap(case: CreditCase, rules: ConcentrationRules) -> LimitTerm:
    """Describe the remainder of the sector's cap."""
    return LimitTerm(
        "sector_concentration",
        sector_cap_eur(case, rules),
        {
            "portfolio_open_eur": float(case.portfolio_open_eur),
            "sector_floor_eur": rules.sector_floor_eur,
            "max_share": rules.max_sector_share,
            "sector_others_open_eur": float(_others_of_sector_eur(case)),
            "open_eur": float(max(case.open_eur, 0.0)),
        },
        f"Concentration{SPACE}: part maximale d'un secteur dans l'encours total, "
        "moins l'encours de ses autres clients",
        "Concentration: a sector's largest share of the total exposure, less that of its other customers",
    )


def without_approval_eur(case: CreditCase, stands_eur: float) -> float:
    """Return the largest limit in force without approval, counted by legal entity.

    Parameters
    ----------
    stands_eur
        The policy's amount for one legal entity.
    """
    return max(stands_eur - case.entity_open_eur, 0.0)


def without_approval(case: CreditCase, stands_eur: float) -> LimitTerm:
    """Describe the largest limit in force without approval."""
    return LimitTerm(
        WITHOUT_APPROVAL,
        without_approval_eur(case, stands_eur),
        {"unapproved_limit_eur": stands_eur, "entity_open_eur": float(case.entity_open_eur)},
        "Plafond admis sans validation, moins l'encours des autres numéros de client de l'entité juridique",
        "Limit that stands without approval, less what the legal entity's other customer numbers owe",
    )
