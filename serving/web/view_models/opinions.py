"""What others say of a customer, each on its own scale: a bureau's score, an insurer's grade.

Owns how it is shown: next to our own answer, in which it has no part: scales differ, and so does what they
measure.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from serving.usecases.customer_file import outside_document
from serving.web.view_models.events import EventLine

if TYPE_CHECKING:
    from serving.store.dossiers import Dossier
    from serving.web.words import Words


def opinions_view(dossier: Dossier, w: Words) -> tuple[EventLine, ...]:
    """Return the latest score of each scale, the latest first, with both ends of its scale."""
    lines = []
    for one in dossier.outside:
        said = outside_document(one)
        ends = w("opinions.ends", worst=said["worst"], best=said["best"])
        parts = [
            ends if said["safety"] is not None else w("opinions.unrated"),
            w("events.source", source=one.source) if one.source else "",
        ]
        lines.append(
            EventLine(
                day=w.day(one.scored_on),
                what=w("opinions.score", scale=w.either(said["label_fr"], said["label_en"]), score=one.score),
                details=" · ".join(part for part in parts if part),
                is_grave=False,
            )
        )
    return tuple(lines)
