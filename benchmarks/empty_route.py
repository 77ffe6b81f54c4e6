"""The application that serving is held against: one route that validates the same body."""

from fastapi import FastAPI

from serving.schemas.questions import AssessmentIn


def create_app() -> FastAPI:
    """Build it."""
    app = FastAPI()

    @app.post("/empty")
    async def empty(question: AssessmentIn) -> None:  # noqa: ARG001  # validated, and that is all
        return None

    return app
