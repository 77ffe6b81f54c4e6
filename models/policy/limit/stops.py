"""Stops of a limit: an open proceeding, a closure, a default, an invoice overdue too long.

A customer number is stopped by what another number of the same legal entity does, too: it is one debtor.

Owns each stop by itself, its value apart from its description: 0 where it holds, None where it does not. How
they combine with the other terms is `models.policy.limit.limit`'s.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.policy.limit.terms import LimitTerm
from models.wording.numerals import SPACE

if TYPE_CHECKING:
    from models.policy.credit_case import CreditCase
    from models.policy.document import Policy
    from models.policy.limit.terms import Amount
    from models.policy.sections.limit import StopRules

STOPS = (
    "open_proceeding",
    "closed",
    "in_default",
    "long_overdue",
    "entity_in_default",
    "entity_long_overdue",
)
"""The names of the terms below."""


def stops(case: CreditCase, policy: Policy) -> tuple[LimitTerm, ...]:
    """Return every stop of a case, including those that do not apply."""
    return (
        open_proceeding(case),
        closed(case),
        in_default(case),
        long_overdue(case, policy.stops),
        entity_in_default(case),
        entity_long_overdue(case, policy.stops),
    )


def stop_amounts(case: CreditCase, policy: Policy) -> tuple[Amount, ...]:
    """Return the first stop of a case with its value, or nothing: among stops the first binds."""
    rules = policy.stops
    holding = (
        case.open_proceeding,
        case.closed,
        case.in_default,
        _too_long(case.oldest_overdue_days, rules),
        case.entity_in_default,
        _too_long(case.entity_oldest_overdue_days, rules),
    )
    return ((STOPS[holding.index(True)], 0.0),) if True in holding else ()


def _too_long(overdue_days: float, rules: StopRules) -> bool:
    return overdue_days > rules.max_overdue_days


def open_proceeding(case: CreditCase) -> LimitTerm:
    """Return 0 under an open insolvency proceeding, else None."""
    return LimitTerm(
        "open_proceeding",
        0.0 if case.open_proceeding else None,
        {"open_proceeding": float(case.open_proceeding)},
        f"Blocage{SPACE}: procédure collective en cours",
        "Stop: an insolvency proceeding is open",
    )


def closed(case: CreditCase) -> LimitTerm:
    """Return 0 where the company's closure is published, else None."""
    return LimitTerm(
        "closed",
        0.0 if case.closed else None,
        {"closed": float(case.closed)},
        f"Blocage{SPACE}: entreprise radiée",
        "Stop: the company is closed",
    )


def in_default(case: CreditCase) -> LimitTerm:
    """Return 0 while the customer is in default, even where insured: cover excludes new invoices."""
    return LimitTerm(
        "in_default",
        0.0 if case.in_default else None,
        {"in_default": float(case.in_default)},
        f"Blocage{SPACE}: client en défaut",
        "Stop: the customer is in default",
    )


def long_overdue(case: CreditCase, rules: StopRules) -> LimitTerm:
    """Return 0 where the oldest overdue invoice exceeds the policy's maximum age, else None."""
    return LimitTerm(
        "long_overdue",
        0.0 if _too_long(case.oldest_overdue_days, rules) else None,
        {
            "oldest_overdue_days": float(case.oldest_overdue_days),
            "max_overdue_days": float(rules.max_overdue_days),
        },
        f"Blocage{SPACE}: facture échue depuis trop longtemps",
        "Stop: an invoice has been overdue for too long",
    )


def entity_in_default(case: CreditCase) -> LimitTerm:
    """Return 0 where another customer number of the legal entity is in default, else None."""
    return LimitTerm(
        "entity_in_default",
        0.0 if case.entity_in_default else None,
        {"entity_in_default": float(case.entity_in_default)},
        f"Blocage{SPACE}: la même entité juridique est en défaut sous un autre numéro de client",
        "Stop: the same legal entity is in default under another customer number",
    )


def entity_long_overdue(case: CreditCase, rules: StopRules) -> LimitTerm:
    """Return 0 where an invoice of the entity's other numbers exceeds the maximum age, else None."""
    return LimitTerm(
        "entity_long_overdue",
        0.0 if _too_long(case.entity_oldest_overdue_days, rules) else None,
        {
            "entity_oldest_overdue_days": float(case.entity_oldest_overdue_days),
            "max_overdue_days": float(rules.max_overdue_days),
        },
        f"Blocage{SPACE}: facture échue depuis trop longtemps sous un autre numéro "
        "de la même entité juridique",
        "Stop: an invoice overdue for too long under another number of the same legal entity",
    )
