"""Format of monitoring figures, in French and in English."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from models.wording import formats

if TYPE_CHECKING:
    import datetime as dt

    from models.wording.formats import Language

Unit = Literal["index", "share", "points", "auc", "days", "months"]
NONE = {"fr": "pas encore", "en": "not yet"}
"""Text for a figure without enough data."""
_DECIMALS: dict[Unit, int] = {"index": 3, "auc": 3, "days": 0, "months": 0, "share": 1, "points": 2}


def figure(value: float | None, unit: Unit, language: Language) -> str:
    """Format a figure for display.

    Parameters
    ----------
    value
        Shares and points in [0, 1]; None where there is none.

    Examples
    --------
    >>> figure(0.0525, "share", "en"), figure(0.0525, "index", "fr"), figure(None, "auc", "en")
    ('5.2%', '0,052', 'not yet')
    """
    if value is None:
        return NONE[language]
    decimals = _DECIMALS[unit]
    if unit in ("share", "points"):
        return formats.percent(value, language, decimals)
    return formats.number(value, language, decimals)


def month(value: dt.date | None, language: Language) -> str:
    """Format a month; `all` if None."""
    if value is None:
        return "tous" if language == "fr" else "all"
    return formats.month(value, language)
