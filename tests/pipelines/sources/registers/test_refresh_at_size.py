"""A refresh of many companies goes on after a kill, keeps to the registers' pace, and says when it ends."""

import datetime as dt
from pathlib import Path

import pytest

from models.ledger.files import fingerprint, read_ledger
from models.ledger.versions import current
from pipelines.sources.registers import refresh as module
from pipelines.sources.registers.refresh import refresh
from tests.pipelines.sources.registers.paced import BEGAN, PacedClient, a_large_portfolio, sirens

PER_S = 5.0
"""Of the slowest register."""


class KilledError(BaseException):
    """Stands for the end of the process."""


@pytest.fixture
def blocks_of_ten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BLOCK", 10)


def kill_at(victim: str):
    def check(siren: str) -> None:
        if siren == victim:
            raise KilledError

    return check


@pytest.mark.slow
def test_a_hundred_thousand_companies_end_when_it_was_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "BLOCK", 30_000)
    folder = a_large_portfolio(tmp_path / "ledger", 100_000)
    told = []
    client = PacedClient(tmp_path / "cache")
    summary = refresh(folder, client, told.append)
    assert (summary.read, summary.found, summary.away) == (100_000, 100_000, {})
    ended = BEGAN + dt.timedelta(seconds=client.seconds)
    assert client.seconds == pytest.approx(100_000 / PER_S, rel=0.01)
    for progress in told[1_000::1_000]:
        assert progress.ends_at is not None
        assert abs(progress.ends_at - ended) < dt.timedelta(minutes=5)
    assert (told[-1].done, told[-1].ends_at) == (100_000, told[-1].now)
    assert read_ledger(folder).customers["naf"].eq("43.21A").all()


@pytest.mark.usefixtures("blocks_of_ten")
def test_after_a_kill_only_the_block_at_work_is_asked_again(tmp_path: Path):
    folder, every = a_large_portfolio(tmp_path / "ledger", 35), sirens(35)
    killed = PacedClient(tmp_path / "cache", before=kill_at(every[27]))
    with pytest.raises(KilledError):
        refresh(folder, killed)
    assert read_ledger(folder).customers["naf"].notna().sum() == 20
    told = []
    resumed = PacedClient(tmp_path / "cache", BEGAN + dt.timedelta(hours=1), frozenset(every[20:27]))
    summary = refresh(folder, resumed, told.append)
    assert resumed.asked == every[27:]
    assert (summary.earlier, summary.read, summary.found) == (20, 15, 15)
    assert [told[0].done, told[-1].done, told[-1].total] == [21, 35, 35]
    whole = a_large_portfolio(tmp_path / "whole", 35)
    refresh(whole, PacedClient(tmp_path / "other"))
    assert fingerprint(read_ledger(folder)) == fingerprint(read_ledger(whole))


@pytest.mark.usefixtures("blocks_of_ten")
@pytest.mark.parametrize("later", [dt.timedelta(0), dt.timedelta(hours=25)])
def test_a_refresh_that_ended_or_is_of_the_day_before_is_not_continued(tmp_path: Path, later: dt.timedelta):
    folder, every = a_large_portfolio(tmp_path / "ledger", 25), sirens(25)
    if later:
        with pytest.raises(KilledError):
            refresh(folder, PacedClient(tmp_path / "cache", before=kill_at(every[15])))
    else:
        refresh(folder, PacedClient(tmp_path / "cache"))
        assert not list(current(folder).rglob("refresh.json"))
    again = PacedClient(tmp_path / "cache", BEGAN + later)
    assert refresh(folder, again).earlier == 0
    assert again.asked == every


@pytest.mark.usefixtures("blocks_of_ten")
def test_a_damaged_journal_is_as_none(tmp_path: Path):
    folder, every = a_large_portfolio(tmp_path / "ledger", 15), sirens(15)
    with pytest.raises(KilledError):
        refresh(folder, PacedClient(tmp_path / "cache", before=kill_at(every[12])))
    (journal,) = current(folder).rglob("refresh.json")
    journal.unlink()
    for text in ('{"at": 1', "[1]", '[{"at": "soon", "sirens": []}]', '[{"at": "2026-12-01"}]'):
        journal.write_text(text)
        client = PacedClient(tmp_path / "cache", before=kill_at(every[1]))
        with pytest.raises(KilledError):
            refresh(folder, client)
        assert client.asked == every[:1]


@pytest.mark.usefixtures("blocks_of_ten")
def test_who_was_not_answered_is_asked_again_after_a_kill(tmp_path: Path):
    folder, every = a_large_portfolio(tmp_path / "ledger", 15), sirens(15)

    def away_for_a_while(siren: str) -> None:
        killed.away = {"BODACC"} if siren in every[3:6] else set()
        kill_at(every[12])(siren)

    killed = PacedClient(tmp_path / "cache", before=away_for_a_while)
    with pytest.raises(KilledError):
        refresh(folder, killed)
    resumed = PacedClient(tmp_path / "cache")
    assert refresh(folder, resumed).earlier == 7
    assert resumed.asked == [*every[3:6], *every[10:]]


def test_a_register_that_is_left_alone_is_waited_for_a_few_times(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    folder = a_large_portfolio(tmp_path / "ledger", 20)
    client = PacedClient(tmp_path / "cache")
    client.away.add("BODACC")
    monkeypatch.setattr(client, "pause_s", lambda: 120.0)
    summary = refresh(folder, client)
    assert [one for one in client.slept if one == 120.0] == [120.0] * module.MOST_PAUSES
    assert "20 not answered" in summary.away["BODACC"]
