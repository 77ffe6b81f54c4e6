"""Location of a customer number, to distinguish namesakes: postcode, else town.

Owns the distance of two places. It only adjusts scores: nearness joins nobody and distance excludes nobody,
as a company may have several sites.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import pandas as pd

Distance = Literal["same", "near", "far", "unknown"]

_WORD = re.compile(r"[a-z]+")
_SHORT = {"st": "saint", "ste": "sainte", "s": "sur"}
_EMPTY = frozenset({"cedex", "le", "la", "les", "l", "d", "de", "du", "des"})
_REGION_DIGITS = 2
"""Leading digits of a postcode that identify a region: in France the département."""


@dataclass(frozen=True, slots=True)
class Place:
    """A place; unknown parts are empty."""

    postcode: str = ""
    town: str = ""


def place_of(postcode: str | None, town: str | None) -> Place:
    """Return a normalized place: postcode without spaces, town in plain words.

    Examples
    --------
    >>> place_of("59 000", "Lille Cedex 9"), place_of(None, "ST-OUEN S/ SEINE")
    (Place(postcode='59000', town='lille'), Place(postcode='', town='saint ouen sur seine'))
    """
    plain = unicodedata.normalize("NFKD", town or "").casefold()
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    words = [_SHORT.get(word, word) for word in _WORD.findall(plain)]
    return Place(
        "".join((postcode or "").split()).upper(), " ".join(word for word in words if word not in _EMPTY)
    )


def places_of(customers: pd.DataFrame) -> list[Place]:
    """Return the place of each customer."""
    held = customers[["postcode", "town"]].astype("object")
    rows = held.where(held.notna(), None)
    return [place_of(*row) for row in rows.itertuples(index=False, name=None)]


def distance(one: Place, other: Place) -> Distance:
    """Classify the distance of two places: the same postcode or town, the same region, or neither.

    Examples
    --------
    >>> lille = place_of("59000", "Lille")
    >>> distance(lille, place_of("59260", None)), distance(lille, place_of("13001", None))
    ('near', 'far')
    """
    if one.town and one.town == other.town:
        return "same"
    if one.postcode and other.postcode:
        first, second = _padded(one.postcode, other.postcode), _padded(other.postcode, one.postcode)
        if first == second:
            return "same"
        return "near" if first[:_REGION_DIGITS] == second[:_REGION_DIGITS] else "far"
    return "far" if one.town and other.town else "unknown"


def _padded(postcode: str, other: str) -> str:
    """Restore a postcode's leading zero, lost in a spreadsheet, where the other has five digits."""
    short = len(postcode) == 4 and len(other) == 5 and (postcode + other).isdigit()
    return f"0{postcode}" if short else postcode
