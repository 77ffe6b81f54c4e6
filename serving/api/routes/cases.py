"""Orders and limits sent to the credit department: send, list, answer, comment, take back."""

from typing import Annotated, Any

from fastapi import Depends, Path, Query

from serving.api.dependencies import AnswerCaseDep, CaseDeskDep, OpenCaseDep
from serving.api.problems import documented
from serving.api.routes.api_route import api_router
from serving.api.security import CallerDep, require_right
from serving.schemas.cases import CaseAnswerIn, CaseCommentIn, CaseIn, CaseOut, CasesOut
from serving.schemas.questions import CustomerId, PlainText
from serving.store import CaseFilter, CaseKind, CaseState
from serving.usecases.case_answers import CaseAnswer

router = api_router("cases", dependencies=[Depends(require_right("cases"))])

CaseId = Annotated[int, Path(ge=1, le=2**31 - 1)]
CHANGES = documented(400, 401, 403, 404, 409, 413, 422, 503)


@router.get("", response_model=CasesOut, responses=documented(401, 403, 422, 503))
def read(
    desk: CaseDeskDep,
    caller: CallerDep,
    state: Annotated[list[CaseState] | None, Query(description="in one of these states")] = None,
    kind: Annotated[CaseKind | None, Query(description="order or limit")] = None,
    customer_id: Annotated[CustomerId | None, Query(description="of this customer only")] = None,
    who: Annotated[PlainText | None, Query(max_length=200, description="asked by this one only")] = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
    offset: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
) -> dict[str, Any]:
    """List cases, the newest first; a salesperson sees its own."""
    wanted = CaseFilter(tuple(state) if state else None, kind, customer_id, who)
    found = desk.page(wanted, caller, limit, offset)
    return {
        "items": [one.document() for one in found.items],
        "total": found.total,
        "limit": found.limit,
        "offset": found.offset,
        "next_offset": found.next_offset,
    }


@router.get("/{case_id}", response_model=CaseOut, responses=documented(401, 403, 404, 422, 503))
def get(case_id: CaseId, desk: CaseDeskDep, caller: CallerDep) -> dict[str, Any]:
    """Return a case with its question, its facts and its events."""
    return desk.find(case_id, caller).document()


@router.post(
    "",
    status_code=201,
    response_model=CaseOut,
    responses=documented(400, 401, 403, 404, 413, 422, 503),
)
def send(wish: CaseIn, open_case: OpenCaseDep, caller: CallerDep) -> dict[str, Any]:
    """Send an order that was decided on, or a limit of a customer, to the credit department."""
    if wish.customer_id is not None and wish.limit_eur is not None:
        made = open_case.limit(wish.customer_id, wish.limit_eur, wish.valid_until, wish.reason, caller)
    else:
        made = open_case.order(wish.answer_id or "", wish.reason, caller)
    return made.document()


@router.post("/{case_id}/answer", response_model=CaseOut, responses=CHANGES)
def answer(case_id: CaseId, wish: CaseAnswerIn, use_case: AnswerCaseDep, caller: CallerDep) -> dict[str, Any]:
    """Accept, amend or refuse; an approved limit is in force at once. Of two answers at once one gets 409."""
    return use_case(case_id, CaseAnswer(wish.outcome, wish.reason, wish.terms()), caller).document()


@router.post("/{case_id}/comments", response_model=CaseOut, responses=CHANGES)
def comment(case_id: CaseId, wish: CaseCommentIn, desk: CaseDeskDep, caller: CallerDep) -> dict[str, Any]:
    """Add a comment, also to a case that is answered."""
    return desk.comment(case_id, wish.reason, caller).document()


@router.post("/{case_id}/withdrawal", response_model=CaseOut, responses=CHANGES)
def withdraw(case_id: CaseId, wish: CaseCommentIn, desk: CaseDeskDep, caller: CallerDep) -> dict[str, Any]:
    """Take a case back that waits for an answer; only who asked may."""
    return desk.withdraw(case_id, wish.reason, caller).document()
