"""How figures of monitoring are written, in French and in English."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import datetime as dt

Unit = Literal["index", "share", "points", "auc", "days", "months"]
Language = Literal["fr", "en"]
NONE = {"fr": "pas encore", "en": "not yet"}
"""What stands for a figure that too little is known to measure."""
_DECIMALS: dict[Unit, int] = {"index": 3, "auc": 3, "days": 0, "months": 0, "share": 1, "points": 2}


def figure(value: float | None, unit: Unit, language: Language) -> str:
    """Write a figure the way a person reads it.

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
    percent = unit in ("share", "points")
    text = f"{value * 100 if percent else value:,.{_DECIMALS[unit]}f}"
    if language == "fr":
        text = text.replace(",", "\N{NARROW NO-BREAK SPACE}").replace(".", ",")
        return f"{text}\N{NARROW NO-BREAK SPACE}%" if percent else text
    return f"{text}%" if percent else text


def day(value: dt.date, language: Language) -> str:
    """Write a day: 31/12/2026 in French, 2026-12-31 in English."""
    return f"{value:%d/%m/%Y}" if language == "fr" else value.isoformat()


def month(value: dt.date | None, language: Language) -> str:
    """Write a month: 12/2026 in French, 2026-12 in English; all of them where there is none."""
    if value is None:
        return "tous" if language == "fr" else "all"
    return f"{value:%m/%Y}" if language == "fr" else f"{value:%Y-%m}"
