"""Many questions answered at once: each is checked, answered and logged by itself, all in one go.

Owns putting answers and problems back in the place of their questions. A fault in one question leaves the
others, and so does a customer that cannot be assessed; the store away, or no model in charge, is everybody's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import structlog
from pydantic import ValidationError

from models.assessment.assessment import CustomerState
from models.errors import CreditError, NoChampionError, StoreError, UnknownCustomerError
from models.policy.overrides import effective
from serving.api.problems import Problem, from_error, from_faults
from serving.api.schemas.questions import AssessmentIn
from serving.audit.entries import entry_of_assessment, new_answer_id
from serving.usecases.prospect_enrichment import Enriched, enrich
from serving.usecases.subjects import prospect_state

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from models.assessment.assessment import Assessment
    from serving.callers import Caller
    from serving.services import Services
    from serving.store import AuditEntry, CustomerRow, Override, Run
    from serving.usecases.assessors import CreditAssessor

Made = TypeVar("Made")
EVERYBODYS = (StoreError, NoChampionError)
"""What stands in the way of every question of a batch."""


def answer_batch(
    items: Sequence[object], services: Services, assessor: CreditAssessor, caller: Caller
) -> dict[str, Any]:
    """Answer questions in their order, and enter the answers in the audit log before they go out.

    Prospects are filled in from what is kept of the registers: so many questions must not all call out.

    Raises
    ------
    StoreError
        The store is away, or the log cannot be written: nothing may be answered.
    """
    run = services.current_run()
    checked = [_checked(item, services) for item in items]
    rows = _rows(checked, services, run)
    known = [_state(question, rows, run, services, assessor) for question in checked]
    asked = [
        (place, filled, state)
        for place, (filled, state) in enumerate(zip(checked, known, strict=True))
        if isinstance(filled, Enriched) and isinstance(state, CustomerState)
    ]
    overrides = _overrides(services)
    found: dict[int, dict[str, Any]] = {}
    entries: list[AuditEntry] = []
    told: dict[int, object] = dict(enumerate(known))
    for (place, filled, state), assessment in zip(asked, _assessed(assessor, asked), strict=True):
        made = _answer(filled, state, assessment, overrides, services, assessor, caller)
        if isinstance(made, Problem):
            told[place] = made
            continue
        found[place], entry = made
        entries.append(entry)
    if entries:
        services.recorder.record(*entries)
    answers = [found.get(place) or _refusal(place, told[place]) for place in range(len(items))]
    return {"items": answers, "answered": len(found), "refused": len(items) - len(found)}


def _alone(make: Callable[[], Made]) -> Made | Problem:
    """Do one question's part; where it cannot be done, return its problem and log why."""
    try:
        return make()
    except EVERYBODYS:
        raise
    except CreditError as error:
        problem = from_error(error)
        if problem.status >= 500:
            structlog.get_logger().error("batch_question_with_problem", reason=repr(error))
        return problem


def _assessed(
    assessor: CreditAssessor, asked: Sequence[tuple[int, Enriched, CustomerState]]
) -> list[Assessment | Problem]:
    """Assess all at once; where that cannot be done, by halves, until who stands in the way is alone."""
    if len(asked) == 1:
        ((_, filled, state),) = asked
        return [_alone(lambda: assessor.assess(state, filled.question.request()))]
    try:
        states, requests = [state for *_, state in asked], [one.question.request() for _, one, _ in asked]
        return [*assessor.assess_many(states, requests)]
    except EVERYBODYS:
        raise
    except CreditError:
        half = len(asked) // 2
        return _assessed(assessor, asked[:half]) + _assessed(assessor, asked[half:])


def _checked(item: object, services: Services) -> Enriched | Problem:
    try:
        question = AssessmentIn.model_validate(item)
    except ValidationError as error:
        return from_faults([{**fault, "loc": ("body", *fault["loc"])} for fault in error.errors()])
    return _alone(lambda: enrich(question, services.lookups.find_kept))


def _rows(checked: Sequence[Enriched | Problem], services: Services, run: Run) -> dict[str, CustomerRow]:
    """Find the customers asked about in one go."""
    named = {one.question.customer_id for one in checked if isinstance(one, Enriched)}
    wanted = {customer_id for customer_id in named if customer_id is not None}
    found = services.store().scored_of(run.run_id, sorted(wanted)) if wanted else ()
    return {row.customer_id: row for row in found}


def _state(
    filled: Enriched | Problem,
    rows: Mapping[str, CustomerRow],
    run: Run,
    services: Services,
    assessor: CreditAssessor,
) -> CustomerState | Problem:
    if isinstance(filled, Problem):
        return filled
    question = filled.question
    prospect = question.prospect
    if prospect is not None:
        store, day, facts = services.store(), services.today(), filled.found
        return _alone(lambda: prospect_state(prospect, facts, run, store, assessor, day))
    row = rows.get(question.customer_id or "")
    if row is None:
        return from_error(UnknownCustomerError(f"no customer {question.customer_id!r} in the portfolio"))
    return CustomerState.of_run(row.party, run.key.as_of, row.state, row.open_eur, run.context)


def _overrides(services: Services) -> dict[str, list[Override]]:
    """Return the overrides in force today by customer."""
    found: dict[str, list[Override]] = {}
    for override in services.store().overrides(on=services.today()):
        found.setdefault(override.customer_id, []).append(override)
    return found


def _answer(
    filled: Enriched,
    state: CustomerState,
    assessment: Assessment | Problem,
    overrides: Mapping[str, Sequence[Override]],
    services: Services,
    assessor: CreditAssessor,
    caller: Caller,
) -> tuple[dict[str, Any], AuditEntry] | Problem:
    if isinstance(assessment, Problem):
        return assessment
    document, answer_id, question = assessment.document(), new_answer_id(), filled.question
    theirs = overrides.get(question.customer_id or "", ())
    counts = _alone(lambda: effective(document, theirs, services.today(), assessor.policy).document())
    if isinstance(counts, Problem):
        return counts
    logged = {**document, "answer_id": answer_id, "in_force": counts, **filled.document()}
    asked = question.model_dump(mode="json", exclude_none=True)
    entry = entry_of_assessment(caller, "batch", asked, state, assessment, logged, answer_id)
    answer = {"answer_id": answer_id, "assessment": document, "in_force": counts, "problem": None}
    return answer | filled.document(), entry


def _refusal(place: int, problem: object) -> dict[str, Any]:
    if not isinstance(problem, Problem):
        raise TypeError(f"question {place} has neither an answer nor a problem: {problem!r}")
    told = problem.document(f"items/{place}")
    return {"answer_id": None, "assessment": None, "in_force": None, "problem": told}
