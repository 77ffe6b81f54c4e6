"""Webhooks are signed, go to checked addresses only, and follow no redirect."""

import base64
import json
from dataclasses import replace

import pytest

from pipelines.notifications.failures import DeliveryError
from pipelines.notifications.settings import WebhookEndpoint
from pipelines.notifications.webhooks import send_webhook
from serving.store import OutboxMessage
from tests.pipelines.notifications.servers import receiving_webhooks
from tests.pipelines.notifications.test_settings import SECRET
from tests.pipelines.notifications.test_signatures import hmac_by_hand
from tests.serving.store.builders import NOW

MESSAGE = OutboxMessage(
    message_id="msg_1", run_id=1, channel="webhook", endpoint="erp", body={"type": "t", "data": {"é": 1}},
    status="pending", attempts=1, created_at=NOW, next_at=NOW, sent_at=None, error=None,
)  # fmt: skip


def endpoint(port: int, host: str = "127.0.0.1", *, internal: bool = True) -> WebhookEndpoint:
    url = f"http{'' if internal else 's'}://{host}:{port}/hook?key=1"
    return WebhookEndpoint.model_validate(
        {"name": "erp", "url": url, "secrets": [SECRET], "internal": internal}
    )


def test_a_receiver_verifies_the_signature_of_every_attempt():
    with receiving_webhooks(500) as receiver:
        with pytest.raises(DeliveryError, match="answered 500"):
            send_webhook(endpoint(receiver.port), MESSAGE, NOW)
        send_webhook(endpoint(receiver.port), replace(MESSAGE, attempts=2), NOW.replace(hour=5))
    assert [one["webhook-id"] for one in receiver.headers] == ["msg_1", "msg_1"]
    assert receiver.bodies[0] == receiver.bodies[1]
    assert json.loads(receiver.bodies[0]) == MESSAGE.body
    for headers, body in zip(receiver.headers, receiver.bodies, strict=True):
        told = f"msg_1.{headers['webhook-timestamp']}.".encode() + body
        signature = base64.b64decode(headers["webhook-signature"].removeprefix("v1,"))
        assert signature == hmac_by_hand(base64.b64decode(SECRET.removeprefix("whsec_")), told)
    assert receiver.headers[0]["webhook-timestamp"] != receiver.headers[1]["webhook-timestamp"]


@pytest.mark.parametrize(("status", "is_final"), [(302, False), (404, False), (410, True), (429, False)])
def test_what_is_not_accepted_is_a_failure_and_no_redirect_is_followed(status: int, is_final: bool):
    with (
        receiving_webhooks(status) as receiver,
        pytest.raises(DeliveryError, match=f"answered {status}") as failed,
    ):
        send_webhook(endpoint(receiver.port), MESSAGE, NOW)
    assert failed.value.is_final == is_final
    assert len(receiver.bodies) == 1


def test_the_connection_goes_to_the_address_that_was_checked():
    with receiving_webhooks() as receiver:
        told = endpoint(receiver.port, "erp.invalid")
        send_webhook(told, MESSAGE, NOW, lambda _host, _port: ["127.0.0.1"])
    assert receiver.headers[0]["Host"] == f"erp.invalid:{receiver.port}"


PRIVATE = ["127.0.0.1", "10.1.2.3", "169.254.169.254", "224.0.0.1", "0.0.0.0", "::1", "fd00::1"]
PRIVATE_IN_DISGUISE = ["::ffff:7f00:1", "64:ff9b::a00:1", "2002:a00:1::"]


@pytest.mark.parametrize("address", [*PRIVATE, *PRIVATE_IN_DISGUISE])
def test_a_private_address_is_refused_before_a_connection(address: str):
    told = endpoint(443, "erp.example.org", internal=False)
    with pytest.raises(DeliveryError, match="private address"):
        send_webhook(told, MESSAGE, NOW, lambda _host, _port: ["93.184.215.14", address])


def test_a_receiver_that_is_away_is_a_failure_that_shows_no_address():
    with receiving_webhooks() as receiver:
        port = receiver.port
    with pytest.raises(DeliveryError) as failed:
        send_webhook(endpoint(port), MESSAGE, NOW)
    assert str(failed.value) == "no answer (ConnectError)"
