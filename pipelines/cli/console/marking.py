"""Text from files and databases on its way to a terminal: no markup and no control character takes effect."""

from __future__ import annotations

import re

from rich.markup import escape as without_markup

_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""Control characters but line ends and tabs, and marks that turn the direction of the text around them."""


def escape(text: str) -> str:
    """Return a text as it may be printed: brackets are brackets, and what cannot be seen shows as a sign.

    Examples
    --------
    >>> escape("Dupont" + chr(27) + "c") == "Dupont" + chr(0xFFFD) + "c"
    True
    """
    return without_markup(_UNSEEN.sub("\ufffd", text))
