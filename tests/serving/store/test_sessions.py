import datetime as dt

from serving.store import Store
from serving.store.sessions import IDLE, LASTS
from tests.serving.store.builders import NOW, Clock

PASSWORD = "correct horse battery"


def test_a_token_opens_its_own_session_until_it_is_ended(store: Store):
    store.add_user("anne", "analyst", PASSWORD)
    tokens = [store.begin_session("anne") for _ in range(2)]
    first, second = (store.find_session(token) for token in tokens)
    assert first is not None
    assert second is not None
    assert (first.name, first.role, first.created_at, first.expires_at) == (
        "anne",
        "analyst",
        NOW,
        NOW + LASTS,
    )
    assert first.csrf_token != second.csrf_token
    store.end_session(tokens[0])
    store.end_session(tokens[0])
    assert store.find_session(tokens[0]) is None
    assert store.find_session(tokens[1]) == second
    for wrong in ("", tokens[1][:-1], tokens[1].upper(), "é", "\udc80", "x" * 9999):
        assert store.find_session(wrong) is None


def test_a_session_in_use_lives_on_and_an_idle_one_ends(timed: Store, clock: Clock):
    timed.add_user("anne", "analyst", PASSWORD)
    used, idle = timed.begin_session("anne"), timed.begin_session("anne")
    for _ in range(3):
        clock.pass_by(seconds=IDLE.total_seconds() - 60)
        assert timed.find_session(used) is not None
    assert timed.find_session(idle) is None


def test_a_session_ends_however_much_it_is_used(timed: Store, clock: Clock):
    timed.add_user("anne", "analyst", PASSWORD)
    token = timed.begin_session("anne")
    while clock.now + dt.timedelta(minutes=30) < NOW + LASTS:
        clock.pass_by(minutes=30)
        assert timed.find_session(token) is not None
    clock.pass_by(minutes=30)
    assert timed.find_session(token) is None


def test_use_is_written_to_the_minute(timed: Store, clock: Clock):
    timed.add_user("anne", "analyst", PASSWORD)
    token = timed.begin_session("anne")
    seen = []
    for seconds in (0, 59, 1, 30):
        clock.pass_by(seconds=seconds)
        timed.find_session(token)
        found = timed.find_session(token)
        assert found is not None
        seen.append((found.seen_at - NOW).total_seconds())
    assert seen == [0, 0, 60, 60]
