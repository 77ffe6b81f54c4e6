"""What pages ask beside a customer's file: what is in force today, and what would better the answer.

Owns what is said where the models cannot be asked now: a page of what the night published is shown all the
same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from models.errors import CreditError, StateError
from models.policy.overrides import effective
from serving.customer_files import counterfactuals_of
from serving.usecases.limit_usage import policy_now

if TYPE_CHECKING:
    from serving.services import Services
    from serving.store import CustomerFile
    from serving.usecases.assessors import CreditAssessor


def in_force_today(found: CustomerFile, services: Services) -> dict[str, Any]:
    """Return the limit and the grade in force for a customer, beside the models' own, as JSON values.

    Where no assessor answers now, a grade that was set leaves the limit as it is.
    """
    policy = policy_now(services)
    return effective(found.stored.row.assessment, found.overrides, services.today(), policy).document()


def what_would_help(found: CustomerFile, services: Services) -> list[dict[str, Any]] | None:
    """Return the few changes that would better a customer's answer; None where nobody can be asked now."""
    assessor = assessor_of(services)
    if assessor is None:
        return None
    try:
        return counterfactuals_of(found, assessor, services.today())
    except StateError:
        # The night was scored by another version: what it published is shown.
        return None


def assessor_of(services: Services) -> CreditAssessor | None:
    """Return who answers; None where nobody can be asked now."""
    try:
        return services.assessor()
    except CreditError:
        return None
