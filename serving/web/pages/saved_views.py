"""Named views of the list of customers: what the forms of the list send."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from models.errors import CreditError
from serving.api.dependencies import SavedViewsDep
from serving.api.sessions import PageCaller
from serving.web.rendering import page, speech
from serving.web.sending import SentFields
from serving.web.view_models.search import list_query

router = APIRouter()

VIEWS = "/views"


@router.get(VIEWS)
def views(request: Request, person: PageCaller, saved: SavedViewsDep) -> HTMLResponse:
    """List the views, with forms to rename and delete one's own."""
    return page(request, "views.html", person, views=saved.seen_by(person), fault="")


@router.post(VIEWS)
def change(request: Request, person: PageCaller, saved: SavedViewsDep, sent: SentFields) -> Response:
    """Save, rename or delete a view, and go back."""
    act, name, number = sent.get("act"), sent.get("name", ""), sent.get("view", "")
    view_id = int(number) if number.isdecimal() and len(number) < 10 else 0
    query, back = list_query(sent.get("query", "")), VIEWS
    try:
        if act == "save":
            saved.save(name, query, person, shared=bool(sent.get("shared")))
            back = f"/?{query}" if query else "/"
        elif act == "rename":
            saved.rename(view_id, name, person)
        else:
            saved.delete(view_id, person)
    except CreditError as error:
        fault = speech(request).refusal(error)
        shown = saved.seen_by(person)
        return page(request, "views.html", person, status=422, views=shown, fault=fault)
    return RedirectResponse(back, 303)
