"""How figures are written in French, once they are in English, which spaces may not break, how one is typed.

Owns separators, the space before a percent sign and before the signs that French sets off; how many digits a
figure deserves is the caller's.
"""

from __future__ import annotations

import re
from decimal import Decimal

from models.errors import CreditError

SPACE = "\N{NARROW NO-BREAK SPACE}"
"""What parts thousands, a figure from its percent sign, and a word from the sign that French sets off."""
WORD_SPACE = "\N{NO-BREAK SPACE}"
"""What parts a figure from the word of its unit."""


def in_french(figure: str) -> str:
    """Write one figure as it is read in French; words beside it stay, commas and points do not.

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
"""A thousand and a bit, or one and three decimals: nobody can tell."""


def typed_decimal(text: str) -> Decimal:
    """Read a figure as it is typed in French or in English: `1 000,50`, `1000.50`, `1.000,50`, `12,5 %`.

    Raises
    ------
    CreditError
        It is no figure, or may be read in two ways, as `1.000`.

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
    """Keep the signs that French sets off with a space on the line of the word they belong to.

    Examples
    --------
    >>> unbroken("vrai : oui") == f"vrai{SPACE}: oui"
    True
    """
    for sign in ":;?!»€%":
        french = french.replace(f" {sign}", f"{SPACE}{sign}")
    return french.replace("« ", f"«{SPACE}")
