"""Assess somebody who is not a customer yet."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse

from serving.answering import answer_assessment
from serving.dependencies import AssessorDep, RunDep, ServicesDep, StoreDep
from serving.sessions import PageCaller
from serving.web.rendering import page, speech
from serving.web.view_models.customer import answer_view
from serving.web.view_models.prospect import FIELDS, blank, question_of

router = APIRouter()


async def _sent(request: Request) -> dict[str, str]:
    """Return the fields of the form that came; files are none of them."""
    form = await request.form()
    return {name: value for name, value in form.items() if isinstance(value, str)}


@router.get("/prospect")
def form(request: Request, person: PageCaller, _run: RunDep) -> HTMLResponse:
    """Show the empty form."""
    return page(request, "prospect.html", person, form=blank(), answer=None, known=None, name=None)


@router.post("/prospect")
def prospect(
    request: Request,
    person: PageCaller,
    services: ServicesDep,
    assessor: AssessorDep,
    store: StoreDep,
    _run: RunDep,
    sent: Annotated[dict[str, str], Depends(_sent)],
) -> HTMLResponse:
    """Answer about what was typed, or say beside each field what is wrong."""
    w = speech(request)
    question, typed = question_of(sent, w)
    resend = {name: sent.get(name, "") for name in (*FIELDS, "csrf_token")}
    if question is None or question.prospect is None:
        return page(
            request,
            "prospect.html",
            person,
            status=422,
            resend=resend,
            form=typed,
            answer=None,
            known=None,
            name=None,
        )
    answered = answer_assessment(question, services, assessor, person)
    siren = question.prospect.siren
    found = store.search(siren, 1).items if siren else ()
    return page(
        request,
        "prospect.html",
        person,
        resend=resend,
        form=typed,
        answer=answer_view(answered.document, w),
        known=next((one for one in found if one.siren == siren), None),
        name=question.prospect.name,
    )
