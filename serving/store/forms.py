"""Answers of which the log keeps only what the question changed, and the forms that they fill in.

Owns how such an answer is told from a whole one, and how it becomes the very text that went out again. A form
is kept once, under the hash of its text, and is never changed; who knows forms is `serving.known`.
"""

from __future__ import annotations

import hashlib
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from zstandard import ZstdError

from models.errors import StoreError
from serving.store import packing, versions
from serving.store.schema import KEPT_FORMS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Connection

FILLED = b"f"
"""What an answer begins with of which only the gaps are kept; the hash of its form follows, then the gaps."""
EDGE = b"\0"
"""Stands between the parts of a form, and between gaps; JSON text never holds it."""
_HEAD = len(FILLED) + hashlib.sha256().digest_size


@dataclass(frozen=True, slots=True, eq=False)
class Filling:
    """An answer as what fills the gaps of a form.

    Parameters
    ----------
    gaps
        Their texts in their order, with `EDGE` between.
    form_hash
        The hash of the form's text, by `hash_of`.
    form
        That text, its parts with `EDGE` between; None where the log is known to hold it.
    """

    gaps: bytes
    form_hash: bytes
    form: bytes | None


def hash_of(form: bytes) -> bytes:
    """Return the hash of a form's text, 32 bytes."""
    return hashlib.sha256(form).digest()


def pack(answers: Sequence[bytes | Filling]) -> tuple[list[bytes], dict[bytes, dict[str, Any]]]:
    """Compress answers together, whole ones and fillings.

    Returns
    -------
    packed, brought
        The answers as the log keeps them, and the forms that come with them as columns, by their hashes.
    """
    fillings = [one for one in answers if isinstance(one, Filling)]
    whole = [one for one in answers if not isinstance(one, Filling)]
    new = {one.form_hash: one.form for one in fillings if one.form is not None}
    gaps = iter(
        packing.pack_gaps([one.gaps for one in fillings], [FILLED + one.form_hash for one in fillings])
    )
    texts = iter(packing.pack_texts([*whole, *new.values()]))
    packed = [next(gaps if isinstance(one, Filling) else texts) for one in answers]
    return packed, {key: {"form_hash": key.hex(), "form": next(texts)} for key in new}


def keep(connection: Connection, rows: Sequence[Mapping[str, Any]], packed: Sequence[bytes]) -> None:
    """Keep forms, as columns, those that are not kept yet.

    Parameters
    ----------
    packed
        The answers that are about to be written, as the log keeps them.

    Raises
    ------
    StoreError
        An answer fills in a form that the log does not hold, nor is it among `rows`: it could never be read.
    """
    versions.keep_once(connection, KEPT_FORMS, rows)
    needed = {_form_of(one) for one in packed if one.startswith(FILLED)}
    if not needed:
        return
    # By the driver, and counted there: this is asked at every group of answers.
    mark = "?" if connection.dialect.name == "sqlite" else "%s"
    marks = ", ".join([mark] * len(needed))
    statement = f"SELECT count(*) FROM kept_forms WHERE form_hash IN ({marks})"  # noqa: S608  # marks alone
    held = connection.exec_driver_sql(statement, tuple(needed)).scalar()
    if held != len(needed):
        raise StoreError(
            f"the log holds {held} of the {len(needed)} forms that answers fill in: is the database an older "
            "one than this process has written to? ask again"
        )


def texts(connection: Connection, packed: Sequence[bytes]) -> list[bytes | None]:
    """Return answers as they went out; None for one that cannot be read, or whose form is not as it was."""
    forms = sound(connection, packed)
    return [_text(one, forms) for one in packed]


def sound(connection: Connection, packed: Sequence[bytes]) -> dict[str, bytes]:
    """Return the forms that answers fill in, those that are kept as they were, by their hashes."""
    needed = {_form_of(one) for one in packed if one.startswith(FILLED)}
    if not needed:
        return {}
    query = select(KEPT_FORMS.c.form_hash, KEPT_FORMS.c.form).where(KEPT_FORMS.c.form_hash.in_(needed))
    read = {row.form_hash: _unpacked(row.form) for row in connection.execute(query)}
    return {key: form for key, form in read.items() if form is not None and hash_of(form).hex() == key}


def is_readable(packed: bytes, forms: Mapping[str, bytes]) -> bool:
    """Tell whether an answer is whole, or its form is among these."""
    return not packed.startswith(FILLED) or _form_of(packed) in forms


def _form_of(packed: bytes) -> str:
    return packed[len(FILLED) : _HEAD].hex()


def _text(packed: bytes, forms: Mapping[str, bytes]) -> bytes | None:
    if not packed.startswith(FILLED):
        return _unpacked(packed)
    form, filled = forms.get(_form_of(packed)), _gaps_of(packed)
    if form is None or filled is None:
        return None
    parts, gaps = form.split(EDGE), filled.split(EDGE)
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
