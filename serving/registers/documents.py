"""Tolerant access to plain JSON: a missing or mistyped part counts as absent.

Registers change shapes without notice, and put JSON into strings of JSON.
"""

from __future__ import annotations

import json
import math
from typing import Any

from models.errors import RegisterError


def part(document: object, *names: str) -> object:
    """Return the value at a path of names, None if any is missing.

    Examples
    --------
    >>> part({"a": {"b": 1}}, "a", "b"), part({"a": []}, "a", "b"), part(None, "a")
    (1, None, None)
    """
    for name in names:
        if not isinstance(document, dict):
            return None
        document = document.get(name)
    return document


def rows(document: object) -> list[dict[str, Any]]:
    """Return the objects of a list, or the one object given.

    Examples
    --------
    >>> rows([{"a": 1}, "stray"]), rows({"a": 1}), rows(None)
    ([{'a': 1}], [{'a': 1}], [])
    """
    if isinstance(document, dict):
        return [document]
    return [row for row in document if isinstance(row, dict)] if isinstance(document, list) else []


def text(document: object, *names: str) -> str:
    """Return the trimmed text at a path of names, empty if absent.

    Examples
    --------
    >>> text({"a": " x "}, "a"), text({"a": 5}, "a"), text({"a": {}}, "a")
    ('x', '5', '')
    """
    found = part(document, *names)
    if isinstance(found, int) and not isinstance(found, bool):
        return str(found)
    return mended(" ".join(whole(found).split())) if isinstance(found, str) else ""


def whole(words: str) -> str:
    r"""Return an encodable text: lone surrogates and control characters become question marks.

    Examples
    --------
    >>> whole("a\ud800b"), whole("a\x00b"), whole("é")
    ('a?b', 'a?b', 'é')
    """
    kept = "".join("?" if ord(sign) < 32 and sign not in "\t\n\r" else sign for sign in words)
    return kept.encode("utf-8", "replace").decode("utf-8")


def number(document: object, *names: str) -> float | None:
    """Return the finite number at a path of names, written as a number or as text.

    Examples
    --------
    >>> number({"a": "12.5"}, "a"), number({"a": True}, "a"), number({"a": "NaN"}, "a")
    (12.5, None, None)
    """
    found = part(document, *names)
    if isinstance(found, bool) or not isinstance(found, int | float | str):
        return None
    try:
        value = float(found)
    except (ValueError, OverflowError):
        return None
    return value if math.isfinite(value) else None


def inside(document: object, name: str) -> object:
    """Return the object or list at a name, decoded if it is JSON in a string; else None.

    Examples
    --------
    >>> inside({"acte": '{"date": "2024-01-02"}'}, "acte"), inside({"acte": "{broken"}, "acte")
    ({'date': '2024-01-02'}, None)
    """
    found = part(document, name)
    if not isinstance(found, str):
        return found
    try:
        read: object = json.loads(found)
    except (ValueError, RecursionError):
        return None
    return read


def mended(words: str) -> str:
    """Repair UTF-8 text that was decoded as Latin-1; any other is unchanged.

    Examples
    --------
    >>> mended("clÃ´ture"), mended("clôture")
    ('clôture', 'clôture')
    """
    if not any(sign in words for sign in "ÃÂâ"):
        return words
    for wrong in ("latin-1", "cp1252"):
        try:
            return words.encode(wrong).decode("utf-8")
        except UnicodeError:
            continue
    return words


def records_in(document: object) -> list[dict[str, Any]]:
    """Return the records of an answer or a dump, v1 or v2.1.

    Raises
    ------
    RegisterError
        It holds no list of them.
    """
    if isinstance(document, list):
        return rows(document)
    for name in ("results", "records"):
        if isinstance(part(document, name), list):
            return rows(part(document, name))
    raise RegisterError("no list of records: neither results nor records")


def fields_of(record: object) -> dict[str, Any]:
    """Return a record's fields: under `fields` in v1, under `record` in some dumps, at the top in v2.1."""
    for path in (("record", "fields"), ("fields",)):
        found = part(record, *path)
        if isinstance(found, dict):
            return found
    return record if isinstance(record, dict) else {}
