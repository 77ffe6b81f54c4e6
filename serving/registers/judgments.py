"""Meaning of judgments by their nature, from the table `judgments.toml`."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path

from models.errors import RegisterError
from models.ledger.tables import PLANS, PROCEEDING_ENDED, PROCEEDINGS, UNREAD
from serving.registers.dates import plain

DISSOLUTION, NONE, UNKNOWN = "dissolution", "none", UNREAD
_MEANINGS = (*PROCEEDINGS, *PLANS, PROCEEDING_ENDED, DISSOLUTION, NONE)
_OTHER = "autre jugement"
_HEAD = re.compile(r"^jugement (?:de |d'|)")
_DENIED = re.compile(r"\b(?:rejet|infirm|annul|retract|refus|debout|report)|n'y avoir (?:pas )?lieu")
"""Negations in a complement."""
_VAGUE = "plan de "
"""Prefixes that change the sense of a nature, such as the rejection of a plan."""


@cache
def natures() -> dict[str, str]:
    """Return the meaning of each nature, by its normalised text.

    Raises
    ------
    RegisterError
        The table cannot be read, or gives a nature a meaning that is none.
    """
    path = Path(__file__).with_name("judgments.toml")
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))["natures"]
    except (OSError, KeyError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise RegisterError(f"the table of judgments {path} cannot be read: {error}") from error
    strange = sorted(set(table.values()) - set(_MEANINGS))
    if strange:
        raise RegisterError(f"{path}: {strange[0]!r} is none of {', '.join(_MEANINGS)}")
    return {plain(nature): meaning for nature, meaning in table.items()}


@cache
def _named() -> dict[str, str]:
    """Return the meaning of each nature by its form in a sentence, the longest first."""
    cut = {_HEAD.sub("", nature): meaning for nature, meaning in natures().items()}
    named = {name: meaning for name, meaning in cut.items() if not name.startswith(_VAGUE)}
    return dict(sorted(named.items(), key=lambda pair: -len(pair[0])))


def judgment_meaning(nature: str, complement: str) -> str:
    """Classify a judgment by its nature, or by its complement if the nature is ambiguous.

    Examples
    --------
    >>> judgment_meaning("Autre jugement prononçant", "Jugement prononçant la liquidation judiciaire")
    'liquidation'
    >>> judgment_meaning("Autre jugement", "Jugement rejetant l'ouverture de liquidation judiciaire")
    'unknown'
    """
    found = meaning_of(nature)
    is_open = found == UNKNOWN and (not nature or plain(nature).startswith(_OTHER))
    return _meaning_in(plain(complement)) if is_open else found


def _meaning_in(words: str) -> str:
    """Classify a sentence: the only proceeding in it, else the only meaning, else `unknown`."""
    if _DENIED.search(words):
        return UNKNOWN
    said = set()
    for name, meaning in _named().items():
        if name in words:
            said.add(meaning)
            words = words.replace(name, " ")
    opened = said.intersection(PROCEEDINGS)
    left = opened or said - {NONE} or said
    return left.pop() if len(left) == 1 else UNKNOWN


def meaning_of(nature: str) -> str:
    """Classify a nature: a filing's kind, `dissolution`, `none`, or `unknown`.

    Examples
    --------
    >>> meaning_of("Jugement d’ouverture de liquidation judiciaire"), meaning_of("Autre jugement prononçant")
    ('liquidation', 'unknown')
    """
    return natures().get(plain(nature), UNKNOWN)
