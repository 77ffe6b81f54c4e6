"""Where one is in a list that is shown by stretches, and how to filter it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from serving.store import ListPage
    from serving.web.words import Words

PER_PAGE = 25


@dataclass(frozen=True, slots=True)
class Pager:
    """Pager of a list: first and last line shown, their total, and the addresses of the neighbours.

    Parameters
    ----------
    first, last
        Counted from 1; 0 where nothing is found.
    before, after
        Addresses of the neighbouring stretches; None at either end.
    """

    first: int
    last: int
    total: int
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Choice:
    """One way to filter a list."""

    label: str
    address: str
    chosen: bool


def pager(
    path: str, kept: Mapping[str, str | None], shown: int, total: int, limit: int, offset: int
) -> Pager:
    """Return the pager of a list.

    Parameters
    ----------
    kept
        What the addresses keep of the question; what is None or empty is left out.
    shown
        How many lines the stretch has.

    Examples
    --------
    >>> pager("/alerts", {"cause": "data"}, 25, 60, 25, 25)
    Pager(first=26, last=50, total=60, before='/alerts?cause=data', after='/alerts?cause=data&offset=50')
    """
    end = offset + shown
    return Pager(
        offset + 1 if shown else 0,
        end if shown else 0,
        total,
        address(path, {**kept, "offset": str(max(offset - limit, 0))}) if offset > 0 else None,
        address(path, {**kept, "offset": str(end)}) if shown and end < total else None,
    )


def pager_of(path: str, kept: Mapping[str, str | None], stretch: ListPage[Any]) -> Pager:
    """Return the pager of a page of the store."""
    return pager(path, kept, len(stretch.items), stretch.total, stretch.limit, stretch.offset)


def choices(
    path: str,
    kept: Mapping[str, str | None],
    name: str,
    known: Sequence[str],
    prefix: str,
    w: Words,
) -> tuple[Choice, ...]:
    """Return the ways to filter a list by one field, all of it first.

    Parameters
    ----------
    kept
        What is asked now, by field; the addresses keep the other fields.
    prefix
        Of the keys of the texts; `all` is that of no filter.
    """
    return tuple(
        Choice(
            w(f"{prefix}.{one or 'all'}"), address(path, {**kept, name: one}), (kept.get(name) or "") == one
        )
        for one in ("", *known)
    )


def address(path: str, query: Mapping[str, str | None]) -> str:
    """Return a path with a query, without the fields that say nothing."""
    filters = {name: value for name, value in query.items() if value and (name, value) != ("offset", "0")}
    return f"{path}?{urlencode(filters)}" if filters else path
