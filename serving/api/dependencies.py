"""What a route may ask for in its signature, as annotated aliases."""

from typing import Annotated

from fastapi import Depends, Request

from serving.audit.old_versions import OldVersions
from serving.services import Services
from serving.store import Run, Store
from serving.usecases.assess import Assess
from serving.usecases.assessors import CreditAssessor
from serving.usecases.decide import Decide
from serving.usecases.overrides import SetOverride, WithdrawOverride


async def _services(request: Request) -> Services:
    services: Services = request.app.state.services
    return services


ServicesDep = Annotated[Services, Depends(_services)]


def _store(services: ServicesDep) -> Store:
    return services.store()


def _assessor(services: ServicesDep) -> CreditAssessor:
    return services.assessor()


def _current_run(services: ServicesDep) -> Run:
    return services.current_run()


async def _old_versions(request: Request) -> OldVersions:
    versions: OldVersions = request.app.state.old_versions
    return versions


async def _assess(request: Request) -> Assess:
    services: Services = request.app.state.services
    return services.assess


async def _decide(services: ServicesDep) -> Decide:
    return services.decide


async def _set_override(services: ServicesDep) -> SetOverride:
    return services.set_override


async def _withdraw_override(services: ServicesDep) -> WithdrawOverride:
    return services.withdraw_override


SetOverrideDep = Annotated[SetOverride, Depends(_set_override)]
WithdrawOverrideDep = Annotated[WithdrawOverride, Depends(_withdraw_override)]
AssessDep = Annotated[Assess, Depends(_assess)]
DecideDep = Annotated[Decide, Depends(_decide)]
StoreDep = Annotated[Store, Depends(_store)]
AssessorDep = Annotated[CreditAssessor, Depends(_assessor)]
RunDep = Annotated[Run, Depends(_current_run)]
OldVersionsDep = Annotated[OldVersions, Depends(_old_versions)]
