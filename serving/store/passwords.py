"""Generation, argon2id hashing and verification of passwords.

Owns the accepted passwords and the cost of a verification. The parameters are those recommended by the argon2
library (RFC 9106, low memory); a verification takes tens of milliseconds on purpose, for unknown users too.
"""

from __future__ import annotations

import secrets
from functools import lru_cache
from typing import TYPE_CHECKING

from models.errors import StoreError

if TYPE_CHECKING:
    from argon2 import PasswordHasher

SHORTEST = 12
LONGEST = 200


def make() -> str:
    """Generate a password of 120 random bits, to be shown once."""
    return secrets.token_urlsafe(15)


def digest(password: str, name: str) -> str:
    """Return the hash of a password, with its salt and parameters.

    Raises
    ------
    StoreError
        The password is too short, too long or the user's own name.
    """
    if not SHORTEST <= len(password) <= LONGEST:
        raise StoreError(
            f"the password has {len(password)} characters; from {SHORTEST} to {LONGEST} are allowed"
        )
    if password.casefold().strip() == name.casefold().strip():
        raise StoreError("the password is the user's name; choose another one")
    return _hasher().hash(password)


def is_right(password: str, kept: str | None) -> bool:
    """Verify a password against a hash; without a hash, take as long and return False."""
    from argon2.exceptions import InvalidHashError, VerificationError  # noqa: PLC0415  # with its library

    if len(password) > LONGEST:
        return False
    try:
        right = _hasher().verify(kept or _nobodys(), password)
    except (VerificationError, InvalidHashError):
        return False
    return right and kept is not None


@lru_cache(maxsize=1)
def _hasher() -> PasswordHasher:
    from argon2 import PasswordHasher, profiles  # noqa: PLC0415  # only who signs in needs it

    return PasswordHasher.from_parameters(profiles.RFC_9106_LOW_MEMORY)


@lru_cache(maxsize=1)
def _nobodys() -> str:
    """Return the hash of a random password, verified for unknown users."""
    return _hasher().hash(secrets.token_urlsafe(32))
