"""The whole portfolio."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from serving.api.dependencies import LimitsDep, RecorderDep, RunDep, StoreDep
from serving.api.sessions import PageCaller
from serving.api.views import PAGE, enter_list
from serving.usecases.limit_usage import top_of
from serving.web.rendering import page, speech
from serving.web.view_models.portfolio import portfolio_view

router = APIRouter()


@router.get("/portfolio")
def portfolio(
    request: Request,
    person: PageCaller,
    recorder: RecorderDep,
    limits: LimitsDep,
    store: StoreDep,
    run: RunDep,
) -> HTMLResponse:
    """Show the portfolio as the last published night has it."""
    document = store.portfolio()
    enter_list(request, recorder, person, PAGE, run)
    made = limits(run, top_of(document))
    view = None if document is None else portfolio_view(document, speech(request), made)
    return page(request, "portfolio.html", person, view=view, as_of=run.key.as_of)
