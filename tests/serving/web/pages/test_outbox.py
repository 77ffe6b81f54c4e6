from tests.serving.store.test_outbox import a_message
from tests.serving.web.visiting import said, visitor, with_people


def test_only_an_administrator_sees_or_sends_messages():
    for role in ("sales", "analyst"):
        assert visitor(role).get("/admin/outbox").status_code == 403
        assert visitor(role).post("/admin/outbox", message="msg_erp").status_code == 403


def test_a_message_that_was_given_up_is_shown_with_its_failure_and_sent_again():
    store, person = with_people().store, visitor("admin")
    run = store.current_run()
    assert run is not None
    store.publish(run.run_id, {}, [a_message("erp", run.run_id)])
    assert "Aucun message abandonné" in said(person.get("/admin/outbox"))
    refused = person.post("/admin/outbox", message="msg_erp")
    assert refused.status_code == 422
    store.claim_message()
    store.message_failed("msg_erp", "answered 500", None)
    assert "erp webhook abandonné" in said(person.get("/admin/outbox"))
    assert "réponse 500" in said(person.get("/admin/outbox"))
    assert person.post("/admin/outbox", message="msg_erp").status_code == 303
    assert "given up" not in said(person.get("/admin/outbox", show="every", lang="en")).split("Given up")[-1]
