"""Turns documents and vectors into what a database keeps, and back without losing a bit.

Owns the encodings: JSON text, JSON compressed, a little-endian vector compressed, a folded name.
"""

from __future__ import annotations

import json
import unicodedata
import zlib
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from models.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

PACKED = b"z"
"""What a packed text begins with; zlib's own begins otherwise."""
LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d"})


def to_json(value: Mapping[str, Any], what: str) -> str:
    """Write JSON text; floats keep every digit.

    Raises
    ------
    StoreError
        A value is none that JSON knows, such as NaN or a date; `what` names the document.
    """
    try:
        return json.dumps(value, allow_nan=False, ensure_ascii=False, separators=(",", ":"))
    except (TypeError, ValueError) as error:
        raise StoreError(f"{what} cannot be kept as JSON: {error}; give plain, finite JSON values") from error


def from_json(text: str) -> dict[str, Any]:
    """Read JSON text that `to_json` wrote."""
    value: dict[str, Any] = json.loads(text)
    return value


def pack(value: Mapping[str, Any], what: str) -> bytes:
    """Write JSON, compressed: thirty nights of every customer's answer stay small."""
    return pack_text(to_json(value, what).encode())


def pack_text(text: bytes) -> bytes:
    """Compress JSON text that is written already; `unpack` reads it too.

    By Zstandard, which takes half of zlib's time for as little: a mark, the length of the text, the frame.
    """
    packed: bytes = _zstandard().compress(text, asbytes=True)
    return PACKED + len(text).to_bytes(4, "little") + packed


def unpack(data: bytes) -> dict[str, Any]:
    """Read what `pack` wrote, or an earlier version of it, by zlib."""
    if not data.startswith(PACKED):
        return from_json(zlib.decompress(data).decode())
    length = int.from_bytes(data[1:5], "little")
    text: bytes = _zstandard().decompress(data[5:], decompressed_size=length, asbytes=True)
    return from_json(text.decode())


@cache
def _zstandard() -> Any:  # noqa: ANN401  # pyarrow is untyped
    import pyarrow as pa  # noqa: PLC0415  # costs a tenth of a second at import

    return pa.Codec("zstd", compression_level=1)


def vector_bytes(vector: NDArray[np.float64]) -> bytes:
    """Write a vector as little-endian float64, compressed: most of a state is not known, and that is small.

    Raises
    ------
    StoreError
        It is no one-dimensional float64 vector.
    """
    if vector.ndim != 1 or vector.dtype != np.float64:
        raise StoreError(f"a state is a float64 vector; got shape {vector.shape} and type {vector.dtype}")
    return zlib.compress(vector.astype("<f8").tobytes(), level=1)


def bytes_vector(data: bytes) -> NDArray[np.float64]:
    """Read a vector that `vector_bytes` wrote."""
    return np.frombuffer(zlib.decompress(data), dtype="<f8").astype(np.float64)


def fold(text: str) -> str:
    """Take case and accents off a text, so that what is typed finds what is written.

    Examples
    --------
    >>> fold("Société ŒUVRE & Fils")
    'societe oeuvre & fils'
    """
    letters = unicodedata.normalize("NFKD", text.casefold().translate(LIGATURES))
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return " ".join(plain.split())
