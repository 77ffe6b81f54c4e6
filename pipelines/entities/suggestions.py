"""Suggestions of customer numbers that may be one legal entity, with score and explanation.

Owns the selection of pairs; a person decides. At least one of a pair has no SIREN: two SIRENs are two
entities, whatever their names. Pairs split by a person are not suggested again.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from rapidfuzz import fuzz, process

from models.ledger.entities import entity_codes, standing
from pipelines.entities.names import WITHIN_SHARE, key_of, likeness
from pipelines.entities.places import distance, places_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from models.arrays import Ints
    from models.ledger.entities import EntityDecision
    from pipelines.entities.names import Likeness, NameKey
    from pipelines.entities.places import Distance

LEAST_SCORE = 90.0
CELLS = 20_000_000
"""Largest number of comparisons in memory, one byte each."""
_WORDS = {
    "same": ("même nom, à la forme et à l'ordre des mots près", "the same name but for form and word order"),
    "spelling": ("noms presque identiques", "names spelled nearly alike"),
    "within": ("un nom contient l'autre", "one name contains the other"),
}  # fmt: skip
_OTHER_FORM = ("formes juridiques différentes", "different legal forms")
_COUNTRY = ("même pays", "same country")
_PLACES: dict[Distance, tuple[str, str]] = {
    "same": ("même lieu", "the same place"),
    "near": ("même département", "the same region"),
    "far": ("lieux éloignés", "places far apart"),
}
FAR, NEAR = 8.0, 2.0
"""Points deducted where both places are known and differ: namesakes there are rarely sites of one company."""
_OFF: dict[Distance, float] = {"same": 0.0, "near": NEAR, "far": FAR, "unknown": 0.0}
_HOMONYMS = ("attention : ce nom est celui de plusieurs SIREN", "beware: several SIRENs go by this name")


@dataclass(frozen=True, slots=True)
class Offer:
    """Two customer numbers that may be one legal entity.

    Parameters
    ----------
    customer_id
        The one without SIREN.
    other_siren
        None where the other has none either.
    score
        Similarity of the names, in [0, 100], less the deduction for distance.
    homonyms
        Number of SIRENs suggested for the first number: of several, at most one is right.
    """

    customer_id: str
    name: str
    other_id: str
    other_name: str
    other_siren: str | None
    score: float
    why_fr: str
    why_en: str
    homonyms: int = 0


def find_offers(
    customers: pd.DataFrame, decisions: Iterable[EntityDecision] = (), least_score: float = LEAST_SCORE
) -> tuple[Offer, ...]:
    """Return pairs with similar names, best first; each pair of entities once, by its best score.

    Parameters
    ----------
    customers
        The ledger's table, with decisions applied.
    decisions
        All decisions: split pairs are left out.
    least_score
        From 0 to 100.
    """
    keys = [key_of(None if pd.isna(name) else str(name)) for name in customers["name"]]
    codes = entity_codes(customers)
    place = {str(who): at for at, who in enumerate(customers["customer_id"])}
    apart = {
        frozenset((int(codes[place[one]]), int(codes[place[other]])))
        for (one, other), last in standing(decisions).items()
        if last.decision == "split" and one in place and other in place
    }
    country = customers["country"].astype("object").where(customers["country"].notna(), None).tolist()
    places = places_of(customers)
    best: dict[frozenset[int], tuple[float, int, int, Likeness, Distance]] = {}
    for one, other in _near(customers, keys, least_score):
        pair = frozenset((int(codes[one]), int(codes[other])))
        if len(pair) == 1 or pair in apart or _differ(country[one], country[other]):
            continue
        found, far = likeness(keys[one], keys[other]), distance(places[one], places[other])
        score = max(found.score - _OFF[far], 0.0)
        if score >= least_score and (pair not in best or score > best[pair][0]):
            best[pair] = (score, one, other, found, far)
    made = [_offer(customers, *row, same_country=country[row[1]] is not None is not country[row[2]])
            for row in best.values()]  # fmt: skip
    return tuple(sorted(_with_homonyms(made), key=lambda one: (-one.score, one.customer_id, one.other_id)))


def _near(customers: pd.DataFrame, keys: Sequence[NameKey], least_score: float) -> Iterator[tuple[int, int]]:
    """Yield the positions of candidate pairs: the first without SIREN, no pair twice."""
    worded = np.array([bool(key.words) for key in keys], dtype=bool)
    nameless = customers["siren"].isna().to_numpy(bool)
    asked, among = np.flatnonzero(worded & nameless), np.flatnonzero(worded)
    if not len(asked):
        return
    lines, compacts = [keys[int(at)].sorted for at in among], [keys[int(at)].compact for at in among]
    cutoff = max(least_score - 1.0, 0.0)
    scorers = (
        (fuzz.ratio, "sorted", lines, cutoff),
        (fuzz.ratio, "compact", compacts, cutoff),
        (fuzz.token_set_ratio, "sorted", lines, min(cutoff / WITHIN_SHARE, 100.0)),
    )
    step = max(CELLS // len(among), 1)
    for first in range(0, len(asked), step):
        rows = asked[first : first + step]
        near = np.zeros((len(rows), len(among)), dtype=bool)
        for scorer, what, choices, least in scorers:
            queries = [getattr(keys[int(at)], what) for at in rows]
            near |= process.cdist(queries, choices, scorer=scorer, score_cutoff=least, dtype=np.uint8) > 0
        yield from _pairs(near, rows, among, nameless)


def _pairs(
    near: np.ndarray[tuple[int, int], np.dtype[np.bool_]],
    rows: Ints,
    among: Ints,
    nameless: np.ndarray[tuple[int], np.dtype[np.bool_]],
) -> Iterator[tuple[int, int]]:
    for row, column in zip(*np.nonzero(near), strict=True):
        one, other = int(rows[row]), int(among[column])
        if one != other and not (nameless[other] and other < one):
            yield one, other


def _differ(one: object, other: object) -> bool:
    return one is not None and other is not None and one != other


def _offer(
    customers: pd.DataFrame,
    score: float,
    one: int,
    other: int,
    found: Likeness,
    far: Distance,
    *,
    same_country: bool,
) -> Offer:
    first, second = customers.iloc[one], customers.iloc[other]
    reasons = [_WORDS[found.kind]]
    reasons += [_OTHER_FORM] if found.other_form else []
    reasons += [_PLACES[far]] if far in _PLACES else [_COUNTRY] if same_country else []
    return Offer(
        str(first["customer_id"]),
        str(first["name"]),
        str(second["customer_id"]),
        str(second["name"]),
        None if pd.isna(second["siren"]) else str(second["siren"]),
        round(score, 1),
        ", ".join(french for french, _ in reasons),
        ", ".join(english for _, english in reasons),
    )


def _with_homonyms(offers: Sequence[Offer]) -> list[Offer]:
    sirens: dict[str, set[str]] = {}
    for one in offers:
        if one.other_siren is not None:
            sirens.setdefault(one.customer_id, set()).add(one.other_siren)
    return [_warned(one, len(sirens.get(one.customer_id, ()))) for one in offers]


def _warned(offer: Offer, homonyms: int) -> Offer:
    if homonyms < 2:
        return replace(offer, homonyms=homonyms)
    return replace(
        offer,
        homonyms=homonyms,
        why_fr=f"{offer.why_fr} ; {_HOMONYMS[0]}",
        why_en=f"{offer.why_en}; {_HOMONYMS[1]}",
    )
