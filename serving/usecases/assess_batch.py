"""Assess many customers and prospects at once: each question is checked, answered and recorded by itself.

A fault in one question leaves the others, and so does a customer that cannot be assessed; the store away, or
no model in charge, concerns all of them.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from pydantic import ValidationError

from models.assessment.assessment import CustomerState
from models.errors import CreditError, NoChampionError, StoreError, UnknownCustomerError
from serving.audit.answers import Answer, in_force_of, write_answer
from serving.audit.entries import entry_of_answer, kept, new_answer_ids
from serving.schemas.questions import AssessmentIn
from serving.store.versions import state_columns
from serving.usecases.prospect_enrichment import Enriched, enrich
from serving.usecases.subjects import prospect_state, published_run

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from models.assessment.assessment import Assessment
    from serving.callers import Caller
    from serving.registers.lookup import ProspectFacts
    from serving.store import CustomerRow, Override, Run, Store
    from serving.usecases.assessors import CreditAssessor
    from serving.usecases.services import CreditServices

Made = TypeVar("Made")
Refusal = CreditError | ValidationError
"""Why one question has no answer."""
_OF_ALL = (StoreError, NoChampionError)
"""What concerns every question of a batch."""


@dataclass(frozen=True, slots=True)
class AssessBatch:
    """Assess many subjects at once; blocks.

    Parameters
    ----------
    services
        The store, the assessor in use, the audit log and the day.
    look_up
        Returns what is kept of the registers: so many questions must not all call out.
    """

    services: CreditServices
    look_up: Callable[[str], ProspectFacts]

    def __call__(self, items: Sequence[object], caller: Caller) -> list[Answer | Refusal]:
        """Return an answer or a refusal for each question, in their order, once the answers are recorded.

        Parameters
        ----------
        items
            Questions as JSON values, of which each may be at fault.

        Raises
        ------
        NotPublishedError
            No run is published yet.
        StoreError
            The store is away, or the log cannot be written: nothing may be answered.
        """
        services = self.services
        store, assessor, today = services.store(), services.assessors.get(), services.today()
        run = published_run(store)
        checked = [self._checked(item) for item in items]
        rows = _rows(checked, run, store)
        states = [self._state(one, rows, run, assessor) for one in checked]
        asked = [
            (place, one, state)
            for place, (one, state) in enumerate(zip(checked, states, strict=True))
            if isinstance(one, Enriched) and isinstance(state, CustomerState)
        ]
        found: list[Answer | Refusal | CustomerState] = list(states)
        overrides, now, entries = _overrides(store, today), dt.datetime.now(dt.UTC), []
        made = zip(asked, _assessed(assessor, asked), new_answer_ids(len(asked)), strict=True)
        for (place, enriched, state), assessment, answer_id in made:
            found[place] = answer = _answer(enriched, assessment, answer_id, overrides, today, assessor)
            if isinstance(answer, Answer):
                columns = state_columns(kept(state, answer.assessment.features_hash))
                entries.append(entry_of_answer(caller, "batch", answer, columns, now))
        if entries:
            services.recorder.record_written(*entries)
        return [one for one in found if not isinstance(one, CustomerState)]

    def _checked(self, item: object) -> Enriched | Refusal:
        try:
            question = AssessmentIn.model_validate(item)
        except ValidationError as error:
            return error
        return _alone(lambda: enrich(question, self.look_up))

    def _state(
        self,
        enriched: Enriched | Refusal,
        rows: Mapping[str, CustomerRow],
        run: Run,
        assessor: CreditAssessor,
    ) -> CustomerState | Refusal:
        if not isinstance(enriched, Enriched):
            return enriched
        prospect, customer_id = enriched.question.prospect, enriched.question.customer_id
        if prospect is not None:
            asked = (prospect, enriched.found, run, self.services.store(), assessor, self.services.today())
            return _alone(lambda: prospect_state(*asked))
        row = rows.get(customer_id or "")
        if row is None:
            return UnknownCustomerError(f"no customer {customer_id!r} in the portfolio")
        return CustomerState.of_run(row.party, run.key.as_of, row.state, row.open_eur, run.context)


def _alone(make: Callable[[], Made]) -> Made | CreditError:
    """Do one question's part; return the error where it cannot be done."""
    try:
        return make()
    except _OF_ALL:
        raise
    except CreditError as error:
        return error


def _assessed(
    assessor: CreditAssessor, asked: Sequence[tuple[int, Enriched, CustomerState]]
) -> list[Assessment | CreditError]:
    """Assess all at once; where that cannot be done, by halves, until the one at fault is alone."""
    if len(asked) == 1:
        ((_, enriched, state),) = asked
        return [_alone(lambda: assessor.assess(state, enriched.question.request()))]
    try:
        states, requests = [state for *_, state in asked], [one.question.request() for _, one, _ in asked]
        return [*assessor.assess_many(states, requests)]
    except _OF_ALL:
        raise
    except CreditError:
        half = len(asked) // 2
        return _assessed(assessor, asked[:half]) + _assessed(assessor, asked[half:])


def _rows(checked: Sequence[Enriched | Refusal], run: Run, store: Store) -> dict[str, CustomerRow]:
    """Find the customers asked about in one go."""
    named = {one.question.customer_id for one in checked if isinstance(one, Enriched)}
    wanted = {customer_id for customer_id in named if customer_id is not None}
    found = store.scored_of(run.run_id, sorted(wanted)) if wanted else ()
    return {row.customer_id: row for row in found}


def _overrides(store: Store, today: dt.date) -> dict[str, list[Override]]:
    """Return the overrides in force today by customer."""
    found: dict[str, list[Override]] = {}
    for override in store.overrides(on=today):
        found.setdefault(override.customer_id, []).append(override)
    return found


def _answer(
    enriched: Enriched,
    assessment: Assessment | CreditError,
    answer_id: str,
    overrides: Mapping[str, Sequence[Override]],
    today: dt.date,
    assessor: CreditAssessor,
) -> Answer | CreditError:
    if isinstance(assessment, CreditError):
        return assessment
    theirs = overrides.get(enriched.question.customer_id or "", ())
    in_force = _alone(lambda: in_force_of(assessment, theirs, today, assessor.policy))
    if isinstance(in_force, CreditError):
        return in_force
    body = write_answer(assessment, answer_id, in_force, enriched.document())
    return Answer(answer_id, body, enriched.question, assessment, in_force)
