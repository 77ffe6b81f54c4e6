"""An assessor of our own, and the application around it."""

import datetime as dt
import gc
import shutil
import warnings
from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from copy import copy
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import numpy as np
from fastapi import FastAPI
from starlette.datastructures import State
from starlette.exceptions import StarletteDeprecationWarning

from models.assessment.assessment import (
    Assessment,
    CreditRequest,
    CustomerState,
    Probability,
    RelatedExposure,
)
from models.assessment.party import Party
from models.assessment.related_exposure import NO_RELATED_EXPOSURE
from models.explain.reasons import Reason, Reasons
from models.policy.document import Policy, load_policy
from models.policy.limit.limit import CustomerTerms, recommend_limit
from serving.api.wiring import Wiring
from serving.app import create_app
from serving.settings import Settings
from serving.store import PackedPartition, Store, open_store
from tests.models.policy.builders import a_case
from tests.serving.store.builders import AS_OF, a_customer, a_key, a_vector, an_invoice

with warnings.catch_warnings():
    # Starlette asks for httpx2 where the lock has httpx; the client works with both.
    warnings.simplefilter("ignore", StarletteDeprecationWarning)
    from fastapi.testclient import TestClient


def an_assessment(party: Party, request: CreditRequest, as_of: dt.date = AS_OF) -> Assessment:
    reason = Reason("payment_history", 0.1 + 0.2, "Paie en retard", "Pays late")
    late = Probability(
        "late30", 1 / 3, 0.3, 0.4, "medium", -0.7, 1.0, 0.0, -1.0, Reasons.of([reason]), "late/3"
    )
    return Assessment(
        party=party,
        as_of=as_of,
        request=request,
        p_late30=late,
        pd_12m=Probability(
            "default12", 0.01, 0.001, 0.09, "none", -4.6, 1.0, 0.0, -4.0, Reasons.of([]), "default/2"
        ),
        days_late_p10=-2.0,
        days_late_p50=3.5,
        days_late_p90=41.0,
        p_later_than={"0": 0.6, "5": 0.5, "15": 0.4, "30": 1 / 3, "60": 0.1},
        grade="B",
        payer_grade="good",
        paydex=None,
        history="none",
        limit=recommend_limit(a_case(), load_policy()),
        case=a_case(),
        recommended_terms_days=30,
        deposit_share=0.0,
        means_of_payment="transfer",
        needs_human=party.natural_person,
        policy_version="2026.11",
        policy_hash="0123456789abcdef",
        features_hash="fedcba9876543210",
        default_model="default/2",
    )


@dataclass
class FakeKnown:
    """A customer that nothing was worked out of."""

    state: CustomerState
    default: Probability
    customer_terms: CustomerTerms = field(default_factory=lambda: CustomerTerms.of(a_case(), load_policy()))
    features_hash: str = "fedcba9876543210"


@dataclass
class FakeAssessor:
    """Answers always the same, and remembers what it was asked."""

    asked: list[dict[str, object]] = field(default_factory=list)
    policy: Policy = field(default_factory=load_policy)

    def assess(self, state: CustomerState, request: CreditRequest) -> Assessment:
        self.asked.append({"state": state, "request": request})
        return an_assessment(state.party, request, state.as_of)

    def know(self, states: Sequence[CustomerState]) -> list[FakeKnown]:
        return [FakeKnown(state, an_assessment(state.party, CreditRequest()).pd_12m) for state in states]

    def warm(self) -> None:
        """Do nothing: nothing is compiled here."""

    def before_a_group(self, requests: Sequence[CreditRequest]) -> None:
        """Do nothing; others may."""

    def answer(
        self,
        customers: Sequence[FakeKnown],
        requests: Sequence[CreditRequest],
        beside: Executor | None = None,
    ) -> list[Assessment]:
        self.before_a_group(requests)
        return [self.assess(one.state, request) for one, request in zip(customers, requests, strict=True)]

    def state_of_prospect(
        self,
        party: Party,
        accounts: Sequence[Mapping[str, object]],
        as_of: dt.date,
        peers: Mapping[str, object],
        surroundings: RelatedExposure = NO_RELATED_EXPOSURE,
        filings: Sequence[Mapping[str, object]] = (),
    ) -> CustomerState:
        self.asked.append(
            {
                "party": party,
                "accounts": accounts,
                "as_of": as_of,
                "peers": peers,
                "surroundings": surroundings,
                "filings": filings,
            }
        )
        return CustomerState(party, as_of, a_vector(np.nan, 2.5), surroundings)


def a_published_store(folder: Path) -> Store:
    """Make a store with two customers, one of them owing an invoice."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(_published_file(), folder / "encours.db")
    return open_store(f"sqlite:///{folder}/encours.db")


@cache
def _published_file() -> Path:
    """Publish once what each test then has a copy of."""
    path = Path(mkdtemp()) / "encours.db"
    publish_into(open_store(f"sqlite:///{path}")).close()
    return path


def publish_into(store: Store) -> Store:
    """Publish two customers, one of them owing an invoice."""
    run = store.begin_run(a_key())
    party = Party("C1", "Société C1", "732829320", created_on=dt.date(2001, 2, 3))
    document = an_assessment(party, CreditRequest()).document()
    customers = [
        a_customer("C1", name="Société Élan", party=document["party"], assessment=document),
        a_customer("411/B", name="100% Bio", siren=None, assessment=document),
    ]
    store.write_partition(run.run_id, 0, PackedPartition.of(customers, [an_invoice("F1", "C1")]))
    owed = {"portfolio_eur": 1_000.0, "sectors": {"43": 300.0}, "groups": {}}
    store.publish(run.run_id, {"peers": {"43": {"late30_share": 0.25}}, "surroundings": owed})
    return store


def an_app(store: Store, assessor: FakeAssessor | None = None) -> FastAPI:
    """Make an application that shares its routes with every other; `an_app_of_its_own` may be given more."""
    app = copy(_routed())
    app.state, app.middleware_stack = State(), None
    app.state.wiring = Wiring(Settings(_env_file=None), assessor, store)
    return app


@cache
def _routed() -> FastAPI:
    """Build the routes once, which costs more than most tests."""
    made = an_app_of_its_own(None)
    # Every start of an application collects garbage, and the routes live until the end.
    gc.freeze()
    return made


def an_app_of_its_own(store: Store | None, assessor: FakeAssessor | None = None) -> FastAPI:
    return create_app(Settings(_env_file=None), assessor, store)


def a_client(app: FastAPI, store: Store, role: str = "sales") -> TestClient:
    """Return a client that carries a key."""
    key = store.add_key(f"test {role}", role)  # type: ignore[arg-type]  # roles by name
    return TestClient(app, headers={"X-API-Key": key}, raise_server_exceptions=False)
