"""Digests go out over SMTP, with one `Message-ID` for all attempts."""

from dataclasses import replace
from email import message_from_bytes, policy

import pytest

from pipelines.notifications.failures import DeliveryError
from pipelines.notifications.mailer import SmtpMailer, email_of
from pipelines.notifications.settings import EmailRecipient, NotificationSettings
from tests.pipelines.notifications.servers import receiving_emails
from tests.pipelines.notifications.test_webhooks import MESSAGE

PERSON = EmailRecipient(name="credit", address="credit@example.org")
BODY = {"subject": "Encours : 2 alertes", "text": "Échéance dépassée", "html": "<p>Échéance dépassée</p>"}
EMAIL = email_of(replace(MESSAGE, channel="email", body=BODY), PERSON, "Encours <encours@example.org>")


def mailer(port: int) -> SmtpMailer:
    return SmtpMailer(
        NotificationSettings(_env_file=None, smtp_host="127.0.0.1", smtp_port=port, smtp_security="none")
    )


def test_an_email_arrives_as_text_and_html():
    with receiving_emails() as receiver:
        mailer(receiver.port).send(EMAIL)
    (taken,) = receiver.bodies
    email = message_from_bytes(taken, policy=policy.default)
    assert (email["To"], email["Subject"]) == ("credit@example.org", BODY["subject"])
    assert email["Message-ID"] == "<msg_1@example.org>"
    assert email["Auto-Submitted"] == "auto-generated"
    parts = {part.get_content_type(): part.get_content() for part in email.iter_parts()}
    assert parts["text/plain"].strip() == BODY["text"]
    assert parts["text/html"].strip() == BODY["html"]


@pytest.mark.parametrize(("code", "is_final"), [(450, False), (550, True)])
def test_a_refused_recipient_is_final_where_the_server_says_so(code: int, is_final: bool):
    with receiving_emails(code) as receiver:
        with pytest.raises(DeliveryError, match=f"recipient refused \\({code}\\)") as failed:
            mailer(receiver.port).send(EMAIL)
        assert failed.value.is_final == is_final
        mailer(receiver.port).send(EMAIL)
    assert len(receiver.bodies) == 1


def test_without_encryption_where_it_is_asked_for_nothing_is_sent():
    with receiving_emails() as receiver:
        told = NotificationSettings(_env_file=None, smtp_host="127.0.0.1", smtp_port=receiver.port)
        with pytest.raises(DeliveryError):
            SmtpMailer(told).send(EMAIL)
    assert receiver.bodies == []


def test_a_server_that_is_away_is_a_failure_that_shows_no_address():
    with receiving_emails() as receiver:
        port = receiver.port
    with pytest.raises(DeliveryError) as failed:
        mailer(port).send(EMAIL)
    assert str(failed.value) == "no e-mail server (ConnectionRefusedError)"
