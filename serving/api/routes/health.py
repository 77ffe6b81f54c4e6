"""Whether the process lives, and whether it can answer. Neither needs a key."""

from fastapi import APIRouter

from serving.api.dependencies import AssessorDep, RunDep
from serving.api.problems import documented
from serving.schemas.answers import HealthOut, ReadyOut

router = APIRouter(tags=["health"])


@router.get("/healthz")
def healthz() -> HealthOut:
    """Say that the process answers."""
    return HealthOut(status="ok")


@router.get("/readyz", responses=documented(503))
def readyz(_assessor: AssessorDep, run: RunDep) -> ReadyOut:
    """Say that models are loaded, the store is reached and scores published; else 503 says what to run."""
    return ReadyOut(status="ready", as_of=run.key.as_of, run_id=run.run_id)
