"""How a figure is written in French, once it is written in English, and which spaces may not break.

Owns separators, the space before a percent sign and before the signs that French sets off; how many digits a
figure deserves is the caller's.
"""

from __future__ import annotations

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
