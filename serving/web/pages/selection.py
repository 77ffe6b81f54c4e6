"""Customers that are ticked in the list: mark them as reviewed, assign them, take them away."""

from dataclasses import dataclass
from typing import Annotated
from urllib.parse import parse_qsl, urlencode

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response

from serving.api.dependencies import AssignCustomersDep, MarkReviewedDep, PublishedListsDep
from serving.api.sessions import PageCaller, page_right
from serving.api.views import EXPORT, viewer_of
from serving.callers import Caller
from serving.store import CustomerQuery
from serving.web.exports import rows
from serving.web.pages.exports import table_response
from serving.web.rendering import speech
from serving.web.view_models.search import ADDRESS_FIELDS, Act

router = APIRouter()
MOST_TICKED = 200
"""Lines of the longest page."""

Reviewer = Annotated[Caller, Depends(page_right("review"))]


@dataclass(frozen=True, slots=True)
class TickedLines:
    """What the form of the list sends.

    Parameters
    ----------
    back
        The query of the list's address.
    """

    customer_ids: tuple[str, ...]
    act: str
    assignee: str
    note: str
    back: str


async def _ticked(request: Request) -> TickedLines:
    async with request.form() as form:
        ids = [one for one in form.getlist("customer") if isinstance(one, str)]
        act, assignee, note, back = (str(form.get(name, "")) for name in ("act", "assignee", "note", "back"))
    return TickedLines(tuple(ids[:MOST_TICKED]), act, assignee, note[:1000], back)


Ticked = Annotated[TickedLines, Depends(_ticked)]


@router.post("/selection")
def act(
    person: Reviewer, ticked: Ticked, mark_reviewed: MarkReviewedDep, assign: AssignCustomersDep
) -> Response:
    """Review or assign the ticked customers, and show the list again with what was done."""
    done: Act = "nothing"
    if ticked.customer_ids and ticked.act == "review":
        mark_reviewed(ticked.customer_ids, ticked.note, person)
        done = "review"
    elif ticked.customer_ids and ticked.act == "assign":
        assign(ticked.customer_ids, ticked.assignee or None, person)
        done = "assign" if ticked.assignee else "unassign"
    known = [(name, value) for name, value in parse_qsl(ticked.back) if name in ADDRESS_FIELDS]
    told = {"done": done, "count": str(len(set(ticked.customer_ids)))}
    return RedirectResponse(f"/?{urlencode([*known, *told.items()])}", 303)


@router.post("/exports/selection.csv")
def export(request: Request, person: PageCaller, ticked: Ticked, lists: PublishedListsDep) -> Response:
    """Return the ticked customers as a table; where none is ticked, the list says so."""
    if not ticked.customer_ids:
        return RedirectResponse("/?done=nothing&count=0", 303)
    viewer = viewer_of(request, person, EXPORT)
    whole = lists.every_customer(viewer, CustomerQuery(customer_ids=ticked.customer_ids))
    found = rows.customers(whole.rows, speech(request), whole.made, whole.oversight)
    return table_response(request, f"customers-{whole.run.key.as_of}", rows.CUSTOMERS, found)
