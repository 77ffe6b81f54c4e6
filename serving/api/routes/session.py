"""Sign in and out of the pages. The page with the form is `serving.web`'s."""

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse

from serving.api.security import COOKIE, address_of
from serving.api.sessions import (
    SIGN_IN,
    PageCaller,
    check_form_token,
    drop_session,
    local_path,
    set_session,
)
from serving.audit.entries import entry_of
from serving.callers import Caller

if TYPE_CHECKING:
    from serving.api.authentication import Authenticator
    from serving.api.wiring import Wiring

router = APIRouter(tags=["session"], include_in_schema=False)

FormText = Annotated[str, Form(max_length=1000)]


@router.post(SIGN_IN)
def sign_in(
    request: Request,
    name: FormText = "",
    password: FormText = "",
    csrf_token: FormText = "",
    next: FormText = "/",  # noqa: A002  # the form's word
) -> RedirectResponse:
    """Begin a session for a name and a password, and go where the browser wanted to."""
    wiring: Wiring = request.app.state.wiring
    door = wiring.sign_in
    check_form_token(request, csrf_token)
    user = door.let_in(name, password, address_of(request.scope))
    who = (
        Caller(name.strip()[:100], "sales", "session")
        if user is None
        else Caller(user.name, user.role, "session")
    )
    entry = entry_of(who, "sign-in", {"address": address_of(request.scope)}, {"signed_in": user is not None})
    wiring.recorder.record(replace(entry, role="none") if user is None else entry)
    target = local_path(next)
    if user is None:
        return RedirectResponse(f"{SIGN_IN}?{urlencode({'failed': 1, 'next': target})}", 303)
    _end_session(request)
    response = RedirectResponse(target, 303)
    set_session(request, response, wiring.store().begin_session(user.name))
    return response


@router.post("/sign-out")
def sign_out(request: Request, caller: PageCaller) -> RedirectResponse:
    """End the session."""
    wiring: Wiring = request.app.state.wiring
    wiring.recorder.record(entry_of(caller, "sign-out", {}, {}))
    _end_session(request)
    response = RedirectResponse(SIGN_IN, 303)
    drop_session(response)
    return response


def _end_session(request: Request) -> None:
    """End the session that the browser came with, if any: none outlives a sign-in."""
    token = request.cookies.get(COOKIE)
    if token:
        guard: Authenticator = request.app.state.wiring.authenticator
        guard.forget_session(token)
        request.app.state.wiring.store().end_session(token)
