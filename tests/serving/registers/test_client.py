"""A register that limits, breaks off, dawdles or lies is asked patiently, in bounds, and never trusted."""

import datetime as dt
import json
import random
import threading
from pathlib import Path

import pytest

from models.errors import RegisterAwayError, RegisterError
from serving.registers.client import Register, RegisterClient, RegisterResponse
from serving.registers.throttling import FAILURES_BEFORE_A_PAUSE, PAUSE_S
from tests.serving.registers.local_server import (
    LocalServer,
    Reply,
    broken_off,
    busy,
    said,
    serving,
    settings_for,
)

NOW = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)


class Time:
    """A clock that only moves when somebody sleeps, and says how long they slept."""

    def __init__(self) -> None:
        self.at, self.slept = 0.0, []

    def now(self) -> dt.datetime:
        return NOW + dt.timedelta(seconds=self.at)

    def clock(self) -> float:
        return self.at

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.at += seconds


def as_it_is(answer: RegisterResponse) -> RegisterResponse:
    return answer


def a_client(
    server: LocalServer | str, folder: Path, time: Time | None = None, **more: object
) -> RegisterClient:
    time = time or Time()
    url = server if isinstance(server, str) else server.url
    return RegisterClient(
        settings_for(url, folder, **more), time.now, time.clock, time.sleep, random.Random(1)
    )


def ask(client: RegisterClient, path: str = "x", read=as_it_is, per_s: float = 1e6):
    return client.fetch(Register("Registre", client.settings.bodacc_url, per_s), path, read)


def test_an_answer_carries_the_day_it_came_and_its_register(tmp_path: Path):
    with serving(said({"a": 1})) as server, a_client(server, tmp_path) as client:
        assert ask(client) == RegisterResponse({"a": 1}, NOW.date(), "Registre")
        assert server.headers[0]["Accept-Encoding"] == "identity"


def test_what_a_register_does_not_know_is_an_answer_without_a_document(tmp_path: Path):
    with serving(said({}, 404)) as server, a_client(server, tmp_path) as client:
        assert ask(client).document is None
        assert ask(client).document is None
        assert len(server.asked) == 1


@pytest.mark.parametrize("first", [busy(429), busy(503), busy(500), broken_off()])
def test_a_passing_fault_is_tried_again_after_a_growing_wait(tmp_path: Path, first: Reply):
    time = Time()
    with serving(first, first, said([1])) as server, a_client(server, tmp_path, time) as client:
        assert ask(client).document == [1]
        assert len(server.asked) == 3
    assert 0.25 <= time.slept[0] <= 0.5 <= time.slept[1] <= 1.0


def test_a_retry_after_is_honoured_to_the_second(tmp_path: Path):
    time = Time()
    with serving(busy(429, "7"), said([])) as server, a_client(server, tmp_path, time) as client:
        ask(client)
    assert time.at >= 7


def test_a_retry_after_beyond_ones_patience_is_not_waited_for(tmp_path: Path):
    time = Time()
    with serving(busy(429, "3600")) as server, a_client(server, tmp_path, time, patience_s=60) as client:
        with pytest.raises(
            RegisterAwayError, match="after 1 attempt: it answered 429, and asks to wait 3600 s"
        ):
            ask(client)
        assert time.at == 0
        with pytest.raises(RegisterAwayError):
            ask(client, "y")
        assert len(server.asked) == 1, "the register's wish holds for every question"


def test_a_question_whose_turn_comes_too_late_says_so_and_counts_as_no_failure(tmp_path: Path):
    time = Time()
    with serving(said([1])) as server, a_client(server, tmp_path, time, patience_s=1) as client:
        ask(client, per_s=0.1)
        for number in range(FAILURES_BEFORE_A_PAUSE + 1):
            with pytest.raises(RegisterAwayError, match=r"Registre was not asked: .* after the 1 s"):
                ask(client, f"{number}", per_s=0.1)
        time.sleep(10)
        assert ask(client, "later", per_s=0.1).document == [1]


def test_it_gives_up_after_so_many_attempts(tmp_path: Path):
    with serving(busy(503)) as server, a_client(server, tmp_path, attempts=3) as client:
        with pytest.raises(RegisterAwayError, match="Registre is away after 3 attempts"):
            ask(client)
        assert len(server.asked) == 3


def test_nobody_at_home_is_away(tmp_path: Path):
    with (
        a_client("http://127.0.0.1:9", tmp_path, attempts=2) as client,
        pytest.raises(RegisterAwayError, match="ConnectError"),
    ):
        ask(client)


def test_a_silent_register_is_left_after_the_timeout(tmp_path: Path):
    enough = threading.Event()
    silent = Reply(parts=[b"{", b"}"], between=lambda: enough.wait(20))
    with serving(silent) as server, a_client(server, tmp_path, timeout_s=0.05, attempts=1) as client:
        with pytest.raises(RegisterAwayError, match="ReadTimeout"):
            ask(client)
        enough.set()


