"""Hash chain of the audit log, keyed (HMAC) if a key is configured.

Owns the secrets and the computation of a link; `audit` reads and writes. Without a key a link is a plain
hash: it detects a changed, deleted or inserted row unless all later links were recomputed. With a key, which
is never in the database, the database alone does not suffice to compute one (HMAC, RFC 2104, over SHA-256).
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, field
from typing import Self

from models.errors import StoreError

PLAIN = "plain"
"""Placeholder for a key's name in a link without one."""
SHORTEST_KEY = 32


@dataclass(frozen=True, slots=True)
class AuditKeys:
    """Secrets of the audit log: the first one signs new entries, the others verify earlier ones.

    Parameters
    ----------
    secrets
        Pairs of a key's name, which may be shown, and the key.
    """

    secrets: tuple[tuple[str, bytes], ...] = field(default=(), repr=False)

    @classmethod
    def read(cls, text: str) -> Self:
        """Parse comma-separated keys, the newest first; an empty text holds none.

        Raises
        ------
        StoreError
            A key is too short to be one; the message does not show it.
        """
        keys = [part.strip().encode() for part in text.split(",") if part.strip()]
        if any(len(key) < SHORTEST_KEY for key in keys):
            raise StoreError(
                f"a key in ENCOURS_AUDIT_KEY has fewer than {SHORTEST_KEY} characters; make one with "
                "`encours audit key`"
            )
        return cls(tuple((_name(key), key) for key in keys))

    def link(self, before: str, seal: str) -> str:
        """Return the link of an entry: the name of the key, and the hash of the previous link and the seal.

        Parameters
        ----------
        before
            The link of the entry before; empty for the first one.

        Examples
        --------
        >>> AuditKeys().link("", "seal").partition(":")[0]
        'plain'
        """
        name, key = self.secrets[0] if self.secrets else (PLAIN, b"")
        return _linked(name, key, before, seal)

    def verdict(self, before: str | None, seal: str, link: str | None) -> str:
        """Verify a link: `sound`, `unlinked`, `broken`, `without_key` or `other_key`.

        Parameters
        ----------
        before
            The link of the entry before; None or empty where that has none.
        link
            None for an entry written before links existed: it is `unlinked`.
        """
        if link is None:
            return "broken" if before else "unlinked"
        name, expected = link.partition(":")[0], None
        if name == PLAIN:
            if before and not before.startswith(f"{PLAIN}:"):
                return "without_key"
            expected = _linked(PLAIN, b"", before or "", seal)
        for known, key in self.secrets:
            if known == name:
                expected = _linked(known, key, before or "", seal)
        if expected is None:
            return "other_key"
        return "sound" if hmac.compare_digest(expected, link) else "broken"


def _linked(name: str, key: bytes, before: str, seal: str) -> str:
    told = f"{before}\n{seal}".encode()
    made = hmac.digest(key, told, "sha256").hex() if key else hashlib.sha256(told).hexdigest()
    return f"{name}:{made}"


def _name(key: bytes) -> str:
    """Return the name of a key: a hash from which the key cannot be recovered."""
    return hmac.digest(key, b"encours audit key", "sha256").hex()[:12]
