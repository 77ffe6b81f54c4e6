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

BY_WORDS, BY_NIGHT, BY_ITSELF = b"y", b"n", b"z"
"""Prefixes of a packed text: with the dictionary of answers, with that of nights, or, by an earlier version,
without one."""
WORDS = Path(__file__).with_name("typical_answers.1.jsonl")
"""The dictionary of answers. Packed texts need its exact bytes: add another one, never change it."""
NIGHT = Path(__file__).with_name("typical_nights.1.jsonl")
"""The dictionary of a night's documents, of simulated customers; never to be changed either."""
GAPS = Path(__file__).with_name("typical_gaps.1.zdict")
"""A dictionary of an earlier version, read-only: for the gaps of a template."""
VECTOR = b"v"
"""Prefix of a packed vector; an earlier version's begins with the `x` of zlib."""
LEVEL, VECTOR_LEVEL = 1, 3
_NAN_BITS = 0x7FF8000000000000
_WHOLE_BELOW = 2.0**31
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
    """Serialise as compressed JSON, with a dictionary of what a night writes of every customer."""
    return BY_NIGHT + _compressor(NIGHT).compress(to_json(value, what).encode())


def pack_text(text: bytes) -> bytes:
    """Compress the JSON text of an answer; `unpack` reads it too.

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
    if data.startswith((BY_WORDS, BY_NIGHT)):
        return _decompressor(WORDS if data.startswith(BY_WORDS) else NIGHT).decompress(data[1:])
    if data.startswith(BY_ITSELF):
        length = int.from_bytes(data[1:5], "little")
        return _decompressor().decompress(data[5:], max_output_size=length)
    return zlib.decompress(data)


@cache
def _words(path: Path) -> ZstdCompressionDict:
    words = ZstdCompressionDict(path.read_bytes())
    words.precompute_compress(level=LEVEL)
    return words


def _compressor(words: Path = WORDS) -> ZstdCompressor:
    """Return this thread's compressor, which is not thread-safe."""
    own: dict[Path, ZstdCompressor] = _OWN.__dict__.setdefault("compressors", {})
    if words not in own:
        own[words] = ZstdCompressor(level=LEVEL, dict_data=_words(words), write_dict_id=False)
    return own[words]


def _plain() -> ZstdCompressor:
    """Return this thread's compressor without a dictionary."""
    found: ZstdCompressor | None = getattr(_OWN, "plain", None)
    if found is None:
        found = _OWN.plain = ZstdCompressor(level=VECTOR_LEVEL)
    return found


def _plain_reader() -> ZstdDecompressor:
    found: ZstdDecompressor | None = getattr(_OWN, "plain_reader", None)
    if found is None:
        found = _OWN.plain_reader = ZstdDecompressor()
    return found


def _decompressor(words: Path = WORDS) -> ZstdDecompressor:
    """Return this thread's decompressor."""
    own: dict[Path, ZstdDecompressor] = _OWN.__dict__.setdefault("decompressors", {})
    if words not in own:
        own[words] = ZstdDecompressor(dict_data=_words(words))
    return own[words]


def pack_weeks(names: Sequence[str], parts: NDArray[np.uint16]) -> bytes:
    """Compress one row of whole numbers per name: their bytes of equal significance together.

    Parameters
    ----------
    parts
        Shape `(n_names, n_columns)`.
    """
    text = json.dumps(list(names), ensure_ascii=False, separators=(",", ":")).encode()
    columns = np.ascontiguousarray(parts.T).astype("<u2").reshape(-1)
    return _plain().compress(len(text).to_bytes(8, "little") + text + _by_significance(columns))


def unpack_weeks(data: bytes) -> tuple[list[str], NDArray[np.uint16]]:
    """Return the names and numbers of `pack_weeks`."""
    raw = _plain_reader().decompress(data)
    end = 8 + int.from_bytes(raw[:8], "little")
    names: list[str] = json.loads(raw[8:end])
    values = _of_significance(raw[end:], "<u2").astype(np.uint16)
    return names, values.reshape(-1, len(names)).T if names else values.reshape(0, 0)


def vector_bytes(vector: NDArray[np.float64]) -> bytes:
    """Serialise a vector: most of a state is missing or a whole number, hence small.

    Which numbers are missing and which fit in 32 bits, a bit each; then the whole numbers and the others,
    byte by byte of equal significance; compressed with Zstandard.

    Raises
    ------
    StoreError
        It is no one-dimensional float64 vector.
    """
    if vector.ndim != 1 or vector.dtype != np.float64:
        raise StoreError(f"a state is a float64 vector; got shape {vector.shape} and type {vector.dtype}")
    bits = vector.view(np.int64)
    missing = bits == _NAN_BITS
    known = vector[~missing]
    small = np.abs(np.where(np.isfinite(known), known, np.inf)) < _WHOLE_BELOW
    whole = np.where(small, known, 0.0).astype(np.int32)
    is_whole = small & (whole.astype(np.float64).view(np.int64) == bits[~missing])
    parts = (
        len(vector).to_bytes(4, "little"),
        np.packbits(missing).tobytes(),
        np.packbits(is_whole).tobytes(),
        _by_significance(whole[is_whole].astype("<i4")),
        _by_significance(known[~is_whole].astype("<f8")),
    )
    return VECTOR + _plain().compress(b"".join(parts))


def bytes_vector(data: bytes) -> NDArray[np.float64]:
    """Parse a vector written by `vector_bytes`, also by an earlier version; every bit is restored."""
    if not data.startswith(VECTOR):
        return np.frombuffer(zlib.decompress(data), dtype="<f8").astype(np.float64)
    raw = _plain_reader().decompress(data[1:])
    length, at = int.from_bytes(raw[:4], "little"), 4

    def flags(count: int) -> NDArray[np.bool_]:
        nonlocal at
        packed = np.frombuffer(raw, np.uint8, -(-count // 8), at)
        at += len(packed)
        return np.unpackbits(packed, count=count).astype(bool)

    missing = flags(length)
    is_whole = flags(int((~missing).sum()))
    count = int(is_whole.sum())
    known = np.empty(len(is_whole))
    known[is_whole] = _of_significance(raw[at : at + 4 * count], "<i4")
    known[~is_whole] = _of_significance(raw[at + 4 * count :], "<f8")
    vector = np.full(length, np.nan)
    vector.view(np.int64)[missing] = _NAN_BITS
    vector[~missing] = known
    return vector


def _by_significance(values: NDArray[Any]) -> bytes:
    """Return the bytes of numbers, those of equal significance together."""
    return (
        np.ascontiguousarray(values.view(np.uint8).reshape(len(values), -1).T).tobytes()
        if len(values)
        else b""
    )


def _of_significance(data: bytes, kind: str) -> NDArray[Any]:
    width = np.dtype(kind).itemsize
    together = np.frombuffer(data, np.uint8).reshape(width, -1)
    return np.ascontiguousarray(together.T).reshape(-1).view(kind)


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
