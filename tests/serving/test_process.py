"""A real process told to end while it is asked."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from serving.store import Store

CODE = "import sys; from serving.process import run; run('127.0.0.1', int(sys.argv[1]), sys.argv[2])"
BODY = json.dumps({"customer_id": "C1", "amount_eur": 1_000.0, "terms_days": 30})


@dataclass
class Load:
    """Asks from several threads at once until the server takes no more."""

    port: int
    key: str
    answered: list[str] = field(default_factory=list)
    cut: list[str] = field(default_factory=list)

    def ask_on(self) -> None:
        """Ask on one connection until it is closed."""
        headers = {"X-API-Key": self.key, "Content-Type": "application/json"}
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)) as connection:
            while True:
                try:
                    connection.request("POST", "/v1/assessments", BODY, headers)
                    response = connection.getresponse()
                except (ConnectionError, http.client.RemoteDisconnected):
                    return  # refused before a byte of an answer came
                try:
                    document = json.loads(response.read())
                except (http.client.IncompleteRead, ValueError) as error:
                    self.cut.append(repr(error))
                    return
                assert response.status == 200, document
                self.answered.append(document["answer_id"])


@pytest.fixture
def running(store: Store, tmp_path: Path) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    env = {**os.environ, "ENCOURS_STORE_URL": f"sqlite:///{tmp_path}/encours.db"}
    command = [sys.executable, "-c", CODE, str(port), "tests.serving.slow_app:create_app"]
    process = subprocess.Popen(command, env=env)
    wait_until_up(port, process)
    yield process, port
    process.kill()
    process.wait(30)


def wait_until_up(port: int, process: subprocess.Popen[bytes]) -> None:
    while process.poll() is None:
        try:
            with closing(socket.create_connection(("127.0.0.1", port), 1)):
                return
        except OSError:
            time.sleep(0.05)
    raise AssertionError(f"the server ended with {process.returncode}")


def test_told_to_end_it_answers_what_it_took_logs_it_and_ends_well(
    running: tuple[subprocess.Popen[bytes], int], store: Store
):
    process, port = running
    load = Load(port, store.add_key("load", "sales"))
    threads = [threading.Thread(target=load.ask_on) for _ in range(12)]
    for thread in threads:
        thread.start()
    while len(load.answered) < 60:
        time.sleep(0.01)
    process.send_signal(signal.SIGTERM)
    for thread in threads:
        thread.join(60)
    assert process.wait(60) == 0
    assert load.cut == []
    logged = [entry.answer_id for entry in store.audit(limit=500).items]
    assert sorted(logged) == sorted(load.answered)
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(("127.0.0.1", port), 1)
