"""Messages are entered with the night they are about, claimed by one sender at a time, and never lost."""

import datetime as dt

import pytest

from models.errors import StoreError
from serving.store import NewMessage, OutboxMessage, Store
from serving.store.outbox import LEASE
from tests.serving.store.builders import Clock, an_entry
from tests.serving.store.test_published import written


def a_message(endpoint: str = "erp", run_id: int = 1) -> NewMessage:
    return NewMessage(f"msg_{endpoint}", run_id, "webhook", endpoint, {"type": "t", "data": {"total": 1}})


def claimed(store: Store) -> OutboxMessage:
    found = store.claim_message()
    assert found is not None
    return found


def test_messages_appear_with_their_night_and_once(timed: Store):
    run = written(timed)
    assert timed.messages() == ()
    timed.publish(run.run_id, {}, [a_message()])
    timed.publish(run.run_id, {}, [a_message(), a_message("other")])
    assert {one.endpoint for one in timed.messages()} == {"erp", "other"}
    assert claimed(timed).body == a_message().body


def test_a_night_that_is_not_published_enters_nothing(timed: Store):
    with pytest.raises(StoreError):
        timed.publish(99, {}, [a_message(run_id=99)])
    assert timed.messages() == ()


def test_one_sender_has_a_message_until_its_lease_ends(timed: Store, clock: Clock):
    timed.publish(written(timed).run_id, {}, [a_message()])
    first = claimed(timed)
    assert (first.message_id, first.attempts) == ("msg_erp", 1)
    assert timed.claim_message() is None
    clock.now += LEASE  # the first sender was killed
    again = claimed(timed)
    assert (again.message_id, again.attempts, again.body) == ("msg_erp", 2, first.body)


def test_what_was_sent_stays_sent(timed: Store, clock: Clock):
    timed.publish(written(timed).run_id, {}, [a_message()])
    sent = claimed(timed)
    timed.message_sent(sent.message_id)
    timed.message_failed(sent.message_id, "a second sender that was slow", None)
    clock.now += LEASE
    assert timed.claim_message() is None
    assert [(one.status, one.error) for one in timed.messages()] == [("sent", None)]


def test_a_failed_message_waits_and_a_dead_one_is_renewed_under_its_id(timed: Store, clock: Clock):
    timed.publish(written(timed).run_id, {}, [a_message()])
    timed.message_failed(claimed(timed).message_id, "answered 500", dt.timedelta(hours=2))
    clock.now += dt.timedelta(hours=1)
    assert timed.claim_message() is None
    clock.now += dt.timedelta(hours=1)
    timed.message_failed(claimed(timed).message_id, "answered 410", None)
    assert [one.error for one in timed.messages("dead")] == ["answered 410"]
    with pytest.raises(StoreError, match="no message"):
        timed.renew_message("msg_none", an_entry("1" * 32))
    renewed = timed.renew_message("msg_erp", an_entry("2" * 32, action="resend"))
    assert (renewed.status, renewed.attempts) == ("pending", 0)
    with pytest.raises(StoreError, match="is pending"):
        timed.renew_message("msg_erp", an_entry("3" * 32))
    assert [entry.answer_id for entry in timed.audit().items] == ["2" * 32]
    assert claimed(timed).message_id == "msg_erp"
