"""What a route may ask for in its signature, as annotated aliases: each names one thing of the wiring."""

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import Depends, Request

from serving.audit.recorder import Recorder
from serving.store import Run, Store
from serving.usecases.access import ChangeAccess
from serving.usecases.assess import Assess
from serving.usecases.assessors import CreditAssessor
from serving.usecases.case_answers import AnswerCase
from serving.usecases.cases import CaseDesk, OpenCase
from serving.usecases.customer_file import CustomerFiles
from serving.usecases.decide import Decide
from serving.usecases.limit_usage import LimitsInForce
from serving.usecases.lists import PublishedLists
from serving.usecases.model_changes import ChangeModels
from serving.usecases.notifications import Notifications
from serving.usecases.old_versions import OldVersions
from serving.usecases.overrides import SetOverride, WithdrawOverride
from serving.usecases.policy_changes import ChangePolicy
from serving.usecases.portfolio_risk import PortfolioRisk
from serving.usecases.provisions import Provisions
from serving.usecases.register_lookup import Lookups
from serving.usecases.reviews import AssignCustomers, MarkReviewed
from serving.usecases.saved_views import SavedViews
from serving.usecases.stress import StressPortfolio
from serving.usecases.subjects import published_run
from serving.usecases.uploads import Uploads
from serving.usecases.worklist import CollectionActions

if TYPE_CHECKING:
    from serving.api.wiring import Wiring


def _wired(name: str) -> Any:  # noqa: ANN401  # a dependency of whatever type the wiring holds by that name
    async def get(request: Request) -> Any:  # noqa: ANN401  # as above
        return getattr(request.app.state.wiring, name)

    return Depends(get)


def _store(request: Request) -> Store:
    wiring: Wiring = request.app.state.wiring
    return wiring.store()


def _assessor(request: Request) -> CreditAssessor:
    wiring: Wiring = request.app.state.wiring
    return wiring.assessors.get()


StoreDep = Annotated[Store, Depends(_store)]
AssessorDep = Annotated[CreditAssessor, Depends(_assessor)]


def _current_run(store: StoreDep) -> Run:
    return published_run(store)


def _today(request: Request) -> dt.date:
    wiring: Wiring = request.app.state.wiring
    return wiring.today()


RunDep = Annotated[Run, Depends(_current_run)]
TodayDep = Annotated[dt.date, Depends(_today)]
RecorderDep = Annotated[Recorder, _wired("recorder")]
LimitsDep = Annotated[LimitsInForce, _wired("limits")]
CustomerFilesDep = Annotated[CustomerFiles, _wired("customer_files")]
ChangePolicyDep = Annotated[ChangePolicy, _wired("change_policy")]
ChangeModelsDep = Annotated[ChangeModels, _wired("change_models")]
ProvisionsDep = Annotated[Provisions, _wired("provisions")]
SavedViewsDep = Annotated[SavedViews, _wired("saved_views")]
NotificationsDep = Annotated[Notifications, _wired("notifications")]
ChangeAccessDep = Annotated[ChangeAccess, _wired("change_access")]
AssessDep = Annotated[Assess, _wired("assess")]
DecideDep = Annotated[Decide, _wired("decide")]
SetOverrideDep = Annotated[SetOverride, _wired("set_override")]
WithdrawOverrideDep = Annotated[WithdrawOverride, _wired("withdraw_override")]
MarkReviewedDep = Annotated[MarkReviewed, _wired("mark_reviewed")]
CollectionActionsDep = Annotated[CollectionActions, _wired("collection_actions")]
AssignCustomersDep = Annotated[AssignCustomers, _wired("assign_customers")]
OpenCaseDep = Annotated[OpenCase, _wired("open_case")]
CaseDeskDep = Annotated[CaseDesk, _wired("case_desk")]
AnswerCaseDep = Annotated[AnswerCase, _wired("answer_case")]
OldVersionsDep = Annotated[OldVersions, _wired("old_versions")]
PublishedListsDep = Annotated[PublishedLists, _wired("lists")]
PortfolioRiskDep = Annotated[PortfolioRisk, _wired("portfolio_risk")]
LookupsDep = Annotated[Lookups, _wired("lookups")]
UploadsDep = Annotated[Uploads, _wired("uploads")]
StressDep = Annotated[StressPortfolio, _wired("stress")]
RatesPathDep = Annotated[Path | None, _wired("rates_path")]
