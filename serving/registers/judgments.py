"""The table of judgments' natures: what each means for a ledger. The data are in `judgments.toml`."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

from models.errors import RegisterError
from models.ledger_tables import PROCEEDING_ENDED, PROCEEDINGS
from serving.registers.dates import plain

DISSOLUTION, NONE, UNKNOWN = "dissolution", "none", "unknown"
_MEANINGS = (*PROCEEDINGS, PROCEEDING_ENDED, DISSOLUTION, NONE)


@cache
def natures() -> dict[str, str]:
    """Return the meaning of each nature, by its plain letters.

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


def meaning_of(nature: str) -> str:
    """Return what a nature means: a filing's kind, `dissolution`, `none`, or `unknown` where it is not known.

    Examples
    --------
    >>> meaning_of("Jugement d’ouverture de liquidation judiciaire"), meaning_of("Autre jugement prononçant")
    ('liquidation', 'unknown')
    """
    return natures().get(plain(nature), UNKNOWN)
