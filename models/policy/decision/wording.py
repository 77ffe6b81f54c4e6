"""French and English wording of a decision's figures: euros, shares, days, bases, means.

Owns the words of a figure; the sentences around them are their modules'.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from models.policy.means_of_payment import MEANS_LABELS
from models.wording.numerals import SPACE, WORD_SPACE, in_french

if TYPE_CHECKING:
    from models.wording.formats import Bilingual


def money(euros: float) -> Bilingual:
    """Write an amount in euros, in cents only where there are any.

    Examples
    --------
    >>> money(1250.5)[1]
    '€1,250.50'
    """
    figure = f"{euros:,.0f}" if round(euros * 100) % 100 == 0 else f"{euros:,.2f}"
    return f"{in_french(figure)}{SPACE}€", f"€{figure}"


def percent(share: float) -> Bilingual:
    """Write a share as a percentage, rounded up to a tenth so that a demanded part suffices.

    Examples
    --------
    >>> percent(0.30)[1], percent(0.3001)[1]
    ('30%', '30.1%')
    """
    tenths = math.ceil(round(share * 1000, 6))
    figure = f"{tenths // 10}%" if tenths % 10 == 0 else f"{tenths / 10:.1f}%"
    return in_french(figure), figure


def days_words(days: int) -> Bilingual:
    """Write a number of days."""
    return f"{days}{WORD_SPACE}jour{'s' if days > 1 else ''}", f"{days} day{'' if days == 1 else 's'}"


def basis_words(basis: str) -> Bilingual:
    """Write what terms count from, a basis of `models.law.legal_terms`."""
    return {
        "net": ("date de facture", "from the invoice"),
        "eom_plus": ("après la fin du mois de facturation", "after the end of the month of the invoice"),
        "plus_eom": ("puis fin de mois", "and then to the end of the month"),
    }[basis]


def means_words(means: str) -> Bilingual:
    """Write a means of payment."""
    return MEANS_LABELS[means]
