"""A night on a real Dask cluster of two processes: the same bytes, also where a worker is killed."""

import operator
import os
import signal
import socket
import threading
from contextlib import suppress
from pathlib import Path

import pytest

from models.errors import NightError
from models.ledger import partitions
from models.ledger.files import write_ledger
from models.wording.messages import french
from pipelines.ledger_parts import StoredLedger
from pipelines.nightly.night import run_night
from pipelines.workers import workers_for
from serving.store import open_store
from tests.models.fitted import fitted
from tests.pipelines.nightly.test_night import DAY
from tests.pipelines.nightly.test_parts import contents, published

distributed = pytest.importorskip("distributed", reason="needs the extra dask")


@pytest.fixture
def cluster():
    made = distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, host="127.0.0.1", dashboard_address="127.0.0.1:0"
    )
    try:
        yield made
    finally:
        # Dask's own: a worker that is just being started anew cannot be joined.
        with suppress(AssertionError):
            made.close()


@pytest.fixture
def stored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> StoredLedger:
    monkeypatch.setattr(partitions, "PART_CUSTOMERS", 30)
    write_ledger(fitted().ledger, tmp_path / "ledger")
    return StoredLedger.of(tmp_path / "ledger", DAY)


@pytest.mark.slow
def test_a_worker_killed_in_the_night_loses_nothing_and_doubles_nothing(
    tmp_path: Path, stored: StoredLedger, cluster: distributed.LocalCluster
):
    alone = published(tmp_path / "alone.db", stored)
    store = open_store(f"sqlite:///{tmp_path}/cluster.db")
    victims = [worker.process.process.pid for worker in cluster.workers.values()]

    def kill_one(done: int, _all: int) -> None:
        if done == 2:
            os.kill(victims[0], signal.SIGKILL)

    with workers_for(stored.count, dask=cluster.scheduler_address) as workers:
        run_night(stored, fitted().assessor, store, lambda *_: (), kill_one, workers=workers)
    assert contents(store) == alone


@pytest.mark.slow
def test_a_part_that_kills_every_worker_ends_in_one_sentence_in_both_languages(
    cluster: distributed.LocalCluster,
):
    with (
        pytest.raises(NightError, match="that had one of the parts was killed") as raised,
        workers_for(9, dask=cluster.scheduler_address) as workers,
    ):
        list(workers.run(operator.call, signal.raise_signal, [signal.SIGKILL]))
    assert french(str(raised.value)).startswith("tous les processus de l'ordonnanceur Dask tcp://")
    with distributed.Client(cluster) as client:
        # Those killed are started anew: a cluster that closes meanwhile may trip over them.
        client.wait_for_workers(2, timeout=60)


def test_what_answers_and_is_no_scheduler_is_said(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("pipelines.workers._WAIT_S", 5)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        address = f"tcp://127.0.0.1:{listening.getsockname()[1]}"

        def answer() -> None:
            connection, _ = listening.accept()
            with connection:
                connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

        server = threading.Thread(target=answer)
        server.start()
        with pytest.raises(NightError, match="cannot be reached"), workers_for(9, dask=address):
            pass
        server.join()


def test_a_cluster_that_is_away_is_said_and_nothing_falls_back(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("pipelines.workers._WAIT_S", 1)
    with (
        pytest.raises(NightError, match=r"the Dask scheduler at tcp://127\.0\.0\.1:9 cannot be reached"),
        workers_for(9, dask="tcp://127.0.0.1:9"),
    ):
        pass
    with (
        pytest.raises(NightError, match="cannot be reached"),
        workers_for(9, dask="nonsense://here"),
    ):
        pass
