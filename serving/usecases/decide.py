"""Decide on an order now, with the limit in force, and record the answer before it is returned."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson

from models.explain.reasons import plain
from models.policy.sections.approval import APPROVERS
from serving.audit.answers import Answer, in_force_of
from serving.audit.entries import entry_of_answer, kept, new_answer_id
from serving.store.versions import state_columns
from serving.usecases.order_approvals import approval_of
from serving.usecases.prospect_enrichment import enrich
from serving.usecases.subjects import subject_state

if TYPE_CHECKING:
    from collections.abc import Callable

    from models.assessment.assessment import Assessment, CustomerState
    from models.assessment.counterfactuals import Counterfactual
    from models.assessment.order_assessment import Decided
    from models.policy.decision.decision import Decision
    from models.policy.overrides import InForce
    from serving.callers import Caller
    from serving.registers.lookup import ProspectFacts
    from serving.schemas.decisions import DecisionIn
    from serving.store import Store
    from serving.usecases.assessors import CreditAssessor
    from serving.usecases.services import CreditServices


@dataclass(frozen=True, slots=True, eq=False)
class DecisionAnswer:
    """A decision that is in the audit log.

    Parameters
    ----------
    answer
        As it goes out.
    changes
        What would improve the decision, where that was asked.
    """

    answer: Answer
    decision: Decision
    changes: tuple[Counterfactual, ...] = ()


@dataclass(frozen=True, slots=True)
class Decide:
    """Decide on an order of a customer or a prospect; blocks.

    Parameters
    ----------
    services
        The store, the assessor in use, the audit log and the day.
    look_up
        Returns what the registers say of a SIREN.
    """

    services: CreditServices
    look_up: Callable[[str], ProspectFacts]

    def __call__(
        self,
        question: DecisionIn,
        caller: Caller,
        *,
        found: ProspectFacts | None = None,
        with_changes: bool = False,
    ) -> DecisionAnswer:
        """Return the decision, with the assessment it rests on, once it is in the audit log.

        Parameters
        ----------
        found
            What the registers said of the prospect just now; they are asked without it.
        with_changes
            Whether to ask what would improve the decision, too; slower.

        Raises
        ------
        UnknownCustomerError
            The portfolio does not hold the customer.
        NotPublishedError
            No run is published yet.
        CreditError
            The order cannot be decided on, no model is in charge, or the store is away.
        """
        from models.assessment.order_assessment import decide_for  # noqa: PLC0415  # models are loaded late

        services = self.services
        enriched = enrich(question, self.look_up if found is None else lambda _: found)
        assessor, store, today = services.assessors.get(), services.store(), services.today()
        request, asker = question.request(), approval_role(caller.role)
        state = subject_state(enriched, store, assessor, today)
        counts: list[InForce] = []

        def in_force(assessment: Assessment) -> dict[str, object]:
            who = assessment.party.customer_id
            overrides = () if who is None else store.overrides(who)
            counts.append(in_force_of(assessment, overrides, today, assessor.policy))
            return counts[-1].document()

        decided = decide_for(assessor, state, request, question.order(), in_force, asker=asker)
        changes = _changes(assessor, state, question, decided, asker) if with_changes else ()
        told = {
            **decided.decision.document(),
            "answer_id": (answer_id := new_answer_id()),
            "assessment": decided.assessment,
            "in_force": decided.in_force,
            "approved_case": _approval(store, state, question, decided, today),
            **enriched.document(),
            **({"counterfactuals": [one.document() for one in changes]} if with_changes else {}),
        }
        body = orjson.dumps(told, default=plain)
        answer = Answer(answer_id, body, enriched.question, decided.assessment, counts[0])
        columns = state_columns(kept(state, decided.assessment.features_hash))
        now = dt.datetime.now(dt.UTC)
        services.recorder.record_written(entry_of_answer(caller, "decision", answer, columns, now))
        return DecisionAnswer(answer, decided.decision, changes)


def _approval(
    store: Store, state: CustomerState, question: DecisionIn, decided: Decided, today: dt.date
) -> dict[str, Any] | None:
    """Return the approval by a person that covers the order; None without one, or where nobody has to."""
    if decided.decision.outcome == "accept":
        return None
    approved = store.approved_orders(state.party.customer_id, state.party.siren)
    return approval_of(question.order(), decided.decision.exposure_after_eur, approved, today)


def _changes(
    assessor: CreditAssessor, state: CustomerState, question: DecisionIn, found: Decided, asker: str | None
) -> tuple[Counterfactual, ...]:
    from models.assessment.counterfactuals import counterfactuals  # noqa: PLC0415  # as above
    from models.assessment.order_assessment import request_for  # noqa: PLC0415  # as above

    order = question.order()
    asked = request_for(state, question.request(), order)
    return tuple(counterfactuals(assessor, state, asked, order, found.limit_eur, found.grade, asker))


def approval_role(role: str) -> str | None:
    """Return a caller's role as a decision knows it; None for one that has no level."""
    return role if role in APPROVERS else None
