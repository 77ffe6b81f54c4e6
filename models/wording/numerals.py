"""French number format: separators, non-breaking spaces, and parsing of typed figures.

Owns separators, and the space before a percent sign and before the signs that French sets off; the caller
chooses the number of digits.
"""

from __future__ import annotations

import re
from decimal import Decimal

from models.errors import CreditError

SPACE = "\N{NARROW NO-BREAK SPACE}"
"""Separator of thousands, and space before a percent sign and before the signs that French sets off."""
WORD_SPACE = "\N{NO-BREAK SPACE}"
"""Space between a figure and its unit."""


def in_french(figure: str) -> str:
    """Convert one English figure to French format; other text must not contain commas or points.

    Parameters
    ----------
    figure
        As Python formats it: `,` between thousands, `.` before decimals, `%` last.

    Examples
    --------
    >>> in_french("1,234.5").split(SPACE), in_french("12.5%").split(SPACE)
    (['1', '234,5'], ['12,5', '%'])
    """
    text = figure.replace(",", SPACE).replace(".", ",")
    return f"{text[:-1]}{SPACE}%" if text.endswith("%") and text[-2:-1].isdigit() else text


_TYPED = re.compile(r"[+-]?\d+(?:[.,]\d+)?|[+-]?\d{1,3}(?:\.\d{3})+,\d+|[+-]?\d{1,3}(?:,\d{3})+\.\d+")
_EITHER = re.compile(r"[+-]?\d{1,3}[.,]\d{3}")
"""A thousands separator, or a decimal point before three decimals: ambiguous."""


def typed_decimal(text: str) -> Decimal:
    """Parse a figure typed in French or in English: `1 000,50`, `1000.50`, `1.000,50`, `12,5 %`.

    Raises
    ------
    CreditError
        It is not a number, or is ambiguous, such as `1.000`.

    Examples
    --------
    >>> typed_decimal("1 000,50 €"), typed_decimal("12,5"), typed_decimal("1,000.50")
    (Decimal('1000.50'), Decimal('12.5'), Decimal('1000.50'))
    """
    bare = "".join(text.split()).rstrip("€%")
    if _EITHER.fullmatch(bare):
        plain = bare.replace(".", "").replace(",", "")
        raise CreditError(f"{text!r} may be {plain} or {bare[:-4]} and decimals; write {plain} or {plain},00")
    if not _TYPED.fullmatch(bare):
        raise CreditError(f"{text!r} is no number; give one such as 1250,40 or 1250.40")
    point = max(bare.rfind(","), bare.rfind("."))
    whole = bare if point < 0 else bare[:point].replace(".", "").replace(",", "")
    return Decimal(whole if point < 0 else f"{whole}.{bare[point + 1 :]}")


def unbroken(french: str) -> str:
    """Replace the spaces before signs that French sets off by non-breaking ones.

    Examples
    --------
    >>> unbroken("vrai : oui") == f"vrai{SPACE}: oui"
    True
    """
    for sign in ":;?!»€%":
        french = french.replace(f" {sign}", f"{SPACE}{sign}")
    return french.replace("« ", f"«{SPACE}")
