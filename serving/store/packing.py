"""Turns documents and vectors into what a database keeps, and back without losing a bit.

Owns the encodings: JSON text, JSON compressed, a little-endian vector compressed, a folded name.
"""

from __future__ import annotations

import json
import threading
import unicodedata
import zlib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from zstandard import ZstdCompressionDict, ZstdCompressor, ZstdDecompressor

from models.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

BY_WORDS, BY_ITSELF = b"y", b"z"
"""What a packed text begins with: with the first dictionary, or, by an earlier version, without one."""
WORDS = Path(__file__).with_name("typical_answers.1.jsonl")
"""The first dictionary. What was packed with it needs it to the letter: add a second one, never change it."""
GAPS = Path(__file__).with_name("typical_gaps.1.zdict")
"""A dictionary of an earlier version, for reading alone: of what fills the gaps of a template."""
LEVEL = 1
_OWN = threading.local()
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

    By Zstandard with a dictionary of typical answers, for answers say much the same: a third of the length,
    in half of the time, of what it is without.
    """
    return BY_WORDS + _compressor().compress(text)


def pack_texts(texts: Sequence[bytes]) -> list[bytes]:
    """Compress several texts as `pack_text` does, taking the interpreter's lock back once, not for each."""
    if not texts:
        return []
    packed = _compressor().multi_compress_to_buffer(list(texts))
    return [BY_WORDS + packed[place].tobytes() for place in range(len(packed))]


def unpack_gaps(data: bytes) -> bytes:
    """Return what fills the gaps of a template, as an earlier version compressed it."""
    return _decompressor(GAPS).decompress(data)


def unpack(data: bytes) -> dict[str, Any]:
    """Read what `pack` wrote, or an earlier version of it."""
    return from_json(unpack_text(data).decode())


def unpack_text(data: bytes) -> bytes:
    """Return the text that `pack_text` compressed, or an earlier version of it."""
    if data.startswith(BY_WORDS):
        return _decompressor().decompress(data[1:])
    if data.startswith(BY_ITSELF):
        length = int.from_bytes(data[1:5], "little")
        return _decompressor().decompress(data[5:], max_output_size=length)
    return zlib.decompress(data)


@cache
def _words(path: Path) -> ZstdCompressionDict:
    words = ZstdCompressionDict(path.read_bytes())
    words.precompute_compress(level=LEVEL)
    return words


def _compressor() -> ZstdCompressor:
    """Return the compressor of this thread: two threads may not use one."""
    found: ZstdCompressor | None = getattr(_OWN, "compressor", None)
    if found is None:
        found = _OWN.compressor = ZstdCompressor(level=LEVEL, dict_data=_words(WORDS), write_dict_id=False)
    return found


def _decompressor(words: Path = WORDS) -> ZstdDecompressor:
    """Return the decompressor of this thread."""
    own: dict[Path, ZstdDecompressor] = _OWN.__dict__.setdefault("decompressors", {})
    if words not in own:
        own[words] = ZstdDecompressor(dict_data=_words(words))
    return own[words]


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
