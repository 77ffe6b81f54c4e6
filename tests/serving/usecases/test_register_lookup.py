"""Companies looked up within one's patience: registers away or slow take nothing from who waits."""

import threading
import time
from pathlib import Path

import pytest

from models.errors import RegisterError
from serving.usecases.register_lookup import NOT_ALLOWED, TOO_LATE, Lookups
from tests.serving.asked_registers import asked, sound
from tests.serving.registers.local_server import Reply, busy, settings_for
from tests.serving.registers.samples import ONE, TWO

ALL = {"Annuaire des entreprises", "BODACC", "Ratios INPI/BCE"}


def test_nothing_is_opened_before_somebody_is_looked_up(tmp_path: Path):
    lookups = Lookups(settings_for("http://127.0.0.1:9", tmp_path / "kept"), online=True)
    lookups.close()
    assert list(tmp_path.iterdir()) == []


def test_who_may_call_out_asks_once_and_then_reads_what_is_kept(tmp_path: Path):
    with asked(sound(), tmp_path) as (lookups, server):
        first, second = lookups.find(ONE), lookups.find(ONE)
    assert first == second
    assert (first.state, len(server.asked)) == ("found", 3)


def test_who_may_not_call_out_reads_what_another_kept(tmp_path: Path):
    with asked(sound(), tmp_path) as (lookups, server):
        nothing = Lookups(settings_for(server.url, tmp_path), online=False)
        before = nothing.find(ONE)
        assert server.asked == []
        kept = lookups.find(ONE)
        after = nothing.find(ONE)
        nothing.close()
    assert (before.state, dict(before.away)) == ("away", dict.fromkeys(ALL, NOT_ALLOWED))
    assert after == kept


def test_registers_that_are_offline_for_everybody_are_not_asked(tmp_path: Path):
    with asked(sound(), tmp_path) as (_, server):
        lookups = Lookups(settings_for(server.url, tmp_path, offline=True), online=True)
        assert lookups.find(ONE).state == "away"
        assert not lookups.online
        assert server.asked == []


def test_what_is_kept_can_be_read_without_asking_by_who_may_ask(tmp_path: Path):
    with asked(sound(), tmp_path) as (lookups, server):
        assert lookups.find_kept(ONE).state == "away"
        assert server.asked == []


def test_a_slow_register_is_waited_for_no_longer_than_one_s_patience_and_its_answer_is_kept(tmp_path: Path):
    released, well = threading.Event(), sound()

    def slow(path: str) -> Reply:
        if "ratios" in path:
            released.wait(10)
        return well(path)

    with asked(slow, tmp_path, patience_s=0.6) as (lookups, _):
        early = lookups.find(ONE)
        assert early.state == "found"
        assert dict(early.away) == {"Ratios INPI/BCE": TOO_LATE}
        released.set()
        while lookups.find(ONE).away:
            time.sleep(0.01)
        assert len(lookups.find(ONE).accounts) == 2


def test_those_who_ask_about_the_same_company_at_once_share_one_question(tmp_path: Path):
    released, well, found = threading.Event(), sound(), []

    def waiting(path: str) -> Reply:
        released.wait(10)
        return well(path)

    with asked(waiting, tmp_path) as (lookups, server):
        people = [threading.Thread(target=lambda: found.append(lookups.find(ONE))) for _ in range(5)]
        for person in people:
            person.start()
        while not server.asked:
            time.sleep(0.01)
        released.set()
        for person in people:
            person.join()
    assert [one.state for one in found] == ["found"] * 5
    assert len(server.asked) == 3


def test_registers_that_are_away_are_named_and_left_alone_after_a_while(tmp_path: Path):
    with asked(lambda path: busy(503), tmp_path) as (lookups, server):
        for _ in range(3):
            assert set(lookups.find(ONE).away) == ALL
        so_far = len(server.asked)
        assert set(lookups.find(TWO).away) == ALL
        assert len(server.asked) == so_far


def test_what_is_no_siren_is_refused(tmp_path: Path):
    with asked(sound(), tmp_path) as (lookups, server):
        for find in (lookups.find, lookups.find_kept):
            with pytest.raises(RegisterError, match="no SIREN"):
                find("123456789")
        assert server.asked == []
