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
_ERRORS_FR = {
    "answered": "réponse",
    "no answer": "pas de réponse",
    "no e-mail server": "serveur de messagerie injoignable",
    "recipient refused": "destinataire refusé",
    "the host's name is unknown": "nom d'hôte inconnu",
    "no longer among the recipients": "ne figure plus parmi les destinataires",
    "no attempt came to an end": "aucune tentative n'a abouti",
    "the host has a private address; set `internal = true` where that is meant": (
        "l'hôte a une adresse privée ; mettez `internal = true` si c'est voulu"
    ),
}


def delivered(report: DeliveryReport, lang: str) -> None:
    """Print how many messages were sent, wait or were given up."""
    words = _WORDS[lang]["delivered"]
    console.say(_spaced(words.format(sent=report.sent, waiting=report.waiting, dead=report.dead), lang))


def listed(messages: Sequence[OutboxMessage], lang: str) -> None:
    """Print one line for each message."""
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
            parts.append(_spaced(error_words(one.error, lang), lang))
        console.say(" · ".join(parts))
    if not messages:
        console.say(words["none"])


def renewed(message: OutboxMessage, lang: str) -> None:
    """Print that a message is due again."""
    console.say(_spaced(_WORDS[lang]["renewed"].format(id=message.message_id), lang))


def error_words(error: str, lang: str) -> str:
    """Return why an attempt failed in the language of the reader."""
    if lang != "fr":
        return error
    known = next((one for one in _ERRORS_FR if error.startswith(one)), None)
    return error if known is None else _ERRORS_FR[known] + error.removeprefix(known)


def _spaced(text: str, lang: str) -> str:
    return text.replace(" :", f"{SPACE}:").replace(" ;", f"{SPACE};") if lang == "fr" else text
