"""Lossless serialisation of documents and vectors for the database.

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
"""Prefixes of a packed text: with the first dictionary, or, by an earlier version, without one."""
WORDS = Path(__file__).with_name("typical_answers.1.jsonl")
"""The first dictionary. Packed texts need its exact bytes: add a second one, never change it."""
GAPS = Path(__file__).with_name("typical_gaps.1.zdict")
"""A dictionary of an earlier version, read-only: for the gaps of a template."""
LEVEL = 1
_OWN = threading.local()
LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d"})


def to_json(value: Mapping[str, Any], what: str) -> str:
    """Serialise as JSON text; floats keep every digit.

    Raises
    ------
    StoreError
        A value is not serialisable, such as NaN or a date; `what` names the document.
    """
    try:
        return json.dumps(value, allow_nan=False, ensure_ascii=False, separators=(",", ":"))
    except (TypeError, ValueError) as error:
        raise StoreError(f"{what} cannot be kept as JSON: {error}; give plain, finite JSON values") from error


def from_json(text: str) -> dict[str, Any]:
    """Parse JSON text written by `to_json`."""
    value: dict[str, Any] = json.loads(text)
    return value


def pack(value: Mapping[str, Any], what: str) -> bytes:
    """Serialise as compressed JSON, so that many runs of all customers stay small."""
    return pack_text(to_json(value, what).encode())


def pack_text(text: bytes) -> bytes:
    """Compress JSON text; `unpack` reads it too.

    Zstandard with a dictionary of typical answers, which are similar: a third of the size, in half of the
    time, compared with none.
    """
    return BY_WORDS + _compressor().compress(text)


def pack_texts(texts: Sequence[bytes]) -> list[bytes]:
    """Compress several texts like `pack_text`, reacquiring the interpreter lock once, not for each."""
    if not texts:
        return []
    packed = _compressor().multi_compress_to_buffer(list(texts))
    return [BY_WORDS + packed[place].tobytes() for place in range(len(packed))]


def unpack_gaps(data: bytes) -> bytes:
    """Return the gaps of a template, as compressed by an earlier version."""
    return _decompressor(GAPS).decompress(data)


def unpack(data: bytes) -> dict[str, Any]:
    """Parse a value packed by `pack`, also by an earlier version."""
    return from_json(unpack_text(data).decode())


def unpack_text(data: bytes) -> bytes:
    """Decompress a text packed by `pack_text`, also by an earlier version."""
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
    """Return this thread's compressor, which is not thread-safe."""
    found: ZstdCompressor | None = getattr(_OWN, "compressor", None)
    if found is None:
        found = _OWN.compressor = ZstdCompressor(level=LEVEL, dict_data=_words(WORDS), write_dict_id=False)
    return found


def _decompressor(words: Path = WORDS) -> ZstdDecompressor:
    """Return this thread's decompressor."""
    own: dict[Path, ZstdDecompressor] = _OWN.__dict__.setdefault("decompressors", {})
    if words not in own:
        own[words] = ZstdDecompressor(dict_data=_words(words))
    return own[words]


def vector_bytes(vector: NDArray[np.float64]) -> bytes:
    """Serialise a vector as compressed little-endian float64: most of a state is missing, hence small.

    Raises
    ------
    StoreError
        It is no one-dimensional float64 vector.
    """
    if vector.ndim != 1 or vector.dtype != np.float64:
        raise StoreError(f"a state is a float64 vector; got shape {vector.shape} and type {vector.dtype}")
    return zlib.compress(vector.astype("<f8").tobytes(), level=1)


def bytes_vector(data: bytes) -> NDArray[np.float64]:
    """Parse a vector written by `vector_bytes`."""
    return np.frombuffer(zlib.decompress(data), dtype="<f8").astype(np.float64)


def fold(text: str) -> str:
    """Remove case and accents from a text, so that searches match.

    Examples
    --------
    >>> fold("Société ŒUVRE & Fils")
    'societe oeuvre & fils'
    """
    letters = unicodedata.normalize("NFKD", text.casefold().translate(LIGATURES))
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return " ".join(plain.split())
