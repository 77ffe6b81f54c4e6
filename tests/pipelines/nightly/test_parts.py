"""A night publishes the same whoever scores the parts, and a killed worker harms nothing."""

import datetime as dt
import os
import signal
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import pytest
from sqlalchemy import select

from models.errors import LedgerError, NightError
from models.ledger import files, partitions
from models.ledger.files import write_ledger
from models.ledger.ledger import Ledger
from pipelines import workers as working
from pipelines.ledger_parts import LedgerInMemory, LedgerParts, StoredLedger
from pipelines.nightly.night import run_night
from pipelines.validation.ledger_checks import night_check
from pipelines.workers import OnExecutor, ThisProcess, Workers, workers_for
from serving.store import Store, open_store
from serving.store.schema import ALERTS, CUSTOMERS, DOCUMENTS, INVOICES, PORTFOLIO, RUNS, WORKLIST
from tests.models.fitted import fitted
from tests.pipelines.nightly.test_night import DAY

PUBLISHED = (CUSTOMERS, DOCUMENTS, INVOICES, PORTFOLIO, ALERTS, WORKLIST)


@pytest.fixture
def stored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> StoredLedger:
    """Return a ledger on disk in five parts."""
    monkeypatch.setattr(partitions, "PART_CUSTOMERS", 60)
    write_ledger(fitted().ledger, tmp_path / "ledger")
    parts = StoredLedger.of(tmp_path / "ledger", DAY)
    assert parts.count == 5
    return parts


def published(path: Path, parts: LedgerParts, workers: Workers | None = None) -> dict[str, object]:
    """Run a night into a new store; return every byte that it published."""
    store = open_store(f"sqlite:///{path}")
    run_night(parts, fitted().assessor, store, lambda *_: (), workers=workers)
    return contents(store)


def contents(store: Store) -> dict[str, object]:
    with store._engine.connect() as connection:
        found: dict[str, object] = {
            table.name: sorted(map(repr, connection.execute(select(table)))) for table in PUBLISHED
        }
        found["run"] = connection.execute(select(RUNS.c.data_hash, RUNS.c.context)).all()
    store.close()
    return found


@pytest.mark.slow
def test_parts_on_disk_and_in_memory_publish_the_same(tmp_path: Path, stored: StoredLedger):
    in_memory = LedgerInMemory.of(fitted().ledger, DAY, count=5)
    assert published(tmp_path / "a.db", in_memory) == published(tmp_path / "b.db", stored)


def test_a_part_that_cannot_be_read_ends_the_night_with_its_name(tmp_path: Path, stored: StoredLedger):
    store = open_store(f"sqlite:///{tmp_path}/encours.db")
    path = stored.version / "invoices.parquet"
    data = bytearray(path.read_bytes())
    data[len(data) // 2 : len(data) // 2 + 4_000] = os.urandom(4_000)
    path.write_bytes(bytes(data))
    with pytest.raises(LedgerError, match=r"part \d of .*invoices\.parquet cannot be read"):
        run_night(stored, fitted().assessor, store, lambda *_: ())
    assert store.current_run() is None
    store.close()


def test_tables_of_different_parts_are_refused(stored: StoredLedger, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(partitions, "PART_CUSTOMERS", 100)
    other = stored.version.parent / "other"
    write_ledger(fitted().ledger, other)
    (other / "payments.parquet").replace(stored.version / "payments.parquet")
    with pytest.raises(LedgerError, match=r"have \[3, 5\] parts"):
        StoredLedger.of(stored.version, DAY)


def test_a_ledger_in_parts_reads_as_it_was_written(stored: StoredLedger):
    again = files.read_ledger(stored.version)
    assert files.fingerprint(again) == files.fingerprint(fitted().ledger)
    assert files.last_day(stored.version) == fitted().ledger.payments["paid_on"].max().date()


def test_a_few_parts_stay_in_this_process():
    with workers_for(1) as workers:
        assert isinstance(workers, ThisProcess)


def square(_job: object, task: int) -> int:
    return task * task


def fails_at_three(_job: object, task: int) -> int:
    if task == 3:
        raise LedgerError("part 3 of invoices.parquet cannot be read")
    return task


def dies_once(mark: Path, task: int) -> int:
    if task == 3 and not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return task


def dies(_job: object, _task: int) -> int:
    os.kill(os.getpid(), signal.SIGKILL)
    return 0


def a_pool(processes: int = 2) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(processes, get_context("spawn"))


@pytest.mark.slow
def test_results_come_in_order_and_a_lost_worker_costs_nothing(tmp_path: Path):
    pool = OnExecutor(a_pool, 4)
    assert list(pool.run(square, None, range(9))) == [n * n for n in range(9)]
    assert list(pool.run(dies_once, tmp_path / "mark", range(9))) == list(range(9))
    assert (tmp_path / "mark").exists()
    with pytest.raises(LedgerError, match="part 3"):
        list(pool.run(fails_at_three, None, range(9)))
    pool.close()


@pytest.mark.slow
def test_workers_that_die_again_and_again_end_the_night(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(working, "MOST_LOSSES", 1)
    pool = OnExecutor(partial(a_pool, 1), 2)
    with pytest.raises(NightError, match="lost 2 times"):
        list(pool.run(dies, None, range(3)))
    pool.close()


@pytest.mark.slow
def test_processes_publish_what_this_process_publishes(tmp_path: Path, stored: StoredLedger):
    alone = published(tmp_path / "alone.db", stored)
    with workers_for(stored.count, processes=2) as workers:
        assert published(tmp_path / "pool.db", stored, workers) == alone


@dataclass(frozen=True)
class Counted:
    """Parts that count how often each is read."""

    parts: LedgerParts
    reads: Counter[int] = field(default_factory=Counter)

    @property
    def as_of(self) -> dt.date:
        return self.parts.as_of

    @property
    def count(self) -> int:
        return self.parts.count

    def read(self, part: int) -> Ledger:
        self.reads[part] += 1
        return self.parts.read(part)

    def customer_ids(self, part: int) -> list[str]:
        return self.parts.customer_ids(part)

    def payment_ids(self, part: int) -> list[str]:
        return self.parts.payment_ids(part)


@pytest.mark.slow
@pytest.mark.parametrize("count", [1, 7])
def test_each_part_is_read_for_totals_checks_and_scores_and_never_again(tmp_path: Path, count: int):
    parts = Counted(LedgerInMemory.of(fitted().ledger, DAY, count))
    store = open_store(f"sqlite:///{tmp_path}/encours.db")
    run_night(parts, fitted().assessor, store, night_check(tmp_path, only_until=True))
    assert parts.reads == dict.fromkeys(range(count), 3)
    store.close()
