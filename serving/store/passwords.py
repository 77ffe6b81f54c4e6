"""Passwords: made, hashed with argon2id, checked.

Owns which passwords are taken and what a check costs. The costs are those that the argon2 library recommends
(RFC 9106, low memory); a check takes tens of milliseconds on purpose, whoever is asked about.
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
    """Make a password of 120 random bits, to be shown once."""
    return secrets.token_urlsafe(15)


def digest(password: str, name: str) -> str:
    """Return the hash of a password, with its salt and costs.

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
    """Tell whether a password is the one of a hash; without a hash, take as long and say no."""
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
    """Return the hash of a password that nobody knows, checked where no user is called so."""
    return _hasher().hash(secrets.token_urlsafe(32))
