"""Names of the files that people take away."""

from __future__ import annotations

import re
import unicodedata

_LONGEST = 80


def file_name(text: str) -> str:
    """Return a text as a part of a file's name: letters and digits of ASCII, joined by hyphens.

    Examples
    --------
    >>> file_name("fiche Société Élan & Fils (SARL)")
    'fiche-societe-elan-fils-sarl'
    """
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:_LONGEST].rstrip("-")
