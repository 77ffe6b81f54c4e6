"""What a route may ask for in its signature, as annotated aliases."""

from typing import Annotated

from fastapi import Depends, Request

from serving.services import CreditAssessor, Services
from serving.store import Run, Store


def _services(request: Request) -> Services:
    services: Services = request.app.state.services
    return services


ServicesDep = Annotated[Services, Depends(_services)]


def _store(services: ServicesDep) -> Store:
    return services.store()


def _assessor(services: ServicesDep) -> CreditAssessor:
    return services.assessor()


def _current_run(services: ServicesDep) -> Run:
    return services.current_run()


StoreDep = Annotated[Store, Depends(_store)]
AssessorDep = Annotated[CreditAssessor, Depends(_assessor)]
RunDep = Annotated[Run, Depends(_current_run)]
