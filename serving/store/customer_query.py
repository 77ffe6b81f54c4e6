"""What a list of customers is asked for, and the sums of what it finds.

Owns the shapes only; they know no SQL.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

Sort = Literal[
    "name", "grade", "open_eur", "overdue_eur", "use_share", "pd_12m", "p_late30", "expected_loss_eur"
]
SORTS: tuple[Sort, ...] = (
    "name",
    "grade",
    "open_eur",
    "overdue_eur",
    "use_share",
    "pd_12m",
    "p_late30",
    "expected_loss_eur",
)
ReviewState = Literal["due", "done"]


@dataclass(frozen=True, slots=True)
class ForcedFigures:
    """Limits and grades in force that are not the model's own, by customer."""

    limits: Mapping[str, float] = field(default_factory=dict)
    grades: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CustomerQuery:
    """Which customers a list shows, and in which order; a customer meets all conditions that are given.

    Parameters
    ----------
    q
        Words of a name in any order, the start of a SIREN or of an id, a SIRET, or the number of an open
        invoice.
    similar
        Customers whose names are close to `q`, the closest first; they are found as well.
    customer_ids
        These customers only.
    grade
        The grade in force.
    is_over_limit
        Only those whose exposure is above the limit in force.
    sector
        NAF division, such as `43`.
    review
        `due` where nobody reviewed the customer within the interval of its grade, `done` where somebody did.
    assignee, is_unassigned
        Of this user; or of nobody.
    sort
        By name without it, or by how well a customer matches `q` where that is given.
    today
        The day on which reviews are due.
    """

    q: str = ""
    similar: tuple[str, ...] = ()
    customer_ids: tuple[str, ...] = ()
    grade: str | None = None
    is_overdue: bool = False
    is_over_limit: bool = False
    sector: str | None = None
    has_proceeding: bool = False
    review: ReviewState | None = None
    assignee: str | None = None
    is_unassigned: bool = False
    sort: Sort | None = None
    is_descending: bool = False
    today: dt.date | None = None


@dataclass(frozen=True, slots=True)
class SelectionTotals:
    """Sums over all customers that a list finds.

    Parameters
    ----------
    open_eur
        Exposure of those who owe: no credit of one customer lowers another's debt.
    expected_loss_eur
        Expected loss of 12 months; None where a customer's is not known.
    """

    customers: int
    open_eur: float
    overdue_eur: float
    over_limit_eur: float
    expected_loss_eur: float | None
