"""Latest external score of each customer and scale, for display.

The ledger is already restricted to the day. `models.ledger.outside_scores` interprets the scales.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.features.company import concerned
from serving.store import OutsideScore

if TYPE_CHECKING:
    from models.ledger.ledger import Ledger


def outside_scores(ledger: Ledger) -> dict[int, tuple[OutsideScore, ...]]:
    """Return the latest score of each scale by customer code, latest first.

    A company's score applies to every customer with its SIREN; on the same day, a score that names the
    customer takes precedence.
    """
    rows, owner = concerned(ledger, ledger.outside_scores)
    scores = ledger.outside_scores.iloc[rows].assign(owner=owner)
    scores = scores[scores["owner"] >= 0].sort_values(
        ["owner", "scored_on", "customer_id"], na_position="first"
    )
    latest = scores.drop_duplicates(["owner", "scale"], keep="last").iloc[::-1]
    found: dict[int, tuple[OutsideScore, ...]] = {}
    for code, scale, score, day, source in zip(
        *(latest[name] for name in ("owner", "scale", "score", "scored_on", "source")), strict=True
    ):
        one = OutsideScore(scale, score, day.date(), source if isinstance(source, str) else None)
        found[code] = (*found.get(code, ()), one)
    return found
