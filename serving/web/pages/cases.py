"""What was sent to the credit department: the inbox, one case, and the forms that send and answer one."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from models.errors import CaseAnsweredError, CaseRefusedError
from serving.api.dependencies import (
    AnswerCaseDep,
    AssessorDep,
    CaseDeskDep,
    MarkReviewedDep,
    OpenCaseDep,
    PublishedListsDep,
    StoreDep,
)
from serving.api.sessions import page_right
from serving.api.views import PAGE, viewer_of
from serving.callers import Caller
from serving.schemas.questions import AnswerId, CustomerId
from serving.store import CaseFilter, CustomerQuery, Oversight
from serving.usecases.cases import CaseDesk
from serving.usecases.limit_usage import usage_of_line
from serving.usecases.lists import PublishedLists
from serving.usecases.subjects import find_customer
from serving.web.rendering import page, speech
from serving.web.sending import SentFields
from serving.web.view_models.case_forms import (
    answer_of,
    form_of,
    limit_of,
    reason_of,
    refused_form,
    rights_of,
)
from serving.web.view_models.cases import case_line, case_view
from serving.web.view_models.lists import PER_PAGE, pager_of
from serving.web.view_models.override_form import OverrideForm, blank

router = APIRouter()

CasePerson = Annotated[Caller, Depends(page_right("cases"))]
CaseNumber = Annotated[int, Path(ge=1, le=2**31 - 1)]
Reviewer = Annotated[Caller, Depends(page_right("review"))]
CaseTab = Literal["inbox", "mine", "all", "reviews"]
REVIEWS = CustomerQuery(review="due", sort="open_eur", is_descending=True)
"""Customers whose review is due, those that owe most first."""


@router.get("/cases")
def cases(
    request: Request,
    person: CasePerson,
    desk: CaseDeskDep,
    lists: PublishedListsDep,
    tab: CaseTab | None = None,
    offset: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
) -> HTMLResponse:
    """List what waits for the person, what the person sent, everything, or the reviews that are due."""
    w, inbox = speech(request), desk.inbox(person)
    tabs = ("mine",) if inbox is None else ("inbox", "mine", "all")
    if tab == "reviews" and person.may("review"):
        return _reviews(request, person, lists, tabs, offset)
    shown = tab if tab in tabs else tabs[0]
    own = CaseFilter(who=person.name)
    wanted = inbox if shown == "inbox" and inbox is not None else own if shown == "mine" else CaseFilter()
    found = desk.page(wanted, person, PER_PAGE, offset)
    return page(
        request,
        "cases.html",
        person,
        lines=[case_line(one, w) for one in found.items],
        pager=pager_of("/cases", {"tab": shown}, found),
        tabs=tabs,
        tab=shown,
        reviews=person.may("review"),
    )


@router.post("/cases/reviews")
def review(person: Reviewer, mark_reviewed: MarkReviewedDep, sent: SentFields) -> Response:
    """Mark a customer as reviewed, and show the next ones."""
    mark_reviewed([sent.get("customer", "")], sent.get("note"), person)
    return RedirectResponse("/cases?tab=reviews", 303)


@router.get("/cases/new")
def new_case(
    request: Request,
    person: CasePerson,
    store: StoreDep,
    answer: AnswerId | None = None,
    customer: CustomerId | None = None,
) -> HTMLResponse:
    """Show the form that sends the order of an answer, or asks for a customer's limit."""
    return _new(request, person, store, answer or "", customer or "", blank())


@router.post("/cases/new")
def send_case(
    request: Request,
    person: CasePerson,
    store: StoreDep,
    open_case: OpenCaseDep,
    assessor: AssessorDep,
    sent: SentFields,
) -> Response:
    """Send it, or report each fault next to its field."""
    w, answer_id, customer_id = speech(request), sent.get("answer", ""), sent.get("customer", "")
    try:
        if answer_id:
            reason, form = reason_of(sent, w)
            made = None if reason is None else open_case.order(answer_id, reason, person)
        else:
            wish, form = limit_of(sent, w)
            made = None
            if wish is not None:
                until = wish.valid_until
                made = open_case.limit(customer_id, wish.limit_eur, until, wish.reason, person)
    except CaseRefusedError as error:
        made, form = None, refused_form(sent, error, assessor.policy, w)
    if made is None:
        return _new(request, person, store, answer_id, customer_id, form, 422)
    return RedirectResponse(f"/cases/{made.case_id}", 303)


@router.get("/cases/{case_id}")
def case(
    request: Request, case_id: CaseNumber, person: CasePerson, desk: CaseDeskDep, assessor: AssessorDep
) -> HTMLResponse:
    """Show a case, and take the mark off that its asker has something new to read."""
    desk.read(case_id, person)
    return _case(request, case_id, person, desk, assessor.policy, None)


@router.post("/cases/{case_id}")
def act(
    request: Request,
    case_id: CaseNumber,
    person: CasePerson,
    desk: CaseDeskDep,
    answer_case: AnswerCaseDep,
    assessor: AssessorDep,
    sent: SentFields,
) -> Response:
    """Answer, comment or take back, or report each fault next to its field."""
    w, found = speech(request), desk.find(case_id, person)
    action = sent.get("action")
    try:
        if action in ("comment", "withdraw"):
            reason, form = reason_of(sent, w)
            if reason is not None:
                (desk.comment if action == "comment" else desk.withdraw)(case_id, reason, person)
        else:
            answer, form = answer_of(found, sent, w)
            if answer is not None:
                answer_case(case_id, answer, person)
    except CaseRefusedError as error:
        form = refused_form(sent, error, assessor.policy, w)
    except CaseAnsweredError as error:
        form = OverrideForm({}, {}, w("case_fault.answered", who=error.who))
        return _case(request, case_id, person, desk, assessor.policy, form, 409)
    if form.is_sound:
        return RedirectResponse(f"/cases/{case_id}", 303)
    return _case(request, case_id, person, desk, assessor.policy, form, 422)


def _reviews(
    request: Request, person: Caller, lists: PublishedLists, tabs: tuple[str, ...], offset: int
) -> HTMLResponse:
    found = lists.customers(viewer_of(request, person, PAGE), REVIEWS, PER_PAGE, offset)
    return page(
        request,
        "reviews.html",
        person,
        lines=[
            (one, usage_of_line(one, found.made), found.oversight.get(one.customer_id, Oversight()))
            for one in found.page.items
        ],
        pager=pager_of("/cases", {"tab": "reviews"}, found.page),
        as_of=found.run.key.as_of,
        tabs=tabs,
        tab="reviews",
        reviews=True,
    )


def _case(
    request: Request,
    case_id: int,
    person: Caller,
    desk: CaseDesk,
    policy: object,
    form: OverrideForm | None,
    status: int = 200,
) -> HTMLResponse:
    w, found = speech(request), desk.find(case_id, person)
    return page(
        request,
        "case.html",
        person,
        status=status,
        resend=None if form is None else form.typed,
        view=case_view(found, w),
        kind=found.kind,
        rights=rights_of(found, person, desk.level(person), policy),  # type: ignore[arg-type]
        form=form or form_of(found, w),
    )


def _new(
    request: Request,
    person: Caller,
    store: StoreDep,
    answer_id: str,
    customer_id: str,
    form: OverrideForm,
    status: int = 200,
) -> HTMLResponse:
    name = ""
    if customer_id:
        name = find_customer(store, customer_id).row.name or customer_id
    return page(
        request,
        "case_new.html",
        person,
        status=status,
        resend=form.typed if status != 200 else None,
        answer_id=answer_id,
        customer_id=customer_id,
        name=name,
        form=form,
    )
