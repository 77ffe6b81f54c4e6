"""Every message is sent under one id, again after a failure, and set aside when there is no hope."""

import datetime as dt

import pytest

from pipelines.notifications.delivery import MOST_ATTEMPTS, WAITS, DeliveryReport, deliver_due, sender_of
from pipelines.notifications.failures import DeliveryError
from pipelines.notifications.settings import NotificationSettings, RecipientList
from serving.store import OutboxMessage, Store
from serving.store.outbox import LEASE
from tests.serving.store.builders import Clock, an_entry
from tests.serving.store.conftest import clock, postgres, store_url, timed  # noqa: F401  # fixtures
from tests.serving.store.test_outbox import a_message
from tests.serving.store.test_published import written


class FakeSend:
    """Accepts messages, or fails as it is told; remembers the ids."""

    def __init__(self, *failures: BaseException | None) -> None:
        self.failures = list(failures)
        self.ids: list[str] = []

    def __call__(self, message: OutboxMessage) -> None:
        self.ids.append(message.message_id)
        failure = self.failures.pop(0) if self.failures else None
        if failure is not None:
            raise failure


def published(store: Store, *endpoints: str) -> None:
    store.publish(written(store).run_id, {}, [a_message(one) for one in endpoints])


def test_one_failure_does_not_hold_up_the_others(timed: Store):  # noqa: F811
    published(timed, "a", "b", "c")
    send = FakeSend(DeliveryError("answered 500"))
    assert deliver_due(timed, send) == DeliveryReport(sent=2, waiting=1)
    assert send.ids == ["msg_a", "msg_b", "msg_c"]
    assert deliver_due(timed, send) == DeliveryReport()


def test_a_failure_is_tried_again_after_each_wait_then_given_up(timed: Store, clock: Clock):  # noqa: F811
    published(timed, "a")
    send = FakeSend(*[DeliveryError("answered 503")] * MOST_ATTEMPTS)
    for wait in WAITS:
        assert deliver_due(timed, send) == DeliveryReport(waiting=1)
        clock.now += wait - dt.timedelta(seconds=1)
        assert deliver_due(timed, send) == DeliveryReport()
        clock.now += dt.timedelta(seconds=1)
    assert deliver_due(timed, send) == DeliveryReport(dead=1)
    assert set(send.ids) == {"msg_a"}
    assert len(send.ids) == MOST_ATTEMPTS
    timed.renew_message("msg_a", an_entry())
    assert deliver_due(timed, send) == DeliveryReport(sent=1)
    assert send.ids[-1] == "msg_a"


def test_a_final_failure_is_given_up_at_once(timed: Store):  # noqa: F811
    published(timed, "a")
    assert deliver_due(timed, FakeSend(DeliveryError("answered 410", is_final=True))).dead == 1


def test_a_sender_killed_after_the_recipient_answered_sends_the_same_id_again(timed: Store, clock: Clock):  # noqa: F811
    published(timed, "a")
    send = FakeSend(KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        deliver_due(timed, send)
    assert deliver_due(timed, send) == DeliveryReport()
    clock.now += LEASE
    assert deliver_due(timed, send) == DeliveryReport(sent=1)
    assert send.ids == ["msg_a", "msg_a"]


def test_a_message_that_kills_every_sender_is_given_up(timed: Store, clock: Clock):  # noqa: F811
    published(timed, "a")
    send = FakeSend(*[KeyboardInterrupt()] * MOST_ATTEMPTS)
    for _ in range(MOST_ATTEMPTS):
        with pytest.raises(KeyboardInterrupt):
            deliver_due(timed, send)
        clock.now += LEASE
    assert deliver_due(timed, send).dead == 1


def test_a_recipient_that_was_removed_gets_nothing(timed: Store):  # noqa: F811
    published(timed, "a")
    settings = NotificationSettings(_env_file=None)
    assert deliver_due(timed, sender_of(settings, RecipientList(), timed.now)).dead == 1
    assert timed.messages("dead")[0].error == "no longer among the recipients"
