"""Messages to recipients outside, with those that were given up, which can be sent again."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from models.errors import CreditError
from serving.api.dependencies import NotificationsDep
from serving.api.sessions import page_right
from serving.callers import Caller
from serving.usecases.notifications import Notifications
from serving.web.rendering import page, speech
from serving.web.sending import SentFields
from serving.web.view_models.outbox import message_lines

router = APIRouter()

OUTBOX = "/admin/outbox"
Administrator = Annotated[Caller, Depends(page_right("administer"))]


@router.get(OUTBOX)
def outbox(
    request: Request,
    person: Administrator,
    notifications: NotificationsDep,
    show: Literal["dead", "every"] = "dead",
) -> HTMLResponse:
    """List the messages that were given up, or all of them, the newest first."""
    return _outbox_page(request, person, notifications, every=show == "every")


@router.post(OUTBOX)
def resend(
    request: Request, person: Administrator, notifications: NotificationsDep, sent: SentFields
) -> Response:
    """Make a message that was given up due again."""
    try:
        notifications.resend(sent.get("message", ""), person)
    except CreditError as error:
        fault = speech(request).refusal(error)
        return _outbox_page(request, person, notifications, every=False, fault=fault)
    return RedirectResponse(OUTBOX, 303)


def _outbox_page(
    request: Request, person: Caller, notifications: Notifications, *, every: bool, fault: str = ""
) -> HTMLResponse:
    found = notifications.listed(only_dead=not every)
    return page(
        request,
        "outbox.html",
        person,
        status=422 if fault else 200,
        lines=message_lines(found, speech(request)),
        every=every,
        fault=fault,
    )
