"""Many questions answered at once: each is checked, answered and logged by itself, all in one go.

Owns putting answers and problems back in the place of their questions. A fault in one question leaves the
others; the store away, or no model in charge, is everybody's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from models.assessment import CustomerState
from models.errors import UnknownCustomerError
from models.policy.override_rules import effective
from serving.assessing import state_of_prospect
from serving.entries import entry_of_assessment, new_answer_id
from serving.filling import Filled, fill
from serving.known_numbers import known_numbers
from serving.problems import Problem, from_error, from_faults
from serving.schemas import AssessmentIn

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from models.assessment import Assessment
    from serving.security import Caller
    from serving.services import CreditAssessor, Services
    from serving.store import AuditEntry, CustomerRow, Override, Run


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
        if isinstance(filled, Filled) and isinstance(state, CustomerState)
    ]
    answers = assessor.assess_many([s for _, _, s in asked], [q.question.request() for _, q, _ in asked])
    overrides = _overrides(services)
    found: dict[int, dict[str, Any]] = {}
    entries: list[AuditEntry] = []
    for (place, filled, state), assessment in zip(asked, answers, strict=True):
        found[place], entry = _answer(filled, state, assessment, overrides, services, assessor, caller)
        entries.append(entry)
    if entries:
        services.recorder.record(*entries)
    told = [found.get(place) or _refusal(place, known[place]) for place in range(len(items))]
    return {"items": told, "answered": len(found), "refused": len(items) - len(found)}


def _checked(item: object, services: Services) -> Filled | Problem:
    try:
        return fill(AssessmentIn.model_validate(item), services.lookups.find_kept)
    except ValidationError as error:
        return from_faults([{**fault, "loc": ("body", *fault["loc"])} for fault in error.errors()])


def _rows(checked: Sequence[Filled | Problem], services: Services, run: Run) -> dict[str, CustomerRow]:
    """Find the customers asked about in one go."""
    named = {one.question.customer_id for one in checked if isinstance(one, Filled)}
    wanted = {customer_id for customer_id in named if customer_id is not None}
    found = services.store().scored_of(run.run_id, sorted(wanted)) if wanted else ()
    return {row.customer_id: row for row in found}


def _state(
    filled: Filled | Problem,
    rows: Mapping[str, CustomerRow],
    run: Run,
    services: Services,
    assessor: CreditAssessor,
) -> CustomerState | Problem:
    if isinstance(filled, Problem):
        return filled
    question = filled.question
    if question.prospect is not None:
        others = known_numbers(question.prospect.siren, run, services.store())
        return state_of_prospect(question.prospect, filled.found, run, services.today(), assessor, others)
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
    filled: Filled,
    state: CustomerState,
    assessment: Assessment,
    overrides: Mapping[str, Sequence[Override]],
    services: Services,
    assessor: CreditAssessor,
    caller: Caller,
) -> tuple[dict[str, Any], AuditEntry]:
    document, answer_id, question = assessment.document(), new_answer_id(), filled.question
    theirs = overrides.get(question.customer_id or "", ())
    counts = effective(document, theirs, services.today(), assessor.policy).document()
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
