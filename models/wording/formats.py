"""Formatting of numbers, amounts, percentages, days and plurals in French and English.

Dates, months and plural rules come from Babel (Unicode CLDR). Digits come from Python: figures are part of
stored assessments, and a replay has to give the same text, to the last digit.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Literal

from models.wording.numerals import SPACE, WORD_SPACE, in_french

if TYPE_CHECKING:
    import datetime as dt
    from decimal import Decimal

    from babel import Locale

Language = Literal["fr", "en"]
LANGUAGES: tuple[Language, ...] = ("fr", "en")
Bilingual = tuple[str, str]
"""The French text and the English one."""
MINUS = "\N{MINUS SIGN}"
_LOCALES = {"fr": "fr_FR", "en": "en_GB"}


def number(value: float | Decimal, language: str, decimals: int = 0, *, signed: bool = False) -> str:
    """Format a number, rounded half to even; a value that rounds to 0 has no sign.

    Parameters
    ----------
    value
        A finite number, converted to float.
    signed
        Whether a positive number has a plus sign.

    Examples
    --------
    >>> number(-1234.56, "en", 1), number(0.04, "en", 1, signed=True)
    ('−1,234.6', '0.0')
    """
    rounded = round(float(value), decimals)
    sign = MINUS if rounded < 0 else "+" if signed and rounded > 0 else ""
    text = f"{abs(rounded):,.{decimals}f}"
    return sign + (in_french(text) if language == "fr" else text)


def euros(value: float | Decimal, language: str, decimals: int = 0, *, signed: bool = False) -> str:
    """Format an amount of euros: 1 234 € in French, €1,234 in English, the sign first."""
    text = number(value, language, decimals, signed=signed)
    if language == "fr":
        return f"{text}{SPACE}€"
    sign = text[0] if text[0] in (MINUS, "+") else ""
    return f"{sign}€{text.removeprefix(sign)}"


def cents(value: int, language: str) -> str:
    """Format whole cents as an amount of euros, with cents."""
    return euros(value / 100, language, 2)


def percent(share: float | Decimal, language: str, decimals: int = 1, *, signed: bool = False) -> str:
    """Format a share as a percentage: 12,5 % in French, 12.5% in English."""
    text = number(share * 100, language, decimals, signed=signed)
    return f"{text}{SPACE}%" if language == "fr" else f"{text}%"


def day(value: dt.date, language: str) -> str:
    """Format a day: 22/11/2026 in French, 22 Nov 2026 in English, without line breaks."""
    from babel.dates import format_date  # noqa: PLC0415  # loads the locales

    pattern = "dd/MM/y" if language == "fr" else "medium"
    return format_date(value, pattern, locale=_locale(language)).replace(" ", WORD_SPACE)


def month(value: dt.date, language: str) -> str:
    """Format a month: 11/2026 in French, Nov 2026 in English, without line breaks."""
    from babel.dates import format_date  # noqa: PLC0415  # loads the locales

    pattern = "MM/y" if language == "fr" else "MMM y"
    return format_date(value, pattern, locale=_locale(language)).replace(" ", WORD_SPACE)


def moment(value: dt.datetime, language: str) -> str:
    """Format a date and time to the minute, in its time zone."""
    return f"{day(value.date(), language)}{WORD_SPACE}{value:%H:%M}"


def is_one(value: float, language: str) -> bool:
    """Return whether a count takes the singular: below 2 in French, exactly 1 in English.

    Examples
    --------
    >>> is_one(0, "fr"), is_one(0, "en"), is_one(1, "en")
    (True, False, True)
    """
    return _locale(language).plural_form(abs(value)) == "one"


@cache
def _locale(language: str) -> Locale:
    from babel import Locale  # noqa: PLC0415  # costs a tenth of a second at import

    return Locale.parse(_LOCALES[language])
