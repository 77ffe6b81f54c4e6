import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from models.errors import StoreError
from serving.audit.recorder import COPIED_BACK_EVERY, Recorder
from serving.store import Store, open_store
from serving.store.audit import PreparedEntry
from tests.serving.store.builders import a_state, an_entry


@pytest.fixture
def kept(tmp_path: Path) -> Store:
    return open_store(f"sqlite:///{tmp_path}/encours.db")


def test_an_entry_is_in_the_log_when_recording_returns(kept: Store):
    recorder = Recorder(lambda: kept)
    recorder.record(an_entry("1" * 32), an_entry("2" * 32))
    assert len(kept.audit().items) == 2
    recorder.close()


def test_entries_of_many_threads_are_all_written_once(kept: Store):
    recorder = Recorder(lambda: kept)
    with ThreadPoolExecutor(16) as threads:
        list(threads.map(lambda n: recorder.record(an_entry(f"{n:032x}", state=a_state())), range(300)))
    recorder.close()
    page = kept.audit(limit=500)
    assert sorted(int(entry.answer_id, 16) for entry in page.items) == list(range(300))


class Gated:
    """A store that writes when it may, and counts its transactions."""

    def __init__(self) -> None:
        self.may_write = threading.Event()
        self.groups: list[int] = []

    def record_prepared(self, entries: list[PreparedEntry]) -> None:
        self.may_write.wait(30)
        self.groups.append(len(entries))


def test_what_comes_while_one_is_written_is_written_together():
    gated = Gated()
    recorder = Recorder(lambda: gated)  # type: ignore[arg-type, return-value]  # a store of our own
    waiting = [recorder.submit([an_entry(f"{n:032x}")]) for n in range(50)]
    assert not any(one.done() for one in waiting)
    gated.may_write.set()
    for one in waiting:
        one.result(30)
    recorder.close()
    assert sum(gated.groups) == 50
    assert len(gated.groups) <= 2


def test_a_store_that_is_away_is_told_to_everybody_and_tried_again_for_the_next(kept: Store):
    away = True

    def opened() -> Store:
        if away:
            raise StoreError("the store is away")
        return kept

    recorder = Recorder(opened)
    for _ in range(2):
        with pytest.raises(StoreError, match="away"):
            recorder.record(an_entry("1" * 32))
    away = False
    recorder.record(an_entry("1" * 32))
    recorder.close()
    assert len(kept.audit().items) == 1


def test_a_faulty_entry_fails_alone(kept: Store):
    recorder = Recorder(lambda: kept)
    with pytest.raises(StoreError, match="JSON"):
        recorder.record(an_entry("1" * 32, answer={"value": float("nan")}))
    recorder.record(an_entry("2" * 32))
    recorder.close()
    assert [entry.answer_id for entry in kept.audit().items] == ["2" * 32]


def test_closing_writes_what_waits_and_takes_nothing_more(kept: Store):
    recorder = Recorder(lambda: kept)
    waiting = [recorder.submit([an_entry(f"{n:032x}")]) for n in range(20)]
    recorder.close()
    assert all(one.done() for one in waiting)
    assert len(kept.audit().items) == 20
    with pytest.raises(StoreError, match="closed"):
        recorder.record(an_entry("f" * 32))


def test_the_database_is_asked_now_and_then_to_copy_entries_back(
    kept: Store, monkeypatch: pytest.MonkeyPatch
):
    copied = threading.Event()
    monkeypatch.setattr(Store, "copy_back", lambda _store: copied.set())
    recorder = Recorder(lambda: kept)
    recorder.record(*(an_entry(f"{n:032x}") for n in range(COPIED_BACK_EVERY - 1)))
    assert not copied.wait(0.2)
    recorder.record(an_entry("f" * 32))
    assert copied.wait(30)
    recorder.close()


def test_entries_that_could_not_be_copied_back_are_in_the_log_all_the_same(
    kept: Store, monkeypatch: pytest.MonkeyPatch
):
    def refused(_store: Store) -> None:
        raise StoreError("the disk is full")

    monkeypatch.setattr(Store, "copy_back", refused)
    recorder = Recorder(lambda: kept)
    with capture_logs() as logs:
        recorder.record(*(an_entry(f"{n:032x}") for n in range(COPIED_BACK_EVERY)))
        recorder.record(an_entry("f" * 32))
        recorder.close()
    assert [one["event"] for one in logs] == ["not_copied_back"]
    assert len(kept.audit(limit=500).items) == 500
