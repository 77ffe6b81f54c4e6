"""The portfolio under a stress scenario, one that ships or one that is typed."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, Response

from models.errors import ScenarioError
from serving.api.dependencies import StressDep
from serving.api.sessions import PageCaller
from serving.api.views import EXPORT, PAGE, viewer_of
from serving.callers import Caller
from serving.schemas.questions import MOST_EUR
from serving.schemas.stress import LONGEST_SCENARIO
from serving.usecases.stress import StressAnswer, shipped_scenarios, shipped_text
from serving.web.exports.stressed_customers import COLUMNS, stress_rows
from serving.web.pages.exports import table_response
from serving.web.rendering import page, speech
from serving.web.sending import SentFields
from serving.web.view_models.stress import stress_view

router = APIRouter()

Name = Annotated[str, Query(max_length=100)]


@router.get("/stress")
def stress(
    request: Request,
    person: PageCaller,
    portfolio: StressDep,
    scenario: Name = "",
) -> HTMLResponse:
    """Show the scenarios that ship and, where one is chosen, what it does."""
    if not scenario:
        return _page(request, person)
    try:
        text = shipped_text(scenario)
        found = portfolio(viewer_of(request, person, PAGE), text)
    except ScenarioError as error:
        return _page(request, person, fault=error)
    return _page(request, person, text, found=found, chosen=scenario)


@router.post("/stress")
def typed(request: Request, person: PageCaller, portfolio: StressDep, sent: SentFields) -> Response:
    """Show what a typed scenario does, or return it as a table."""
    # Browsers send line ends as two signs.
    text = sent.get("text", "")[:LONGEST_SCENARIO].replace("\r\n", "\n")
    amount = sent.get("reverse", "").strip()
    try:
        as_table = sent.get("act") == "csv"
        viewer = viewer_of(request, person, EXPORT if as_table else PAGE)
        found = portfolio(viewer, text, reverse_eur=_amount(amount))
    except ScenarioError as error:
        return _page(request, person, text, amount, fault=error)
    if as_table:
        return _table(request, found)
    return _page(request, person, text, amount, found=found)


@router.get("/exports/stress.csv")
def table(request: Request, person: PageCaller, portfolio: StressDep, scenario: Name) -> Response:
    """Return every customer before and after a scenario that ships."""
    try:
        found = portfolio(viewer_of(request, person, EXPORT), shipped_text(scenario))
    except ScenarioError as error:
        return _page(request, person, fault=error)
    return _table(request, found)


def _amount(typed_eur: str) -> float | None:
    """Return a typed amount of euros; None where none was typed."""
    if not typed_eur:
        return None
    digits = "".join(typed_eur.split()).replace("€", "").replace(",", ".")
    try:
        amount = float(digits)
    except ValueError:
        amount = 0.0
    if not 1.0 <= amount <= MOST_EUR:
        raise ScenarioError(
            f"the amount is {typed_eur[:40]!r}; give euros from 1 to {MOST_EUR:,.0f}",
            f"le montant est {typed_eur[:40]!r} ; donnez des euros, de 1 à {MOST_EUR:.0f}",
        )
    return amount


def _table(request: Request, found: StressAnswer) -> Response:
    name = f"stress-{found.run.key.as_of}"
    return table_response(request, name, COLUMNS, stress_rows(found))


def _page(
    request: Request,
    person: Caller,
    text: str = "",
    amount: str = "",
    *,
    found: StressAnswer | None = None,
    fault: ScenarioError | None = None,
    chosen: str = "",
) -> HTMLResponse:
    w, shipped = speech(request), shipped_scenarios()
    return page(
        request,
        "stress.html",
        person,
        status=200 if fault is None else 422,
        text=text or (shipped[0].text if shipped else ""),
        amount=amount,
        faults=() if fault is None else w.either(fault.message_fr, str(fault)).splitlines(),
        shipped=[(one.name, one.scenario.name.told(w.language)) for one in shipped],
        chosen=chosen,
        view=None if found is None else stress_view(found, w),
    )
