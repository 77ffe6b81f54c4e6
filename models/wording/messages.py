"""French translations of messages raised in English: errors, and reasons of quarantined rows.

Owns the lookup by patterns of `messages_fr.toml`, in which `{0}`, `{1}`, … are the message's values.
Figures among these are formatted in French; a message within a message is translated too. A message without a
pattern is returned in English.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path

from models.wording.numerals import in_french, unbroken

_CATALOGUE = Path(__file__).with_name("messages_fr.toml")
_FIELD = re.compile(r"\{(\d)\}")
_FIGURE = re.compile(r"-?\d{1,3}(,\d{3})+(\.\d+)?|-?\d+\.\d+")
_DEEPEST = 3


def french(message: str) -> str:
    """Return a message in French, or unchanged without a translation.

    Examples
    --------
    >>> french("is no date written YYYYMMDD"), french("something else")
    ("n'est pas une date écrite AAAAMMJJ", 'something else')
    """
    return _french(message, _DEEPEST)


def _french(message: str, depth: int) -> str:
    for pattern, order, template in patterns():
        if found := pattern.fullmatch(message):
            values = {place: _value(value, depth) for place, value in zip(order, found.groups(), strict=True)}
            parts = _FIELD.split(unbroken(template))
            return "".join(values[part] if at % 2 else part for at, part in enumerate(parts))
    return message


def _value(value: str, depth: int) -> str:
    if _FIGURE.fullmatch(value):
        return in_french(value)
    return _french(value, depth - 1) if depth else value


@cache
def patterns() -> tuple[tuple[re.Pattern[str], tuple[str, ...], str], ...]:
    """Return English patterns, most specific first, with their fields in order and their French."""
    pairs = tomllib.loads(_CATALOGUE.read_text(encoding="utf-8"))["message"]
    ordered = sorted(pairs, key=lambda pair: -len(_FIELD.sub("", pair["en"])))
    return tuple((_pattern(pair["en"]), tuple(_FIELD.findall(pair["en"])), pair["fr"]) for pair in ordered)


def _pattern(english: str) -> re.Pattern[str]:
    literal = [re.escape(part) for part in re.split(r"\{\d\}", english)]
    return re.compile("(.*?)".join(literal), re.DOTALL)
