"""Signatures of webhooks by the Standard Webhooks specification, symmetric scheme `v1`.

Source: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

PREFIX = "whsec_"
_LEAST_BYTES, _MOST_BYTES = 24, 64


def signing_key(secret: str) -> bytes:
    """Return the key of a secret, `whsec_` and the base64 of 24 to 64 bytes.

    Raises
    ------
    ValueError
        It is none; the message does not show it.
    """
    fault = f"a secret is {PREFIX} and the base64 of {_LEAST_BYTES} to {_MOST_BYTES} random bytes"
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except ValueError:  # binascii.Error is one
        raise ValueError(fault) from None
    if not secret.startswith(PREFIX) or not _LEAST_BYTES <= len(key) <= _MOST_BYTES:
        raise ValueError(fault)
    return key


def signed_headers(message_id: str, timestamp: int, body: bytes, secrets: Sequence[str]) -> dict[str, str]:
    """Return the headers that authenticate a webhook.

    Parameters
    ----------
    message_id
        The same in every attempt.
    timestamp
        Seconds since 1970 of this attempt.
    secrets
        Each gives a signature: a receiver accepts any of them while a secret is replaced.
    """
    signed = b".".join([message_id.encode(), str(timestamp).encode(), body])
    signatures = [hmac.digest(signing_key(secret), signed, hashlib.sha256) for secret in secrets]
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(f"v1,{base64.b64encode(one).decode()}" for one in signatures),
    }
