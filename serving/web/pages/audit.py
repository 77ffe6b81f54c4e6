"""The audit log: who asked what and what was answered, searched, verified and replayed."""

import json
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.responses import HTMLResponse

from serving.api.audit_trail import entry_of_log
from serving.api.dependencies import OldVersionsDep, StoreDep
from serving.api.sessions import page_right
from serving.callers import Caller
from serving.schemas.questions import AnswerId
from serving.store import AuditPage, Store
from serving.usecases.replay import is_replayable, replay
from serving.web.rendering import page, speech
from serving.web.view_models.audit import AuditSearch, check_view, entry_line, replay_view, search_of
from serving.web.view_models.lists import PER_PAGE, address

router = APIRouter()

AUDIT = "/admin/audit"
Reader = Annotated[Caller, Depends(page_right("read_audit"))]
Asked = Annotated[str, Query(max_length=200)]


@router.get(AUDIT)
def audit(
    request: Request,
    person: Reader,
    store: StoreDep,
    customer: Asked = "",
    who: Asked = "",
    action: Asked = "",
    since: Asked = "",
    until: Asked = "",
    answer: Asked = "",
    before: Annotated[int | None, Query(ge=1, le=2**31 - 1)] = None,
) -> HTMLResponse:
    """List entries, the newest first, that have everything that is asked."""
    typed = {
        "customer": customer,
        "who": who,
        "action": action,
        "since": since,
        "until": until,
        "answer": answer,
    }
    return _audit_page(request, person, store, search_of(typed, speech(request)), before)


@router.post(AUDIT)
def verify(request: Request, person: Reader, store: StoreDep) -> HTMLResponse:
    """Verify the whole log, and what its answers rest on, against changes."""
    w = speech(request)
    shown = check_view(store.check_audit(), w)
    return _audit_page(request, person, store, search_of({}, w), check=shown)


@router.get(f"{AUDIT}/{{answer_id}}")
def entry(
    request: Request,
    person: Reader,
    store: StoreDep,
    versions: OldVersionsDep,
    answer_id: Annotated[AnswerId, Path()],
    again: bool = False,  # noqa: FBT001, FBT002  # a field of the address
) -> HTMLResponse:
    """Show one entry with its question and its answer, and compute it again where that is asked."""
    found, w = entry_of_log(store, answer_id), speech(request)
    return page(
        request,
        "audit_entry.html",
        person,
        line=entry_line(found, w),
        question=_indented(found.question),
        answer=_indented(found.answer),
        versions=(found.late_model, found.default_model, found.policy_hash),
        replayable=is_replayable(found),
        replayed=replay_view(replay(found, store, versions), w) if again and is_replayable(found) else None,
    )


def _audit_page(
    request: Request,
    person: Caller,
    store: Store,
    search: AuditSearch,
    before: int | None = None,
    check: object = None,
) -> HTMLResponse:
    w = speech(request)
    found = store.audit(PER_PAGE, before, search.about)
    if search.answer_id is not None:
        one = store.audit_entry(search.answer_id)
        found = AuditPage(() if one is None else (one,), None)
    after = found.next_before
    return page(
        request,
        "audit.html",
        person,
        status=422 if search.form.faults else 200,
        form=search.form,
        lines=[entry_line(one, w) for one in found.items],
        newest=address(AUDIT, search.form.typed) if before is not None else None,
        earlier=None if after is None else address(AUDIT, {**search.form.typed, "before": str(after)}),
        check=check,
    )


def _indented(document: object) -> str:
    return json.dumps(document, ensure_ascii=False, indent=2)
