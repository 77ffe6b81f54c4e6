"""French of what the code describes in English: the command line's help, and the settings."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from docs.generator.tables import UndocumentedError

if TYPE_CHECKING:
    from collections.abc import Iterable


@cache
def catalogue() -> dict[str, str]:
    """Return the French of every English text of `french.toml`."""
    pairs = tomllib.loads(Path(__file__).with_name("french.toml").read_text(encoding="utf-8"))["text"]
    return {pair["en"]: pair["fr"] for pair in pairs}


def translated(text: str, lang: str) -> str:
    """Return a text in a language of the site; an empty text stays empty."""
    return catalogue()[text] if text and lang == "fr" else text


def check_translations(texts: Iterable[str]) -> None:
    """Compare the texts of all pages with the catalogue.

    Raises
    ------
    UndocumentedError
        A text has no French, or some French is of no text.
    """
    used = {text for text in texts if text}
    UndocumentedError.check("French text", sorted(used - set(catalogue())), sorted(set(catalogue()) - used))
