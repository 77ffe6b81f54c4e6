"""The page of provisions: a kept closing with its matrix, doubtful claims, movement and customers."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from models.portfolio.provision_movement import STANDARDS, Movement, total
from models.portfolio.provision_words import WORDS, source_words

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from serving.store import ClosingRecord
    from serving.usecases.provisions import ClosingView, CustomerProvision
    from serving.web.words import Words

MOST_CUSTOMERS = 50
_FIGURES = (
    *("open_eur", "insured_eur", "matrix_eur", "probability_eur", "doubtful_eur", "french_eur"),
    *("lost_eur", "lost_not_booked_eur"),
)


@dataclass(frozen=True, slots=True)
class ProvisionsView:
    """A closing as the page shows it.

    Parameters
    ----------
    names
        Words of the section by name.
    figures
        Labels with amounts; None where the amount is unknown.
    moved
        Labels with the amounts by IFRS 9 and by French accounts.
    customers
        The largest ones by provision.
    chosen
        The invoices of one customer, where the page was asked for one.
    """

    as_of: dt.date
    record: ClosingRecord | None
    names: Mapping[str, str]
    figures: Sequence[tuple[str, float | None]]
    document: Mapping[str, Any]
    sources: Sequence[tuple[str, str]]
    since: dt.date | None
    moved: Sequence[tuple[str, float, float]]
    customers: Sequence[CustomerProvision]
    n_customers: int
    chosen: Sequence[Mapping[str, Any]]


def provisions_view(found: ClosingView, w: Words, customer_id: str = "") -> ProvisionsView:
    """Return what the page shows of a closing."""
    names, document, customers = WORDS[w.language], found.document(), found.customers()
    moved = [total(found.movement(name)) for name in STANDARDS]
    rows = [
        (
            names[field.name.replace("_cents", "_eur")],
            *(getattr(one, field.name) / 100 for one in moved),
        )
        for field in fields(Movement)
    ]
    return ProvisionsView(
        found.closing.as_of,
        found.record,
        names,
        [(names[name], document["totals"][name]) for name in _FIGURES],
        document,
        [(one["segment"], source_words(one["source"], w.language)) for one in document["rates"]],
        None if found.before is None else found.before.as_of,
        rows,
        customers[:MOST_CUSTOMERS],
        len(customers),
        [line.document() for line in found.closing.lines if line.customer_id == customer_id],
    )
