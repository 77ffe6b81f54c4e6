"""Sending of e-mails: the port, and the standard library's SMTP behind it."""

from __future__ import annotations

import smtplib
import ssl
from contextlib import contextmanager
from email.message import EmailMessage
from email.utils import format_datetime
from typing import TYPE_CHECKING, Protocol

from pipelines.notifications.failures import DeliveryError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipelines.notifications.settings import EmailRecipient, NotificationSettings
    from serving.store import OutboxMessage

TIMEOUT_S = 30.0
_PERMANENT = 500


class Mailer(Protocol):
    """Takes an e-mail for delivery."""

    def send(self, email: EmailMessage) -> None:
        """Send an e-mail; `DeliveryError` where it is not accepted."""


class SmtpMailer:
    """Sends e-mails through the server of the settings, each over a connection of its own."""

    def __init__(self, settings: NotificationSettings) -> None:
        self._settings = settings

    def send(self, email: EmailMessage) -> None:
        """Send an e-mail.

        Raises
        ------
        DeliveryError
            The server is away or refuses it; final where it refuses the recipient for good.
        """
        try:
            with self._connected() as server:
                server.send_message(email)
        except smtplib.SMTPRecipientsRefused as error:
            codes = [code for code, _ in error.recipients.values()]
            is_final = min(codes, default=0) >= _PERMANENT
            raise DeliveryError(f"recipient refused ({max(codes, default=0)})", is_final=is_final) from None
        except smtplib.SMTPResponseException as error:
            raise DeliveryError(f"{type(error).__name__} ({error.smtp_code})") from None
        except (smtplib.SMTPException, OSError) as error:
            raise DeliveryError(f"no e-mail server ({type(error).__name__})") from None

    @contextmanager
    def _connected(self) -> Iterator[smtplib.SMTP]:
        told, context = self._settings, ssl.create_default_context()
        if told.smtp_security == "tls":
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                told.smtp_host, told.smtp_port, timeout=TIMEOUT_S, context=context
            )
        else:
            server = smtplib.SMTP(told.smtp_host, told.smtp_port, timeout=TIMEOUT_S)
        with server:
            if told.smtp_security == "starttls":
                server.starttls(context=context)
            if told.smtp_user:
                server.login(told.smtp_user, told.smtp_password.get_secret_value())
            yield server


def email_of(message: OutboxMessage, recipient: EmailRecipient, sender: str) -> EmailMessage:
    """Return the e-mail of a message; every attempt has the same `Message-ID`."""
    email = EmailMessage()
    email["From"], email["To"] = sender, recipient.address
    email["Subject"] = message.body["subject"]
    email["Date"] = format_datetime(message.created_at)
    email["Message-ID"] = f"<{message.message_id}@{sender.rpartition('@')[2].rstrip('>')}>"
    email["Auto-Submitted"] = "auto-generated"
    email["Content-Language"] = recipient.language
    email.set_content(message.body["text"])
    email.add_alternative(message.body["html"], subtype="html")
    return email
