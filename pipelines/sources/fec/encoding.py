"""Decoding of lines in any of the usual encodings: UTF-8, ISO-8859-15 or CP1252.

A block of one encoding is decoded at once; one of several, line by line. Bytes that are UTF-8 are hardly ever
anything else, and those from 0x80 to 0x9F are signs in CP1252 alone; the rest is ISO-8859-15, which differs
from CP1252 there in eight signs, of which French writes only Œ, œ, Ÿ and €.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

BOM = b"\xef\xbb\xbf"
UTF8, LATIN9, WINDOWS = "UTF-8", "ISO-8859-15", "CP1252"
_SEQUENCE = re.compile(rb"[\xc3-\xf4][\x80-\xbf]")
_WINDOWS_ONLY = re.compile(rb"[\x80-\x9f]")
_NO_SIGN = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")


@dataclass(frozen=True, slots=True)
class Decoded:
    """A block as UTF-8, and its number of lines with accents by encoding."""

    data: bytes
    lines: Counter[str]


def decode(data: bytes) -> Decoded:
    r"""Decode whole lines to UTF-8.

    Bytes invalid in every encoding become U+FFFD, the replacement character.

    Examples
    --------
    >>> decode("Société\n".encode("cp1252")).data.decode()
    'Société\n'
    """
    if data.isascii():
        return Decoded(data, Counter())
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return _eight_bit(data)
    return Decoded(data, Counter({UTF8: sum(not line.isascii() for line in _few(data))}))


def _few(data: bytes) -> list[bytes]:
    return data.splitlines()


def _eight_bit(data: bytes) -> Decoded:
    if _SEQUENCE.search(data) or _NO_SIGN.search(data):
        return _line_by_line(data)
    name = WINDOWS if _WINDOWS_ONLY.search(data) else LATIN9
    text = data.decode(name)
    return Decoded(text.encode("utf-8"), Counter({name: sum(not line.isascii() for line in _few(data))}))


def _line_by_line(data: bytes) -> Decoded:
    lines: Counter[str] = Counter()
    windows = bool(_WINDOWS_ONLY.search(re.sub(rb"[\xc2-\xf4][\x80-\xbf]+", b"", data)))
    made = []
    for line in data.split(b"\n"):
        if line.isascii():
            made.append(line)
            continue
        try:
            line.decode("utf-8")
            lines[UTF8] += 1
            made.append(line)
        except UnicodeDecodeError:
            name = WINDOWS if windows else LATIN9
            lines[name] += 1
            made.append(line.decode(name, errors="replace").encode("utf-8"))
    return Decoded(b"\n".join(made), lines)
