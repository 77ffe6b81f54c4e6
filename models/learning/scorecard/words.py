"""Readable form of a scorecard: one line per bin, in French and in English.

Bounds are written in full, never rounded, so that the applicable line is unambiguous on paper.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import pandas as pd

from models.explain.reason_words import CODES
from models.wording.numerals import in_french

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from models.learning.scorecard.attribute import Attribute

COLUMNS = (
    "feature",
    "label_fr",
    "label_en",
    "information_value",
    "bin_fr",
    "bin_en",
    "rows",
    "bad_share",
    "woe",
    "points",
)
_UNITS = {"eur": ("€", "€"), "days": ("jours", "days"), "years": ("ans", "years"), "share": ("%", "%")}


def points_table(attributes: Sequence[Attribute]) -> pd.DataFrame:
    """Return attributes as a table, one row per bin.

    Returns
    -------
    The feature with its labels and its information value, the bin's description, its number of training rows,
    their share of bad rows, its weight of evidence and its points.
    """
    rows = [
        (
            attribute.name,
            attribute.label_fr,
            attribute.label_en,
            attribute.information_value,
            fr,
            en,
            line.rows,
            line.bad_share,
            line.woe,
            line.points,
        )
        for attribute in attributes
        for line, (fr, en) in zip(attribute.lines, _bins(attribute), strict=True)
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _bins(attribute: Attribute) -> Iterator[tuple[str, str]]:
    """Describe every bin of `lines`, in order."""
    if attribute.categories:
        for codes in attribute.categories:
            yield _codes(attribute.name, codes)
    elif not attribute.bounds:
        yield "connu", "known"
    elif attribute.unit == "flag":
        yield from (("non", "no"), ("oui", "yes"))
    else:
        yield from _ranges(attribute)
    yield "inconnu", "unknown"
    if attribute.other:
        yield "autre", "other"


def _ranges(attribute: Attribute) -> Iterator[tuple[str, str]]:
    bounds = [_figure(attribute.unit, bound) for bound in attribute.bounds]
    unit_fr, unit_en = (f" {word}" if word else "" for word in _UNITS.get(attribute.unit, ("", "")))
    fr, en = bounds[0]
    yield f"moins de {fr}{unit_fr}", f"under {en}{unit_en}"
    for (low_fr, low_en), (fr, en) in pairwise(bounds):
        yield f"de {low_fr} à moins de {fr}{unit_fr}", f"{low_en} to under {en}{unit_en}"
    fr, en = bounds[-1]
    yield f"{fr}{unit_fr} ou plus", f"{en}{unit_en} or more"


def _figure(unit: str, value: float) -> tuple[str, str]:
    """Format a bound in French and in English with all digits; a share as a percentage.

    Examples
    --------
    >>> _figure("share", 0.07), _figure("ratio", -0.125), _figure("days", 30.0)
    (('7', '7'), ('-0,125', '-0.125'), ('30', '30'))
    """
    en = f"{value * 100 if unit == 'share' else value:,.12g}"
    return in_french(en), en


def _codes(name: str, codes: Sequence[float]) -> tuple[str, str]:
    """Format codes by their labels where available."""
    known = CODES.get(name)
    told = []
    for code in codes:
        place = int(code)
        has_word = known is not None and place == code and 0 <= place < len(known[0])
        told.append((known[0][place], known[1][place]) if known and has_word else (f"{code:g}", f"{code:g}"))
    return ", ".join(fr for fr, _ in told), ", ".join(en for _, en in told)
