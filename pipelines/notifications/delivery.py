"""Delivery of the outbox: every due message once, failures later again, the hopeless set aside.

Owns the waits between attempts. A message may arrive twice, under the same id, where this process is killed
between the recipient's answer and the store's entry; it is never lost.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipelines.notifications.failures import DeliveryError
from pipelines.notifications.mailer import SmtpMailer, email_of
from pipelines.notifications.webhooks import send_webhook

if TYPE_CHECKING:
    from collections.abc import Callable

    from pipelines.notifications.mailer import Mailer
    from pipelines.notifications.settings import NotificationSettings, RecipientList
    from serving.store import OutboxMessage, Store

    Send = Callable[[OutboxMessage], None]

WAITS = tuple(
    dt.timedelta(seconds=seconds)
    for seconds in (60, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400)
)
"""Waits after the first failed attempt, the second and so on, as Standard Webhooks proposes: three days."""
MOST_ATTEMPTS = len(WAITS) + 1


@dataclass(frozen=True, slots=True)
class DeliveryReport:
    """How many messages were sent, failed and wait, or were given up."""

    sent: int = 0
    waiting: int = 0
    dead: int = 0


def deliver_due(store: Store, send: Send) -> DeliveryReport:
    """Send every message that is due.

    Parameters
    ----------
    send
        Sends one message; raises `DeliveryError` where it is not accepted.
    """
    sent, waiting, dead = 0, 0, 0
    while (message := store.claim_message()) is not None:
        try:
            _attempt(message, send)
        except DeliveryError as error:
            is_last = error.is_final or message.attempts >= MOST_ATTEMPTS
            store.message_failed(
                message.message_id, str(error), None if is_last else WAITS[message.attempts - 1]
            )
            dead, waiting = dead + is_last, waiting + (not is_last)
        else:
            store.message_sent(message.message_id)
            sent += 1
    return DeliveryReport(sent, waiting, dead)


def _attempt(message: OutboxMessage, send: Send) -> None:
    if message.attempts > MOST_ATTEMPTS:  # each attempt ended with its process
        raise DeliveryError("no attempt came to an end", is_final=True)
    send(message)


def sender_of(
    settings: NotificationSettings,
    recipients: RecipientList,
    now: Callable[[], dt.datetime],
    mailer: Mailer | None = None,
) -> Send:
    """Return what sends a message to its recipient."""
    post = mailer or SmtpMailer(settings)
    people = {one.name: one for one in recipients.email}
    endpoints = {one.name: one for one in recipients.webhook}

    def send(message: OutboxMessage) -> None:
        known = people if message.channel == "email" else endpoints
        if message.endpoint not in known:
            raise DeliveryError("no longer among the recipients", is_final=True)
        if message.channel == "email":
            post.send(email_of(message, people[message.endpoint], settings.smtp_from))
        else:
            send_webhook(endpoints[message.endpoint], message, now())

    return send
