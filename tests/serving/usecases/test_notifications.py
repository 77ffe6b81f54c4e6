import pytest

from models.errors import StoreError
from serving.callers import Caller
from serving.store import Store
from serving.usecases.notifications import Notifications
from tests.serving.store.test_outbox import a_message

ADMIN = Caller("sacha", "admin", "session")


def test_a_message_that_was_given_up_is_due_again_and_the_log_says_by_whom(store: Store):
    run = store.current_run()
    assert run is not None
    store.publish(run.run_id, {}, [a_message(run_id=run.run_id)])
    outgoing = Notifications(lambda: store)
    with pytest.raises(StoreError, match="only a dead one"):
        outgoing.resend("msg_erp", ADMIN)
    assert store.audit(10).items == ()
    store.claim_message()
    store.message_failed("msg_erp", "answered 500", None)
    assert [one.message_id for one in outgoing.listed(only_dead=True)] == ["msg_erp"]
    assert outgoing.resend("msg_erp", ADMIN).status == "pending"
    assert outgoing.listed(only_dead=True) == ()
    assert len(outgoing.listed(only_dead=False)) == 1
    (entry,) = store.audit(10).items
    assert (entry.who, entry.action, entry.question) == ("sacha", "resend", {"message_id": "msg_erp"})
