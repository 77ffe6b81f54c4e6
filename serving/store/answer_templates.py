"""Reading of answers from earlier versions, stored as the values for the gaps of a template.

Owns the detection of such answers and the restoration of their exact text. A template is stored once, under
the hash of its text. The format is no longer written; existing entries cannot be rewritten, for their seals
and links cover these bytes.
"""

from __future__ import annotations

import hashlib
import zlib
from typing import TYPE_CHECKING

from sqlalchemy import select
from zstandard import ZstdError

from serving.store import packing
from serving.store.schema import KEPT_FORMS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Connection

FILLED = b"f"
"""Prefix of such an answer; the hash of its template follows, then the gaps, compressed."""
EDGE = b"\0"
"""Separator of the parts of a template, and of the gaps; it never occurs in JSON text."""
_HEAD = len(FILLED) + hashlib.sha256().digest_size


def texts(connection: Connection, packed: Sequence[bytes]) -> list[bytes | None]:
    """Return answers with their original text; None if unreadable, or if the template was modified."""
    templates = sound(connection, packed)
    return [_text(one, templates) for one in packed]


def sound(connection: Connection, packed: Sequence[bytes]) -> dict[str, bytes]:
    """Return the unmodified templates of answers by their hashes."""
    needed = {_template_of(one) for one in packed if one.startswith(FILLED)}
    if not needed:
        return {}
    query = select(KEPT_FORMS.c.form_hash, KEPT_FORMS.c.form).where(KEPT_FORMS.c.form_hash.in_(needed))
    read = {row.form_hash: _unpacked(row.form) for row in connection.execute(query)}
    return {
        key: text
        for key, text in read.items()
        if text is not None and hashlib.sha256(text).hexdigest() == key
    }


def is_readable(packed: bytes, templates: Mapping[str, bytes]) -> bool:
    """Return whether an answer is complete, or its template is available."""
    return not packed.startswith(FILLED) or _template_of(packed) in templates


def _template_of(packed: bytes) -> str:
    return packed[len(FILLED) : _HEAD].hex()


def _text(packed: bytes, templates: Mapping[str, bytes]) -> bytes | None:
    if not packed.startswith(FILLED):
        return _unpacked(packed)
    template, filled = templates.get(_template_of(packed)), _gaps_of(packed)
    if template is None or filled is None:
        return None
    parts, gaps = template.split(EDGE), filled.split(EDGE)
    if len(parts) != len(gaps) + 1:
        return None
    return b"".join(part + gap for part, gap in zip(parts, [*gaps, b""], strict=True))


def _gaps_of(packed: bytes) -> bytes | None:
    try:
        return packing.unpack_gaps(packed[_HEAD:])
    except ZstdError:
        return None


def _unpacked(packed: bytes) -> bytes | None:
    try:
        return packing.unpack_text(packed)
    except (ZstdError, zlib.error):
        return None
