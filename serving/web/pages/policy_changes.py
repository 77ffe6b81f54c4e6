"""The policy edited on a page: examined, proposed, put in force or dropped."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from models.errors import CreditError, UnknownPolicyChangeError
from serving.api.dependencies import ChangePolicyDep
from serving.api.problems import Problem
from serving.api.sessions import page_right
from serving.callers import Caller
from serving.store.policy_changes import PolicyChange
from serving.usecases.policy_changes import LONGEST_TEXT, ChangePolicy
from serving.web.rendering import page, speech
from serving.web.sending import SentFields
from serving.web.view_models.policy_changes import change_line, examination_view

router = APIRouter()

EDIT = "/policy/edit"
Editor = Annotated[Caller, Depends(page_right("change_policy"))]
ChangeId = Annotated[int, Path(ge=1, le=2**31 - 1)]


@router.get(EDIT)
def edit(request: Request, person: Editor, policy: ChangePolicyDep) -> HTMLResponse:
    """Show the text of the policy in force, to change it."""
    return _edit_page(request, person, policy, policy.text())


@router.post(EDIT)
def propose(request: Request, person: Editor, policy: ChangePolicyDep, sent: SentFields) -> Response:
    """Tell what a changed text would do, or propose it."""
    # Browsers send line ends as two signs.
    text, reason = sent.get("text", "")[:LONGEST_TEXT].replace("\r\n", "\n"), sent.get("reason", "")
    if sent.get("act") != "propose":
        return _edit_page(request, person, policy, text, reason, examine=True)
    try:
        change = policy.propose(text, reason, person)
    except CreditError as error:
        return _edit_page(request, person, policy, text, reason, examine=True, fault=error)
    return RedirectResponse(f"/policy/changes/{change.change_id}", 303)


@router.get("/policy/changes/{change_id}")
def change(request: Request, person: Editor, policy: ChangePolicyDep, change_id: ChangeId) -> HTMLResponse:
    """Show a proposed change with what it would do today."""
    return _change_page(request, person, policy, _found(policy, change_id))


@router.post("/policy/changes/{change_id}")
def close(
    request: Request, person: Editor, policy: ChangePolicyDep, change_id: ChangeId, sent: SentFields
) -> Response:
    """Put a proposed change in force, or drop it."""
    found = _found(policy, change_id)
    try:
        if sent.get("act") == "confirm":
            policy.confirm(change_id, person)
        else:
            policy.withdraw(change_id, sent.get("reason", ""), person)
    except CreditError as error:
        return _change_page(request, person, policy, found, error)
    return RedirectResponse(f"/policy/changes/{change_id}", 303)


def _edit_page(
    request: Request,
    person: Caller,
    policy: ChangePolicy,
    text: str,
    reason: str = "",
    *,
    examine: bool = False,
    fault: CreditError | None = None,
) -> HTMLResponse:
    w = speech(request)
    found = policy.examine(text, w.language) if examine else None
    return page(
        request,
        "policy_edit.html",
        person,
        status=422 if fault is not None or (found is not None and found.faults) else 200,
        resend={"text": text, "reason": reason, "csrf_token": person.csrf_token} if examine else None,
        text=text,
        reason=reason,
        fault="" if fault is None else w.refusal(fault),
        examined=None if found is None else examination_view(found, w),
        can_change=policy.can_change,
        history=[change_line(one, w) for one in policy.history()],
    )


def _change_page(
    request: Request,
    person: Caller,
    policy: ChangePolicy,
    found: PolicyChange,
    fault: CreditError | None = None,
) -> HTMLResponse:
    w = speech(request)
    examined = (
        None if found.closed == "confirmed" else examination_view(policy.examine(found.text, w.language), w)
    )
    return page(
        request,
        "policy_change.html",
        person,
        status=200 if fault is None else 422,
        line=change_line(found, w),
        fault="" if fault is None else w.refusal(fault),
        examined=examined,
    )


def _found(policy: ChangePolicy, change_id: int) -> PolicyChange:
    try:
        return policy.find(change_id)
    except UnknownPolicyChangeError as error:
        raise Problem(404, "unknown-policy-change", "Unknown policy change", f"{error}.") from error
