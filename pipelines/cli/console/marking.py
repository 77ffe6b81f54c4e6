"""Escaping of text from files and databases for a terminal: no markup or control character takes effect."""

from __future__ import annotations

import re

from rich.markup import escape as without_markup

_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""Control characters except line ends and tabs, and marks that change the direction of text."""


def escape(text: str) -> str:
    """Return a text safe to print: literal brackets, and visible signs for invisible characters.

    Examples
    --------
    >>> escape("Dupont" + chr(27) + "c") == "Dupont" + chr(0xFFFD) + "c"
    True
    """
    return without_markup(_UNSEEN.sub("\ufffd", text))
