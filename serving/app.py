"""The application: where everything is wired.

Owns the wiring. Run it with `uvicorn --factory serving.app:create_app`; importing it does nothing.
"""

from __future__ import annotations

from contextlib import asynccontextmanager
from importlib.metadata import version
from typing import TYPE_CHECKING

import structlog
from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool

from models.errors import CreditError
from serving.api import description, problems
from serving.api.middleware import headers
from serving.api.middleware.bodies import BodyLimit
from serving.api.middleware.compression import Compression
from serving.api.routes import (
    alerts,
    assessments,
    assignments,
    audit,
    batches,
    cases,
    cash,
    customers,
    decisions,
    health,
    migration,
    models,
    overrides,
    penalties,
    policy,
    portfolio,
    provisions,
    registers,
    reviews,
    risk,
    session,
    stress,
    worklist,
)
from serving.api.wiring import Wiring
from serving.interpreter import set_for_serving
from serving.settings import Settings
from serving.web import api_viewer
from serving.web import router as web
from serving.web.pages import uploads

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from serving.store import Store
    from serving.usecases.assessors import CreditAssessor
    from serving.usecases.model_changes import RunModelJob
    from serving.usecases.register_lookup import Lookups
    from serving.usecases.uploads import StartJob


API = (
    *(assessments, batches, decisions, customers, portfolio, stress, cash, risk, migration, alerts, worklist),
    *(penalties, overrides, cases, reviews, assignments, audit, models, policy, registers),
    provisions,
)


def create_app(
    settings: Settings | None = None,
    assessor: CreditAssessor | None = None,
    store: Store | None = None,
    lookups: Lookups | None = None,
    start_job: StartJob | None = None,
    run_model_job: RunModelJob | None = None,
) -> FastAPI:
    """Build the application.

    Parameters
    ----------
    settings
        Where the store and the policy are; read from the environment without it.
    assessor, store
        Used as they are where given; else opened when the application starts, and tried again on request
        where that failed.
    lookups
        Looks companies up in the registers; as the environment says without it.
    start_job
        Starts the job of an upload; without it the page `/import` takes no files.
    run_model_job
        Runs a job on versions of the models; without it none is promoted on the page `/models`.

    Raises
    ------
    pydantic.ValidationError
        The environment holds what it may not.
    """
    settings = settings or Settings()
    wiring = Wiring(
        settings, assessor, store, lookups=lookups, start_job=start_job, run_model_job=run_model_job
    )
    app = FastAPI(
        title="Encours",
        summary="Customer credit risk: scores, reasons and limits.",
        version=version("encours"),
        lifespan=_lifespan,
        docs_url=None,
        redoc_url=None,
        generate_unique_id_function=description.operation_id,
    )
    app.state.wiring = wiring
    larger = {uploads.UPLOADS: settings.upload_mb * 1_000_000}
    app.add_middleware(BodyLimit, largest_bytes=problems.LARGEST_BODY_BYTES, larger=larger)
    problems.install(app)
    description.install(app)
    # One by one, for each level of routers is matched anew at every request; the busiest comes first.
    for noun in API:
        app.include_router(noun.router, prefix="/v1", responses=problems.documented(401, 422, 429, 503))
    app.include_router(health.router)
    app.include_router(session.router)
    web.install(app)
    api_viewer.install(app)
    app.add_middleware(Compression)
    headers.install(app)
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    wiring: Wiring = app.state.wiring
    for open_it in (wiring.store, wiring.assessors.get):
        try:
            await run_in_threadpool(open_it)
        except CreditError as error:
            # Not a reason to stay down: /readyz says what is missing, and requests try again.
            structlog.get_logger().warning("not_ready", reason=str(error))
    with set_for_serving():
        yield
    await run_in_threadpool(wiring.close)
