"""The search page: a line a customer, and where in the list one is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from serving.usecases.limit_usage import LimitUsage, usage_of_line
from serving.web.view_models.lists import Pager, pager

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from models.policy.overrides import InForce
    from serving.store import CustomerSummary, ListPage


@dataclass(frozen=True, slots=True)
class SearchView:
    """Results of a search: each customer with its limit usage."""

    q: str
    as_of: dt.date
    lines: tuple[tuple[CustomerSummary, LimitUsage], ...]
    pager: Pager


def search_view(
    q: str, page: ListPage[CustomerSummary], as_of: dt.date, made: Mapping[str, InForce]
) -> SearchView:
    """Make the view of a stretch of search results.

    Parameters
    ----------
    made
        What persons decided, by customer.
    """
    where = pager("/", {"q": q}, len(page.items), page.total, page.limit, page.offset)
    lines = tuple((line, usage_of_line(line, made)) for line in page.items)
    return SearchView(q, as_of, lines, where)
