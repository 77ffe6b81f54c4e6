"""What people take away: tables as CSV, and the sheet of an assessment as a PDF."""

import datetime as dt
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response, StreamingResponse

from models.portfolio.cover import CoverChange
from models.portfolio.worklist import CollectionStage, Proposal
from serving.api.audit_trail import decision_of_log
from serving.api.customer_filters import CustomerQueryDep
from serving.api.dependencies import (
    CustomerFilesDep,
    PortfolioRiskDep,
    PublishedListsDep,
    RecorderDep,
    RunDep,
    StoreDep,
)
from serving.api.sessions import PageCaller
from serving.api.views import EXPORT, SHEET, enter_file, viewer_of
from serving.audit.entries import entry_of
from serving.schemas.questions import AnswerId, CustomerId
from serving.usecases.worklist import WorklistFilter
from serving.web.exports import rows
from serving.web.exports.decision_sheet import DecisionRecord, decision_sheet
from serving.web.exports.file_names import file_name
from serving.web.exports.sheet import SheetHead, sheet
from serving.web.exports.tables import csv_lines
from serving.web.pages.alerts import alert_filter
from serving.web.rendering import speech
from serving.web.view_models.customer import answer_view

router = APIRouter(prefix="/exports")


@router.get("/customers.csv")
def customers(
    request: Request,
    person: PageCaller,
    lists: PublishedListsDep,
    query: CustomerQueryDep,
) -> Response:
    """Return the customers that a query finds, all of them."""
    whole = lists.every_customer(viewer_of(request, person, EXPORT), query)
    found = rows.customers(whole.rows, speech(request), whole.made, whole.oversight)
    return table_response(request, f"customers-{whole.run.key.as_of}", rows.CUSTOMERS, found)


@router.get("/invoices.csv")
def invoices(
    request: Request,
    person: PageCaller,
    lists: PublishedListsDep,
    customer: Annotated[CustomerId, Query()],
) -> Response:
    """Return a customer's open invoices."""
    found = lists.invoices(viewer_of(request, person, EXPORT), customer)
    return table_response(
        request, f"invoices-{found.stored.as_of}", rows.INVOICES, rows.invoices(found.invoices)
    )


@router.get("/worklist.csv")
def worklist(
    request: Request,
    person: PageCaller,
    lists: PublishedListsDep,
    tone: Proposal | Literal[""] = "",
    stage: CollectionStage | Literal[""] = "",
    mine: Literal["1", ""] = "",
    parked: Literal["1", ""] = "",
) -> Response:
    """Return the customers to chase, all of those that the page lists."""
    assignee = person.name if mine else None
    wanted = WorklistFilter(tone or None, stage or None, assignee, is_parked=bool(parked))
    whole = lists.every_chase(viewer_of(request, person, EXPORT), wanted)
    found = rows.worklist(whole.rows, speech(request), whole.made)
    return table_response(request, f"worklist-{whole.run.key.as_of}", rows.WORKLIST, found)


@router.get("/alerts.csv")
def alerts(
    request: Request,
    person: PageCaller,
    lists: PublishedListsDep,
    severity: Literal["", "high", "medium", "low"] = "",
    cause: Literal["", "data", "model", "policy"] = "",
    seen: Literal["", "no", "yes"] = "",
) -> Response:
    """Return what changed, all of it, with who saw it and whose it is."""
    whole = lists.every_alert(viewer_of(request, person, EXPORT), alert_filter(severity, cause, seen))
    found = rows.alerts(whole.rows, speech(request), whole.made)
    return table_response(request, f"alerts-{whole.run.key.as_of}", rows.ALERTS, found)


@router.get("/portfolio.csv")
def portfolio(
    request: Request,
    person: PageCaller,
    lists: PublishedListsDep,
) -> Response:
    """Return the figures of the portfolio."""
    shown = lists.portfolio(viewer_of(request, person, EXPORT))
    found = () if shown.document is None else rows.portfolio(shown.document, speech(request), shown.made)
    return table_response(request, f"portfolio-{shown.run.key.as_of}", rows.PORTFOLIO, found)


@router.get("/risk.csv")
def risk(
    request: Request, person: PageCaller, lists: PublishedListsDep, reports: PortfolioRiskDep
) -> Response:
    """Return the part of every legal entity in the losses of the portfolio."""
    run = lists.portfolio(viewer_of(request, person, EXPORT)).run
    found = rows.risk(reports(run, CoverChange()).contributions)
    return table_response(request, f"risk-{run.key.as_of}", rows.RISK, found)


@router.get("/assessment.pdf")
def assessment(
    request: Request,
    person: PageCaller,
    recorder: RecorderDep,
    files: CustomerFilesDep,
    _run: RunDep,
    customer: Annotated[CustomerId, Query()],
) -> Response:
    """Return the sheet of a customer's assessment; the audit log has it under the sheet's id."""
    w, found = speech(request), files.find(customer)
    in_force, row = files.in_force(found), found.stored.row
    entry = enter_file(request, recorder, person, SHEET, found, {"in_force": in_force})
    answer_id = entry.answer_id
    head = SheetHead(
        row.name or customer,
        customer,
        row.siren,
        row.open_eur,
        row.overdue_eur,
        row.on_account_eur,
        answer_id,
        person.name,
        entry.at,
    )
    body = sheet(head, answer_view(row.assessment, w, in_force, found.context), w)
    return _pdf(body, w("sheet.file"), head.name, found.stored.as_of)


@router.get("/decision.pdf")
def decision(
    request: Request,
    person: PageCaller,
    recorder: RecorderDep,
    store: StoreDep,
    answer: Annotated[AnswerId, Query()],
) -> Response:
    """Return the sheet of a recorded decision with its question; that it was taken is entered in the log."""
    w, found = speech(request), decision_of_log(store, answer)
    record = DecisionRecord(found.who, found.at, found.answer)
    body = decision_sheet(record, w)
    recorder.record(entry_of(person, SHEET, {"answer_id": answer}, {}, found.customer_id))
    return _pdf(body, w("decision_sheet.file"), record.name, found.at.date())


def table_response(request: Request, name: str, columns: tuple[str, ...], found: Any) -> Response:  # noqa: ANN401  # rows of cells
    """Return rows as a CSV file to keep."""
    w = speech(request)
    lines = csv_lines(rows.head(columns, w), found, w.language)
    return StreamingResponse(lines, media_type="text/csv; charset=utf-8", headers=_attached(f"{name}.csv"))


def _pdf(body: bytes, what: str, name: str, day: dt.date) -> Response:
    """Return a PDF whose file is named after what it is, whom it is about, and its day."""
    headers = _attached(f"{file_name(f'{what} {name}')}-{day}.pdf")
    return Response(body, media_type="application/pdf", headers=headers)


def _attached(name: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
