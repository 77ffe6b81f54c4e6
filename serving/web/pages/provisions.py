"""Provisions on receivables: kept closings, and their files to take away."""

import datetime as dt
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, Response

from models.errors import UnknownClosingError
from serving.api.dependencies import ProvisionsDep, RecorderDep
from serving.api.problems import Problem
from serving.api.sessions import PageCaller
from serving.api.views import EXPORT, PAGE
from serving.audit.entries import entry_of
from serving.schemas.questions import PlainText
from serving.usecases.provision_files import fec_text, workbook
from serving.usecases.provisions import ClosingView, Provisions
from serving.web.rendering import page, speech
from serving.web.view_models.provisions import provisions_view

router = APIRouter()
Day = Annotated[dt.date | None, Query()]
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@router.get("/provisions")
def provisions(
    request: Request,
    person: PageCaller,
    kept: ProvisionsDep,
    recorder: RecorderDep,
    as_of: Day = None,
    customer: Annotated[PlainText, Query(max_length=100)] = "",
) -> HTMLResponse:
    """Show a kept closing, the latest one without `as_of`; with `customer`, its invoices too."""
    records = kept.kept()
    view = provisions_view(_found(kept, as_of), speech(request), customer) if records or as_of else None
    question = {"path": "/provisions", "query": dict(request.query_params)}
    recorder.record(entry_of(person, PAGE, question, {}, customer or None))
    return page(request, "provisions.html", person, view=view, records=records)


@router.get("/exports/provisions.xlsx")
def sheet(
    request: Request, person: PageCaller, kept: ProvisionsDep, recorder: RecorderDep, as_of: Day = None
) -> Response:
    """Return the auditor's workbook of a closing."""
    found = _found(kept, as_of)
    body = workbook(found, speech(request).language)
    recorder.record(entry_of(person, EXPORT, {"provisions": found.closing.as_of.isoformat()}, {}))
    return _attached(body, _XLSX, f"provisions-{found.closing.as_of}.xlsx")


@router.get("/exports/provision-entries.txt")
def entries(person: PageCaller, kept: ProvisionsDep, recorder: RecorderDep, as_of: Day = None) -> Response:
    """Return the entries of a closing as FEC lines."""
    found = _found(kept, as_of)
    body = fec_text(found.entries(), found.closing.as_of).encode()
    recorder.record(entry_of(person, EXPORT, {"entries": found.closing.as_of.isoformat()}, {}))
    return _attached(body, "text/plain; charset=utf-8", f"provision-entries-{found.closing.as_of}.txt")


def _found(kept: Provisions, as_of: dt.date | None) -> ClosingView:
    try:
        return kept.find(as_of)
    except UnknownClosingError as error:
        raise Problem(404, "unknown-closing", "Unknown closing", f"{error}.") from error


def _attached(body: bytes, kind: str, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(body, media_type=kind, headers=headers)
