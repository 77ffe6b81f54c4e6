"""Files handed in on a page: what they are and would do, then the import."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile

from models.errors import CreditError, UnknownUploadError, UploadError
from serving.api.dependencies import UploadsDep
from serving.api.problems import Problem
from serving.api.sessions import page_right
from serving.callers import Caller
from serving.usecases.uploads import FIELDS, MOST_FILES, Uploads, UploadState
from serving.web.forms import Typed
from serving.web.rendering import page, speech
from serving.web.sending import SentFields
from serving.web.view_models.uploads import upload_view

router = APIRouter()

UPLOADS = "/import"
DEFAULT_TERMS_DAYS = 30
Importer = Annotated[Caller, Depends(page_right("import"))]
UploadId = Annotated[str, Path(max_length=64)]


@router.get(UPLOADS)
def uploads(request: Request, person: Importer, uploads: UploadsDep) -> HTMLResponse:
    """Show the form, and the uploads of the last day."""
    return _form(request, person, uploads)


@router.post(UPLOADS)
async def receive(request: Request, person: Importer, uploads: UploadsDep) -> Response:
    """Store the files and go to the page that tells what they are."""
    async with request.form(max_files=MOST_FILES) as form:
        files = [(one.filename, one.file) for one in form.getlist("files") if isinstance(one, UploadFile)]
        named = [(name, file) for name, file in files if name]
        typed = Typed({"terms": str(form.get("terms") or DEFAULT_TERMS_DAYS)}, speech(request))
        terms = typed.whole("terms", 0, 365)
        if terms is None:
            return _form(request, person, uploads, typed.faults["terms"])
        try:
            upload_id = await run_in_threadpool(uploads.receive, named, terms, person)
        except UploadError as error:
            return _form(request, person, uploads, speech(request).refusal(error))
    return RedirectResponse(f"{UPLOADS}/{upload_id}", 303)


@router.get(f"{UPLOADS}/{{upload_id}}")
def upload(request: Request, person: Importer, uploads: UploadsDep, upload_id: UploadId) -> HTMLResponse:
    """Show what the files are and would do, which column is what, or how the import goes."""
    return _upload_page(request, person, _found(uploads, upload_id))


@router.post(f"{UPLOADS}/{{upload_id}}")
def act(
    request: Request, person: Importer, uploads: UploadsDep, upload_id: UploadId, sent: SentFields
) -> Response:
    """Say which column is what, confirm the import, or drop the files."""
    state = _found(uploads, upload_id)
    try:
        if sent.get("act") == "choose":
            uploads.choose(upload_id, {name: sent.get(name, "") for name in (*FIELDS, "save_as")})
        elif sent.get("act") == "confirm":
            uploads.confirm(upload_id, person)
        else:
            uploads.drop(upload_id)
            return RedirectResponse(UPLOADS, 303)
    except UnknownUploadError as error:
        raise _unknown(upload_id) from error
    except CreditError as error:
        return _upload_page(request, person, state, speech(request).refusal(error))
    return RedirectResponse(f"{UPLOADS}/{upload_id}", 303)


def _form(request: Request, person: Caller, uploads: Uploads, fault: str = "") -> HTMLResponse:
    w = speech(request)
    return page(
        request,
        "uploads.html",
        person,
        status=422 if fault else 200,
        fault=fault,
        can_import=uploads.can_import,
        terms=DEFAULT_TERMS_DAYS,
        recent=[upload_view(one, w) for one in uploads.recent()],
    )


def _upload_page(request: Request, person: Caller, state: UploadState, fault: str = "") -> HTMLResponse:
    view = upload_view(state, speech(request))
    return page(request, "upload.html", person, status=422 if fault else 200, view=view, fault=fault)


def _found(uploads: Uploads, upload_id: str) -> UploadState:
    try:
        return uploads.find(upload_id)
    except UnknownUploadError as error:
        raise _unknown(upload_id) from error


def _unknown(upload_id: str) -> Problem:
    return Problem(404, "unknown-upload", "Unknown upload", f"There is no upload {upload_id[:40]!r}.")