def test_an_answer_that_trickles_is_left_when_patience_is_spent(tmp_path: Path):
    time = Time()
    dawdling = Reply(parts=[b" "] * 50, between=lambda: time.sleep(10))
    with (
        serving(dawdling) as server,
        a_client(server, tmp_path, time, attempts=1, patience_s=30) as client,
        pytest.raises(RegisterAwayError, match="trickled in too slowly"),
    ):
        ask(client)


@pytest.mark.parametrize(
    ("lie", "words"),
    [
        (Reply(headers={"Content-Type": "text/html"}, parts=[b"<html>"]), "'text/html' where JSON"),
        (Reply(parts=[b'{"results": [}']), "no JSON"),
        (Reply(parts=[b"[" * 200_000]), "no JSON"),
        (Reply(parts=[b"\xff\xfe\x00"]), "no JSON"),
        (Reply(parts=[b" " * 600_000] * 2), "larger than 1,000,000 bytes"),
        (Reply(declared=5_000_000_000), "larger than 1,000,000 bytes"),
        (
            Reply(headers={"Content-Type": "application/json", "Content-Encoding": "gzip"}, parts=[b"x"]),
            "compr",
        ),
        (Reply(301, {"Location": "http://127.0.0.1:9/"}), "301 where 200"),
        (said({"message": "no"}, 403), "403 where 200 is expected; check the key"),
    ],
)
def test_a_lie_is_refused_at_once_and_never_kept(tmp_path: Path, lie: Reply, words: str):
    with serving(lie) as server, a_client(server, tmp_path, answer_mb=1.0) as client:
        with pytest.raises(RegisterError, match=words) as caught:
            ask(client)
        assert not isinstance(caught.value, RegisterAwayError)
        assert len(server.asked) == 1
    assert not list(tmp_path.rglob("*.json"))


def test_an_answer_its_reader_refuses_is_never_kept(tmp_path: Path):
    def refuse(answer: RegisterResponse) -> None:
        raise RegisterError(f"not about us: {answer.document}")

    with serving(said({"siren": "other"})) as server, a_client(server, tmp_path) as client:
        for _ in range(2):
            with pytest.raises(RegisterError, match="not about us"):
                ask(client, read=refuse)
        assert len(server.asked) == 2


def test_a_recent_answer_is_not_asked_for_again_and_an_old_one_is(tmp_path: Path):
    time = Time()
    with serving(said(1), said(2)) as server, a_client(server, tmp_path, time, cache_days=7) as client:
        assert ask(client).document == 1
        time.at += 6 * 86_400
        assert ask(client) == RegisterResponse(1, NOW.date(), "Registre")
        time.at += 2 * 86_400
        assert ask(client) == RegisterResponse(2, NOW.date() + dt.timedelta(days=8), "Registre")
        assert len(server.asked) == 2


def test_where_the_register_is_away_an_old_answer_stands_in_with_its_own_day(tmp_path: Path):
    time = Time()
    with serving(said(1), busy(503)) as server, a_client(server, tmp_path, time) as client:
        ask(client)
        time.at += 30 * 86_400
        assert ask(client) == RegisterResponse(1, NOW.date(), "Registre")


def test_offline_never_calls_out(tmp_path: Path):
    with serving(said(1)) as server:
        with a_client(server, tmp_path) as client:
            ask(client, "kept")
        with a_client(server, tmp_path, offline=True, cache_days=0) as client:
            assert ask(client, "kept").document == 1
            with pytest.raises(RegisterAwayError, match="ENCOURS_REGISTERS_OFFLINE"):
                ask(client, "new")
        assert server.asked == ["/kept"]


def test_a_register_that_keeps_failing_is_left_alone_for_a_while(tmp_path: Path):
    time = Time()
    with serving(busy(503)) as server, a_client(server, tmp_path, time, attempts=1) as client:
        for place in range(FAILURES_BEFORE_A_PAUSE + 2):
            with pytest.raises(RegisterAwayError):
                ask(client, str(place))
        assert len(server.asked) == FAILURES_BEFORE_A_PAUSE
        server.replies = [said("back")]
        time.at += PAUSE_S
        assert ask(client).document == "back"


def test_questions_keep_the_published_distance(tmp_path: Path):
    time = Time()
    with serving(said(1)) as server, a_client(server, tmp_path, time) as client:
        for place in range(4):
            ask(client, str(place), per_s=2)
    assert time.at == pytest.approx(1.5)


def test_a_key_is_sent_but_neither_kept_nor_shown(tmp_path: Path):
    with serving(said(1)) as server, a_client(server, tmp_path) as client:
        register = Register("Registre", server.url, 1e6, {"X-Key": "geheim"})
        client.fetch(register, "x", as_it_is)
        assert server.headers[0]["X-Key"] == "geheim"
    assert "geheim" not in repr(register)
    assert all("geheim" not in path.read_text() for path in tmp_path.rglob("*.json"))
    assert json.loads(next(tmp_path.rglob("*.json")).read_text())["document"] == 1
