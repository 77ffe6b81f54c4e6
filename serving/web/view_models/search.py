"""The search page: a line a customer, and where in the list one is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from serving.web.view_models.lists import Pager, pager

if TYPE_CHECKING:
    import datetime as dt

    from serving.store import CustomerSummary, Stretch


@dataclass(frozen=True, slots=True)
class SearchView:
    """What a search found."""

    q: str
    as_of: dt.date
    lines: tuple[CustomerSummary, ...]
    pager: Pager


def search_view(q: str, page: Stretch[CustomerSummary], as_of: dt.date) -> SearchView:
    """Make the view of a stretch of search results."""
    where = pager("/", {"q": q}, len(page.items), page.total, page.limit, page.offset)
    return SearchView(q, as_of, page.items, where)
