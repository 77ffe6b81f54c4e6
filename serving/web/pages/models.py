"""The models in charge beside the versions that may follow them: compared, promoted, rolled back."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from models.errors import CreditError
from serving.api.dependencies import ChangeModelsDep, OldVersionsDep, StoreDep
from serving.api.sessions import page_right
from serving.callers import Caller
from serving.usecases.champions import models_document
from serving.usecases.model_changes import TARGETS, ChangeModels, ModelTarget
from serving.web.rendering import page, speech
from serving.web.sending import SentFields
from serving.web.view_models.model_comparison import comparison_view
from serving.web.view_models.rules import models_view

router = APIRouter()

MODELS = "/models"
Analyst = Annotated[Caller, Depends(page_right("inspect"))]
ModelChanger = Annotated[Caller, Depends(page_right("change_models"))]
Chosen = Annotated[int | None, Query(ge=1, le=2**31 - 1)]


@router.get(MODELS)
def models(
    request: Request,
    person: Analyst,
    store: StoreDep,
    versions: OldVersionsDep,
    changes: ChangeModelsDep,
    late30: Chosen = None,
    default12: Chosen = None,
) -> HTMLResponse:
    """Show the models in charge, each beside the version that may follow it, and who let which one answer."""
    chosen: dict[ModelTarget, int | None] = {"late30": late30, "default12": default12}
    document = models_document(versions.today(), store.promotions())
    return _models_page(request, person, changes, document, chosen)


@router.post(MODELS)
def change_models(
    request: Request,
    person: ModelChanger,
    store: StoreDep,
    versions: OldVersionsDep,
    changes: ChangeModelsDep,
    sent: SentFields,
) -> Response:
    """Promote a version, go back to the one before, or compare the newest one."""
    target = next((one for one in TARGETS if one == sent.get("target")), TARGETS[0])
    version = int(sent["version"]) if sent.get("version", "").isdecimal() else None
    try:
        _change(changes, target, version, sent, person)
    except CreditError as error:
        document = models_document(versions.today(), store.promotions())
        shown = {"target": target, "fault": speech(request).refusal(error), "reason": sent.get("reason", "")}
        return _models_page(request, person, changes, document, {target: version}, shown)
    return RedirectResponse(f"{MODELS}#{target}", 303)


def _change(
    changes: ChangeModels, target: ModelTarget, version: int | None, sent: dict[str, str], person: Caller
) -> None:
    if sent.get("act") == "promote" and version is not None:
        changes.promote(target, version, sent.get("reason", ""), person)
    elif sent.get("act") == "roll_back":
        changes.roll_back(target, sent.get("reason", ""), person)
    else:
        changes.compare(target, person)


def _models_page(
    request: Request,
    person: Caller,
    changes: ChangeModels,
    document: dict[str, Any],
    chosen: dict[ModelTarget, int | None],
    refused: dict[str, str] | None = None,
) -> HTMLResponse:
    w = speech(request)
    return page(
        request,
        "models.html",
        person,
        status=422 if refused else 200,
        view=models_view(document, w),
        comparisons=[comparison_view(changes.known(one), chosen.get(one), w) for one in TARGETS],
        can_change=changes.can_change and person.may("change_models"),
        refused=refused or {},
    )
