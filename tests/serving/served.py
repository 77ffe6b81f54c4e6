"""An application over two real nights of a small demo, and clients of every role."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from fastapi import FastAPI

import models.policy.document
from models.assessment.assessor import EPOCH
from pipelines.ledger_parts import LedgerInMemory
from pipelines.nightly.night import run_night
from serving.app import create_app
from serving.settings import Settings
from serving.store import Store, StoredPolicy, open_store
from tests.models.fitted import fitted
from tests.serving.fakes import TestClient
from tests.serving.store.builders import an_override

ASSIGNEE = "claire"
"""A user to whom customers can be assigned."""


@dataclass(frozen=True)
class Served:
    """The application with its store; `as_of` is the day of the last night."""

    app: FastAPI
    store: Store
    as_of: dt.date
    keys: dict[str, str]

    def client(self, role: str = "sales") -> TestClient:
        return TestClient(self.app, headers={"X-API-Key": self.keys[role]}, raise_server_exceptions=False)

    @property
    def owing(self) -> str:
        """A customer that owes the most."""
        lines = self.store.search("", 1000).items
        return max(lines, key=lambda line: (line.open_eur, line.customer_id)).customer_id


def an_app_over(store: Store) -> FastAPI:
    """Make another application over the same store: one that is started may also be stopped."""
    settings = Settings(_env_file=None, rate_per_minute=0)  # type: ignore[call-arg]  # pydantic-settings' own
    return create_app(settings, fitted().assessor, store)


@cache
def served() -> Served:
    store = open_store(f"sqlite:///{Path(mkdtemp())}/encours.db")
    last = EPOCH + dt.timedelta(days=fitted().cut)
    for day in (last - dt.timedelta(days=31), last):
        run_night(LedgerInMemory.of(fitted().ledger, day), fitted().assessor, store, lambda *_: ())
    text = Path(models.policy.document.__file__).with_name("policy.toml").read_text(encoding="utf-8")
    policy = fitted().assessor.policy
    store.add_policy(StoredPolicy(policy.hash, policy.version, text))
    app = an_app_over(store)
    store.add_user(ASSIGNEE, "analyst", "un mot de passe assez long")
    keys = {role: store.add_key(role, role) for role in ("sales", "analyst", "batch", "admin")}  # type: ignore[arg-type]
    return Served(app, store, last, keys)


@contextmanager
def overridden(customer_id: str, kind: str, value: object) -> Iterator[None]:
    """Set something in the model's place for a while."""
    until = dt.datetime.now(dt.UTC).date() + dt.timedelta(days=30)
    store = served().store
    kept = store.add_override(an_override(customer_id=customer_id, kind=kind, value=value, valid_until=until))
    try:
        yield
    finally:
        store.withdraw_override(kept.override_id, "dominique", "end of the test, taken back")
