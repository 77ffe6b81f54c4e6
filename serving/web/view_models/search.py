"""The list of customers: a line a customer, the sums over all of them, and how to filter and sort it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal
from urllib.parse import parse_qsl, urlencode

from models.explain.reason_words import CODES
from models.ledger.naf import SECTION_OF_DIVISION
from models.policy.grades import GRADES
from serving.api.customer_filters import address_fields
from serving.store import SORTS, Oversight
from serving.usecases.limit_usage import LimitUsage, usage_of_line
from serving.web.view_models.lists import PER_PAGE, Pager, address, pager

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from serving.store import CustomerQuery, CustomerSummary, SelectionTotals
    from serving.usecases.lists import ListChoices, ShownCustomers
    from serving.web.words import Words

Act = Literal["review", "assign", "unassign", "nothing"]
"""What was done to the ticked lines."""
ADDRESS_FIELDS = frozenset(
    {
        *("q", "grade", "overdue", "over_limit", "proceeding", "sector", "review", "assigned_to"),
        *("unassigned", "sort", "limit", "offset"),
    }
)
"""Parameters of the list's address."""
PAGE_SIZES = (PER_PAGE, 50, 100, 200)
RISING_FIRST = frozenset({"name"})
"""Sorts whose first click shows the least first."""


@dataclass(frozen=True, slots=True)
class CustomerLine:
    """A customer of the list, with its limit usage, whose it is and who looked at it last."""

    summary: CustomerSummary
    usage: LimitUsage
    oversight: Oversight


@dataclass(frozen=True, slots=True)
class SortLink:
    """Link of a column's head: the address of the list in its order, and the present order (ARIA)."""

    address: str
    direction: str | None


@dataclass(frozen=True, slots=True)
class SearchView:
    """A page of the list of customers.

    Parameters
    ----------
    fields
        The parameters of its address, but for where in the list it is.
    sorts
        Links of the heads, by sort.
    back
        The query of its address, where it is in the list included.
    saved
        The query of its address as a view is saved; empty where it shows all of the list as it is.
    is_filtered, is_refined
        Whether it shows a part of the portfolio, by the text of a search or a filter; by a filter.
    """

    query: CustomerQuery
    fields: Mapping[str, str]
    as_of: dt.date
    lines: tuple[CustomerLine, ...]
    totals: SelectionTotals
    pager: Pager
    sorts: Mapping[str, SortLink]
    export: str
    back: str
    saved: str
    size: int
    is_filtered: bool
    is_refined: bool


def search_view(query: CustomerQuery, found: ShownCustomers) -> SearchView:
    """Make the view of a page of the list."""
    fields = address_fields(query)
    size = found.page.limit
    kept = fields if size == PER_PAGE else {**fields, "limit": str(size)}
    where = pager("/", kept, len(found.page.items), found.page.total, size, found.page.offset)
    lines = tuple(
        CustomerLine(
            line, usage_of_line(line, found.made), found.oversight.get(line.customer_id, Oversight())
        )
        for line in found.page.items
    )
    return SearchView(
        query,
        kept,
        found.run.key.as_of,
        lines,
        found.totals,
        where,
        {name: _sort_link(name, query, kept) for name in SORTS},
        address("/exports/customers.csv", fields),
        urlencode({**kept, "offset": str(found.page.offset)} if found.page.offset else kept),
        list_query(urlencode(kept)),
        size,
        bool(fields.keys() - {"sort"}),
        bool(fields.keys() - {"sort", "q"}),
    )


def list_query(query: str) -> str:
    """Return the query of a list's address with its known fields only, from its first line on."""
    fields = ADDRESS_FIELDS - {"offset"}
    return urlencode([(name, value) for name, value in parse_qsl(query) if name in fields])


def _sort_link(name: str, query: CustomerQuery, kept: Mapping[str, str]) -> SortLink:
    is_sorted = query.sort == name
    falls = not query.is_descending if is_sorted else name not in RISING_FIRST
    direction = ("descending" if query.is_descending else "ascending") if is_sorted else None
    return SortLink(address("/", {**kept, "sort": f"{'-' if falls else ''}{name}"}), direction)


Options = tuple[tuple[str, str], ...]
"""Values of a field with their texts."""


@dataclass(frozen=True, slots=True)
class ListOptions:
    """What the fields of the filter offer, by field."""

    grades: Options
    sectors: Options
    reviews: Options
    assignees: Options
    sorts: Options
    sizes: Options


def list_options(choices: ListChoices, w: Words) -> ListOptions:
    """Return what the filter offers."""
    sorts = [
        (f"{sign}{name}", w(f"sort.{name}{end}"))
        for name in SORTS
        for sign, end in (("", ""), ("-", "_down"))
    ]
    return ListOptions(
        (("", w("filter.all")), *((letter, letter) for letter in GRADES)),
        (("", w("filter.every")), *((one, _sector_text(one, w)) for one in choices.sectors)),
        (("", w("filter.all")), ("due", w("filter.review_due")), ("done", w("filter.review_done"))),
        (("", w("filter.every")), *((name, name) for name in choices.assignees)),
        (("", w("sort.none")), *sorts),
        tuple((str(size), w.number(size)) for size in PAGE_SIZES),
    )


def _sector_text(division: str, w: Words) -> str:
    section = SECTION_OF_DIVISION.get(int(division))
    if section is None:
        return division
    french, english = CODES["sector_section"]
    return f"{division} · {w.either(french[section], english[section])}"
