"""One question about credit: a known customer or a prospect, answered with the published run's knowledge.

Owns putting together what the assessor needs; computes nothing itself.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from models.assessment import CustomerState, Party
from models.errors import UnknownCustomerError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from models.assessment import Assessment
    from serving.schemas import AssessmentIn, ProspectIn
    from serving.services import CreditAssessor, Services
    from serving.store import Store, StoredCustomer


def answer(question: AssessmentIn, services: Services, assessor: CreditAssessor) -> Assessment:
    """Assess whom the question is about.

    Raises
    ------
    UnknownCustomerError
        The portfolio does not hold the customer.
    """
    if question.prospect is not None:
        return _prospect(question.prospect, question, services, assessor)
    services.current_run()
    stored = find_customer(services.store(), question.customer_id or "")
    state = CustomerState(party_of(stored.row.party), stored.as_of, stored.row.state)
    return assessor.assess(state, question.request())


def find_customer(store: Store, customer_id: str) -> StoredCustomer:
    """Return a customer of the published run.

    Raises
    ------
    UnknownCustomerError
        The portfolio does not hold it.
    """
    stored = store.customer(customer_id)
    if stored is None:
        raise UnknownCustomerError(
            f"no customer {customer_id!r} in the portfolio; search for it, or ask about a prospect"
        )
    return stored


def party_of(document: Mapping[str, Any]) -> Party:
    """Make a party of its JSON values; what this version does not know is left out."""
    known = {field.name: document[field.name] for field in fields(Party) if field.name in document}
    created_on = known.get("created_on")
    if isinstance(created_on, str):
        known["created_on"] = dt.date.fromisoformat(created_on)
    return Party(**known)


def _prospect(
    prospect: ProspectIn, question: AssessmentIn, services: Services, assessor: CreditAssessor
) -> Assessment:
    run, today = services.current_run(), services.today()
    peers = (run.context or {}).get("peers", {})
    accounts = [year.row(today) for year in prospect.accounts]
    return assessor.assess_prospect(prospect.party(), accounts, question.request(), today, peers)
