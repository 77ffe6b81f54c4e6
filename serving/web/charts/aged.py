"""The aged balance: what is open by how long it has been due."""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.portfolio.aging import BANDS
from serving.web.charts.bars import Bar, bars

if TYPE_CHECKING:
    from collections.abc import Mapping

    from models.drawing.canvas import Picture
    from serving.web.words import Words


def aged(amounts: Mapping[str, float], w: Words) -> Picture:
    """Draw the aged balance.

    Parameters
    ----------
    amounts
        Euros by band; a band that is missing holds nothing.
    """
    total = sum(amounts.values())
    overdue = total - amounts.get(BANDS[0], 0.0)
    sentence = w("aged.sentence", total=w.eur(total), overdue=w.eur(overdue))
    found = [
        Bar(w(f"band.{band}"), max(eur, 0.0), w.eur(eur), f"band-{place}")
        for place, (band, eur) in enumerate((band, amounts.get(band, 0.0)) for band in BANDS)
    ]
    return bars(found, w("aged.title"), sentence, (w("aged.band"), w("word.amount")))
