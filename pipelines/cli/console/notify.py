"""Console output of `encours notify`: what was sent, and the messages with their outcome."""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.wording.formats import moment
from models.wording.numerals import SPACE
from pipelines.cli.console import console

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipelines.notifications.delivery import DeliveryReport
    from serving.store import OutboxMessage

_WORDS = {
    "fr": {
        "delivered": "envoyés : {sent}, à renvoyer plus tard : {waiting}, abandonnés : {dead}",
        "none": "aucun message",
        "pending": "en attente",
        "sent": "envoyé",
        "dead": "abandonné",
        "attempts": "tentatives : {n}",
        "renewed": "le message {id} est à nouveau à envoyer ; lancez `encours notify send`",
    },
    "en": {
        "delivered": "sent: {sent}, to try again later: {waiting}, given up: {dead}",
        "none": "no message",
        "pending": "waiting",
        "sent": "sent",
        "dead": "given up",
        "attempts": "attempts: {n}",
        "renewed": "message {id} is due again; run `encours notify send`",
    },
}


def delivered(report: DeliveryReport, lang: str) -> None:
    """Print how many messages were sent, wait or were given up."""
    words = _WORDS[lang]["delivered"]
    console.say(_spaced(words.format(sent=report.sent, waiting=report.waiting, dead=report.dead), lang))


def listed(messages: Sequence[OutboxMessage], lang: str) -> None:
    """Print one line for each message."""
    from serving.usecases.notifications import failure_words  # noqa: PLC0415  # brings pydantic along

    words = _WORDS[lang]
    for one in messages:
        parts = [
            one.message_id,
            f"{one.channel} {one.endpoint}",
            words[one.status],
            _spaced(words["attempts"].format(n=one.attempts), lang),
            moment(one.sent_at or one.created_at, lang),
        ]
        if one.error:
            parts.append(_spaced(failure_words(one.error, "fr" if lang == "fr" else "en"), lang))
        console.say(" · ".join(parts))
    if not messages:
        console.say(words["none"])


def renewed(message: OutboxMessage, lang: str) -> None:
    """Print that a message is due again."""
    console.say(_spaced(_WORDS[lang]["renewed"].format(id=message.message_id), lang))


def _spaced(text: str, lang: str) -> str:
    return text.replace(" :", f"{SPACE}:").replace(" ;", f"{SPACE};") if lang == "fr" else text
