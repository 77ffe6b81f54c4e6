"""Companies looked up in the public registers for somebody who waits: within seconds, or from what is kept.

Owns whether this server may call out, who waits for whom, and how long. What the registers say is
`serving.registers.lookup`'s; what becomes of it here is `serving.usecases.prospect_enrichment`'s.
"""

from __future__ import annotations

import threading
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from serving.registers.client import RegisterClient
    from serving.registers.lookup import ProspectFacts
    from serving.registers.settings import RegisterSettings

PATIENCE_S = 5.0
"""The longest that somebody waits for all registers together."""
_ONE_REGISTER_S = 2.0
_AT_ONCE = 4
NOT_ALLOWED = "not asked: this server may not call out (ENCOURS_REGISTERS), and no answer is kept"
TOO_LATE = "it did not answer in time; what it answers is kept for the next question"
_OFFLINE = "ENCOURS_REGISTERS_OFFLINE"


class Lookups:
    """Looks companies up; safe in threads. It blocks while it waits: never call it on an event loop.

    Parameters
    ----------
    settings
        Where the registers and the kept answers are.
    online
        Whether this server may call out; else kept answers are all there is.
    patience_s
        The longest wait in seconds, above 0.
    """

    def __init__(self, settings: RegisterSettings, *, online: bool, patience_s: float = PATIENCE_S) -> None:
        self._settings, self._patience_s = settings, patience_s
        self.online = online and not settings.offline
        self._lock = threading.Lock()
        self._clients: dict[bool, RegisterClient] = {}
        self._threads: ThreadPoolExecutor | None = None
        self._waiting: dict[str, Future[ProspectFacts]] = {}

    def find(self, siren: str) -> ProspectFacts:
        """Return what the registers say, asking them where they may be asked and nothing recent is kept.

        Who asks about the same company meanwhile gets the same answer. One that takes too long goes on, and
        is kept for the next who asks.

        Raises
        ------
        RegisterError
            The number is no SIREN.
        """
        if not self.online:
            return self.find_kept(siren)
        try:
            return self._asked(siren).result(self._patience_s)
        except TimeoutError:
            return _for_reason(self._kept(siren), TOO_LATE)

    def find_kept(self, siren: str) -> ProspectFacts:
        """Return what was kept of the registers, whatever its age, asking nobody.

        Raises
        ------
        RegisterError
            The number is no SIREN.
        """
        return _for_reason(self._kept(siren), NOT_ALLOWED)

    def close(self) -> None:
        """Let nobody wait any more, and close the connections."""
        with self._lock:
            threads, self._threads = self._threads, None
            clients, self._clients = self._clients, {}
        if threads is not None:
            threads.shutdown(wait=True, cancel_futures=True)
        for client in clients.values():
            client.close()

    def _kept(self, siren: str) -> ProspectFacts:
        from serving.registers.lookup import look_up  # noqa: PLC0415  # pandas, loaded with the models

        return look_up(siren, self._client(asking=False))

    def _asked(self, siren: str) -> Future[ProspectFacts]:
        from serving.registers.lookup import look_up  # noqa: PLC0415  # pandas, loaded with the models

        client = self._client(asking=True)
        with self._lock:
            found = self._waiting.get(siren)
            if found is None:
                if self._threads is None:
                    self._threads = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="registers")
                found = self._waiting[siren] = self._threads.submit(look_up, siren, client)
        found.add_done_callback(lambda done: self._forget(siren, done))
        return found

    def _forget(self, siren: str, done: Future[ProspectFacts]) -> None:
        with self._lock:
            if self._waiting.get(siren) is done:
                del self._waiting[siren]

    def _client(self, *, asking: bool) -> RegisterClient:
        from serving.registers.client import RegisterClient  # noqa: PLC0415  # only who looks up pays for it

        with self._lock:
            if asking not in self._clients:
                hurried = self._settings.hurried(_ONE_REGISTER_S)
                self._clients[asking] = RegisterClient(hurried.model_copy(update={"offline": not asking}))
            return self._clients[asking]


def _for_reason(found: ProspectFacts, reason: str) -> ProspectFacts:
    """Tell why registers were not asked in the words of who is told; what else is wrong stays as it is."""
    away: Mapping[str, str] = {name: reason if _OFFLINE in why else why for name, why in found.away.items()}
    return replace(found, away=away)
