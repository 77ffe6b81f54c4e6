"""Messages to recipients outside, as lines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from serving.usecases.notifications import failure_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from serving.store import OutboxMessage
    from serving.web.words import Words


@dataclass(frozen=True, slots=True)
class MessageLine:
    """A message: to whom, how its sending goes, and why the last attempt failed."""

    message_id: str
    recipient: str
    channel: str
    state: str
    attempts: str
    at: str
    error: str
    is_dead: bool


def message_lines(messages: Sequence[OutboxMessage], w: Words) -> tuple[MessageLine, ...]:
    """Make a line of each message."""
    return tuple(
        MessageLine(
            one.message_id,
            one.endpoint,
            w(f"outbox.{one.channel}"),
            w(f"outbox.{one.status}"),
            w.number(one.attempts),
            w.moment(one.sent_at or one.created_at),
            failure_words(one.error or "", w.language),
            one.status == "dead",
        )
        for one in messages
    )
