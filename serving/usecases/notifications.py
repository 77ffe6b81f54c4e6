"""Messages of a night, to recipients outside: read, and sent again where they were given up.

Owns the words of why an attempt failed. Sending is `pipelines.notifications`'.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from serving.audit.entries import entry_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from models.wording.formats import Language
    from serving.callers import Caller
    from serving.store import OutboxMessage, Store

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


@dataclass(frozen=True, slots=True)
class Notifications:
    """Read messages, and make those that were given up due again.

    Parameters
    ----------
    store
        Opens the store, or raises `StoreError`.
    """

    store: Callable[[], Store]

    def listed(self, *, only_dead: bool) -> tuple[OutboxMessage, ...]:
        """Return messages, the newest first."""
        return self.store().messages("dead" if only_dead else None)

    def resend(self, message_id: str, caller: Caller) -> OutboxMessage:
        """Make a message that was given up due again, under the same id; the audit log says who did.

        Raises
        ------
        StoreError
            There is none, or it was not given up.
        """
        entry = entry_of(caller, "resend", {"message_id": message_id}, {})
        return self.store().renew_message(message_id, entry)


def failure_words(error: str, language: Language) -> str:
    """Return why an attempt failed in the language of the reader.

    Examples
    --------
    >>> failure_words("answered 500", "fr")
    'réponse 500'
    """
    if language != "fr":
        return error
    known = next((one for one in _ERRORS_FR if error.startswith(one)), None)
    return error if known is None else _ERRORS_FR[known] + error.removeprefix(known)
