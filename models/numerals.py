"""How a figure is written in French, once it is written in English.

Owns separators and the space before a percent sign; how many digits a figure deserves is the caller's.
"""

from __future__ import annotations

SPACE = "\N{NARROW NO-BREAK SPACE}"
"""What parts thousands, and a figure from its percent sign."""


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
