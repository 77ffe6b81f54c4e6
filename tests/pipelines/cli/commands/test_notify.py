"""Messages are sent, listed and sent again by commands; nothing is sent without recipients."""

from pathlib import Path

import pytest

from serving.store import Store, open_store
from tests.pipelines.notifications.servers import receiving_webhooks
from tests.pipelines.notifications.test_settings import SECRET
from tests.serving.store.test_outbox import a_message
from tests.serving.store.test_published import written


@pytest.fixture
def store(place: Path) -> Store:
    made = open_store(f"sqlite:///{place}/data/encours.db")
    made.publish(written(made).run_id, {}, [a_message("erp")])
    return made


def recipients(place: Path, port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    path = place / "recipients.toml"
    path.write_text(
        f'[[webhook]]\nname = "erp"\nurl = "http://127.0.0.1:{port}/"\nsecrets = ["{SECRET}"]\n'
        "internal = true\n",
        encoding="utf-8",
    )
    path.chmod(0o600)
    monkeypatch.setenv("ENCOURS_RECIPIENTS", str(path))


def test_a_message_that_was_given_up_is_sent_again_under_its_id(
    run, place: Path, store: Store, monkeypatch: pytest.MonkeyPatch
):
    with receiving_webhooks(410) as receiver:
        recipients(place, receiver.port, monkeypatch)
        assert "abandonnés\u202f: 1" in run("notify", "send").out
        listed = run("notify", "list", "--dead").out
        assert "msg_erp" in listed
        assert "réponse 410" in listed
        assert "answered 410" in run("notify", "list", "--lang", "en").out
        assert run("notify", "resend", "msg_erp").code == 0
        assert "sent: 1" in run("notify", "send", "--lang", "en").out
    assert [one["webhook-id"] for one in receiver.headers] == ["msg_erp", "msg_erp"]
    assert [(entry.action, entry.via) for entry in store.audit().items] == [("resend", "command")]


def test_what_cannot_be_sent_again_is_refused_in_the_readers_language(run, store: Store):
    refused = run("notify", "resend", "msg_erp")
    assert refused.code == 2
    assert "seul un message abandonné est renvoyé" in refused.err
    assert "aucun message msg_x" in run("notify", "resend", "msg_x").err
