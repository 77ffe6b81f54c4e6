"""The portfolio as the last published night has it: class mix, migration, expected loss, exposures, ages."""

from typing import Any

from fastapi import Request
from fastapi.responses import Response

from serving.api.dependencies import LimitsDep, RecorderDep, RunDep, StoreDep
from serving.api.problems import documented, no_findings
from serving.api.routes.api_route import api_router
from serving.api.security import CallerDep
from serving.api.views import answer_list
from serving.schemas.portfolio import PortfolioOut
from serving.usecases.limit_usage import top_of
from serving.usecases.lists import listed_exposure

router = api_router("portfolio")


@router.get("", response_model=PortfolioOut, responses=documented(401, 503))
def portfolio(
    request: Request,
    recorder: RecorderDep,
    limits: LimitsDep,
    store: StoreDep,
    caller: CallerDep,
    run: RunDep,
) -> Response:
    """Return the portfolio's figures."""

    def found() -> dict[str, Any]:
        document = store.portfolio()
        if document is None:
            raise no_findings()
        made = limits(run, top_of(document))
        top = [listed_exposure(line, made) for line in document["top_exposures"]]
        return {**document, "top_exposures": top, "run_id": run.run_id}

    return answer_list(request, recorder, limits, caller, run, found)
