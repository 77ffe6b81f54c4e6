"""Assess a customer or a prospect now, and record the answer before it is returned."""

from __future__ import annotations

import asyncio
import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from serving.audit.answers import Answer, in_force_of, write_answer
from serving.audit.entries import entry_of_answer, kept, new_answer_id
from serving.store.versions import state_columns
from serving.usecases.prospect_enrichment import enrich
from serving.usecases.subjects import subject_state

if TYPE_CHECKING:
    from collections.abc import Callable

    from serving.callers import Caller
    from serving.registers.lookup import ProspectFacts
    from serving.schemas.questions import AssessmentIn
    from serving.usecases.assessment_batcher import AssessmentBatcher
    from serving.usecases.services import CreditServices


@dataclass(frozen=True, slots=True)
class AssessProspect:
    """Assess a prospect, filled in from the public registers first; blocks.

    Parameters
    ----------
    services
        The store, the assessor in use, the audit log and the day.
    look_up
        Returns what the registers say of a SIREN.
    """

    services: CreditServices
    look_up: Callable[[str], ProspectFacts]

    def __call__(self, question: AssessmentIn, caller: Caller, found: ProspectFacts | None = None) -> Answer:
        """Assess the prospect; the answer and the log hold what the registers said.

        Parameters
        ----------
        found
            What the registers said of the prospect just now; they are asked without it.

        Raises
        ------
        NotPublishedError
            No run is published yet.
        StoreError
            The log cannot be written: nothing may be answered.
        """
        enriched = enrich(question, self.look_up if found is None else lambda _: found)
        services, answer_id = self.services, new_answer_id()
        assessor, today = services.assessors.get(), services.today()
        state = subject_state(enriched, services.store(), assessor, today)
        assessment = assessor.assess(state, question.request())
        in_force = in_force_of(assessment, (), today, assessor.policy)
        body = write_answer(assessment, answer_id, in_force, enriched.document())
        answer = Answer(answer_id, body, enriched.question, assessment, in_force)
        columns = state_columns(kept(state, assessment.features_hash))
        now = dt.datetime.now(dt.UTC)
        services.recorder.record_written(entry_of_answer(caller, "assessment", answer, columns, now))
        return answer


@dataclass(frozen=True, slots=True)
class Assess:
    """Assess a customer of the portfolio, or a prospect.

    Parameters
    ----------
    customers
        Assesses customers of the portfolio on the event loop.
    prospect
        Assesses a prospect in a thread, for it asks registers.
    """

    customers: AssessmentBatcher
    prospect: AssessProspect

    async def __call__(self, question: AssessmentIn, caller: Caller) -> Answer:
        """Return the answer once it is in the audit log.

        Raises
        ------
        UnknownCustomerError
            The portfolio does not hold the customer.
        NotPublishedError
            No run is published yet.
        CreditError
            No model is in charge, or the store is away.
        """
        if question.prospect is None:
            return await self.customers.assess(question, caller)
        return await asyncio.to_thread(self.prospect, question, caller)
