"""Administration: users with their sessions, and keys of programs."""

from collections.abc import Callable, Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from models.errors import CreditError
from serving.api.dependencies import ChangeAccessDep, StoreDep
from serving.api.sessions import page_right
from serving.callers import Caller
from serving.store import Store
from serving.store.access import GRACE
from serving.store.passwords import make
from serving.usecases.access import LONGEST_KEY_DAYS
from serving.web.forms import Typed
from serving.web.rendering import page, speech
from serving.web.sending import SentFields
from serving.web.view_models.access import key_lines, roles, user_lines

router = APIRouter()

USERS, KEYS = "/admin/users", "/admin/keys"
Administrator = Annotated[Caller, Depends(page_right("administer"))]


@router.get(USERS)
def users(request: Request, person: Administrator, store: StoreDep) -> HTMLResponse:
    """List users with their roles and sessions, with a form for each change."""
    return _users_page(request, person, store)


@router.post(USERS)
def change_user(
    request: Request, person: Administrator, store: StoreDep, access: ChangeAccessDep, sent: SentFields
) -> Response:
    """Change a user; a new password is shown once, on the answer itself."""
    name, role = sent.get("name", ""), sent.get("role", "")
    password = make()
    changes: dict[str, Callable[[], object]] = {
        "add": lambda: access.add_user(name, role, password, person),
        "password": lambda: access.set_password(name, password, person),
        "role": lambda: access.set_role(name, role, person),
        "end": lambda: access.end_sessions(name, person),
        "disable": lambda: access.disable_user(name, person),
    }
    fault = _fault(changes.get(sent.get("change", "")), request)
    if fault:
        return _users_page(request, person, store, typed=sent, fault=fault)
    if sent["change"] in ("add", "password"):
        return _users_page(request, person, store, made=(name.strip(), password))
    return RedirectResponse(USERS, 303)


@router.get(KEYS)
def keys(request: Request, person: Administrator, store: StoreDep) -> HTMLResponse:
    """List keys of programs, with a form for each change."""
    return _keys_page(request, person, store)


@router.post(KEYS)
def change_key(
    request: Request, person: Administrator, store: StoreDep, access: ChangeAccessDep, sent: SentFields
) -> Response:
    """Change a key; a new one is shown once, on the answer itself."""
    name, typed = sent.get("name", ""), Typed(sent, speech(request))
    days = typed.whole("days", 1, LONGEST_KEY_DAYS)
    made: list[str] = []
    changes: dict[str, Callable[[], object]] = {
        "add": lambda: made.append(access.add_key(name, sent.get("role", ""), days, person)),
        "rotate": lambda: made.append(access.rotate_key(name, GRACE, days, person)),
        "revoke": lambda: access.revoke_key(name, person),
    }
    fault = typed.faults.get("days") or _fault(changes.get(sent.get("change", "")), request)
    if fault:
        return _keys_page(request, person, store, typed=sent, fault=fault)
    if made:
        return _keys_page(request, person, store, made=(name, made[0]))
    return RedirectResponse(KEYS, 303)


def _users_page(request: Request, person: Caller, store: Store, **shown: Any) -> HTMLResponse:  # noqa: ANN401  # as of `_page`
    w = speech(request)
    lines = user_lines(store.list_users(), store.list_sessions(), person.name, w)
    return _page(request, "users.html", person, lines=lines, **shown)


def _keys_page(request: Request, person: Caller, store: Store, **shown: Any) -> HTMLResponse:  # noqa: ANN401  # as of `_page`
    lines = key_lines(store.list_keys(), store.now(), speech(request))
    return _page(request, "keys.html", person, lines=lines, grace_days=GRACE.days, **shown)


def _page(
    request: Request,
    template: str,
    person: Caller,
    *,
    typed: Mapping[str, str] | None = None,
    fault: str = "",
    made: tuple[str, str] | None = None,
    **shown: Any,  # noqa: ANN401  # as of `page`
) -> HTMLResponse:
    """Return the page, with what was typed and what is wrong, or with a secret that was made."""
    return page(
        request,
        template,
        person,
        status=422 if fault else 200,
        roles=roles(speech(request)),
        typed={} if typed is None else typed,
        fault=fault,
        made=made,
        **shown,
    )


def _fault(change: Callable[[], object] | None, request: Request) -> str:
    """Execute a change and return what is wrong with it, in the person's language; empty where it is done."""
    w = speech(request)
    if change is None:
        return w("fault.choice")
    try:
        change()
    except CreditError as error:
        return w.refusal(error)
    return ""
