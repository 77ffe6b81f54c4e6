"""Real processes told to end, or killed, while they are asked."""

import http.client
import json
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from serving.store import Store
from tests.serving.server_processes import PATIENCE_S, ServerProcess, a_server

APPLICATION = "tests.serving.slow_app:create_app"
BODY = json.dumps({"customer_id": "C1", "amount_eur": 1_000.0, "terms_days": 30})


@dataclass
class Load:
    """Asks from several threads at once until the server takes no more connections."""

    port: int
    key: str
    answered: list[str] = field(default_factory=list)
    cut: list[str] = field(default_factory=list)

    def ask_on(self) -> None:
        """Ask on one connection after the other, until none is taken any more.

        All connections may have been taken by one worker: those asking it come back once it is gone.
        """
        while True:
            with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)) as connection:
                try:
                    connection.connect()
                except ConnectionError:
                    return
                self.ask_over(connection)

    def ask_over(self, connection: http.client.HTTPConnection) -> None:
        """Ask on one connection until it is closed."""
        headers = {"X-API-Key": self.key, "Content-Type": "application/json"}
        while True:
            try:
                connection.request("POST", "/v1/assessments", BODY, headers)
                response = connection.getresponse()
            except (ConnectionError, http.client.RemoteDisconnected):
                return  # closed before a byte of an answer came
            try:
                document = json.loads(response.read())
            except (http.client.IncompleteRead, ConnectionError, ValueError) as error:
                self.cut.append(repr(error))
                return
            assert response.status == 200, document
            self.answered.append(document["answer_id"])

    def wait_for(self, count: int) -> None:
        wait_until(lambda: len(self.answered) >= count)


@pytest.fixture(params=[1, 2])
def server(request: pytest.FixtureRequest, store: Store, tmp_path: Path) -> Iterator[ServerProcess]:
    with slow_server(tmp_path, request.param) as made:
        yield made


@pytest.fixture
def pair(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ServerProcess]:
    """A server with two workers, which leaves nothing behind where it is killed."""
    monkeypatch.setenv("ENCOURS_SHARED_LIMITS", str(tmp_path / "limits"))
    with slow_server(tmp_path, 2) as made:
        yield made


@contextmanager
def slow_server(folder: Path, workers: int) -> Iterator[ServerProcess]:
    with a_server({"ENCOURS_STORE_URL": f"sqlite:///{folder}/encours.db"}, workers, APPLICATION) as made:
        made.wait_until_up()
        yield made


@contextmanager
def loaded(server: ServerProcess, store: Store) -> Iterator[Load]:
    """Ask from several threads, until the server takes no more; the block begins once many were answered."""
    load = Load(server.port, store.add_key("load", "sales"))
    threads = [threading.Thread(target=load.ask_on) for _ in range(12)]
    for thread in threads:
        thread.start()
    load.wait_for(60)
    yield load
    for thread in threads:
        thread.join(PATIENCE_S)


def logged(store: Store) -> list[str]:
    return sorted(entry.answer_id for entry in store.audit(limit=500).items)


def workers_of(server: ServerProcess) -> list[int]:
    """Return the process ids of a server's workers, the oldest first."""
    children = Path(f"/proc/{server.process.pid}/task/{server.process.pid}/children").read_text()
    return [pid for pid in map(int, children.split()) if b"spawn_main" in command_of(pid)]


def command_of(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def test_told_to_end_it_answers_what_it_took_logs_it_and_ends_well(server: ServerProcess, store: Store):
    with loaded(server, store) as load:
        server.process.send_signal(signal.SIGTERM)
    assert server.process.wait(PATIENCE_S) == 0
    assert load.cut == []
    assert logged(store) == sorted(load.answered)
    assert server.is_free()


@pytest.mark.slow
def test_a_worker_that_is_killed_is_replaced_and_the_others_answer_on(pair: ServerProcess, store: Store):
    before = workers_of(pair)
    assert len(before) == 2
    with loaded(pair, store) as load:
        os.kill(before[0], signal.SIGKILL)
        wait_until(lambda: len(set(workers_of(pair)) - set(before)) == 1)
        load.wait_for(len(load.answered) + 20)
        pair.process.send_signal(signal.SIGTERM)
    assert pair.process.wait(PATIENCE_S) == 0
    assert set(load.answered) <= set(logged(store))
    assert store.check_audit().sound


@pytest.mark.slow
def test_workers_end_with_their_parent(pair: ServerProcess):
    workers = workers_of(pair)
    pair.process.kill()
    wait_until(lambda: not any(command_of(pid) for pid in workers))
    assert pair.is_free()


@pytest.mark.slow
def test_workers_that_cannot_start_end_the_server(store: Store, tmp_path: Path):
    settings = {"ENCOURS_STORE_URL": f"sqlite:///{tmp_path}/encours.db"}
    with a_server(settings, 2, "tests.serving.slow_app:no_such_function") as server:
        assert server.process.wait(PATIENCE_S) != 0


def wait_until(is_so: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE_S
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.05)
