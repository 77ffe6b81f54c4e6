"""Statements on lists of customers: filter, sort, sum and page them.

Owns how the conditions of a `CustomerQuery` are asked of the tables. Limits and grades in force come in as
values, since they follow from the policy and the day.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Double, String, and_, case, column, func, literal, or_, select, values

from serving.store import packing
from serving.store.customer_query import SelectionTotals
from serving.store.pagination import ListPage
from serving.store.reviews import assignee_of, last_reviewed_on
from serving.store.rows import CustomerSummary, summary_of
from serving.store.runs import current_run_id
from serving.store.schema import CUSTOMERS, INVOICES, RUNS
from serving.store.scores import summary_columns

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import ColumnElement, Connection, FromClause, ScalarSelect
    from sqlalchemy.types import TypeEngine

    from serving.store.customer_query import CustomerQuery, ForcedFigures

    _RunId = int | ScalarSelect[int]

_OWES_WITHOUT_LIMIT = 1e12
"""Place of a customer that owes and has a limit of 0 in the order of limit use: before every other."""
_SIREN_DIGITS, _SIRET_DIGITS = 9, 14


@dataclass(frozen=True, slots=True)
class _Listing:
    """The rows that a query finds, and their figures in force."""

    run: _RunId
    source: FromClause
    where: tuple[ColumnElement[bool], ...]
    limit_eur: ColumnElement[Any]
    grade: ColumnElement[Any]


def page(
    connection: Connection,
    query: CustomerQuery,
    forced: ForcedFigures,
    limit: int,
    offset: int,
    run_id: int | None = None,
) -> tuple[ListPage[CustomerSummary], SelectionTotals]:
    """Return a page of the customers of a run that a query finds, and the sums over all of them.

    Parameters
    ----------
    run_id
        The published run where None.
    """
    listing = _listing(connection, query, forced, run_id)
    found = _totals(connection, listing)
    rows = (
        select(*summary_columns())
        .select_from(listing.source)
        .where(*listing.where)
        .order_by(*_order(query, listing), CUSTOMERS.c.name_folded, CUSTOMERS.c.customer_id)
        .limit(limit)
        .offset(offset)
    )
    items = tuple(summary_of(dict(row)) for row in connection.execute(rows).mappings())
    return ListPage(items, found.customers, limit, offset), found


def names(connection: Connection, run_id: int) -> list[tuple[str, str]]:
    """Return id and folded name of every customer of a run."""
    query = select(CUSTOMERS.c.customer_id, CUSTOMERS.c.name_folded).where(CUSTOMERS.c.run_id == run_id)
    return [(row.customer_id, row.name_folded) for row in connection.execute(query)]


def sectors(connection: Connection, run_id: int) -> list[str]:
    """Return the sectors of a run's customers, sorted."""
    query = select(CUSTOMERS.c.sector).distinct().where(CUSTOMERS.c.run_id == run_id)
    return sorted(one for one in connection.scalars(query) if one is not None)


def _totals(connection: Connection, listing: _Listing) -> SelectionTotals:
    owed, over = CUSTOMERS.c.open_eur, CUSTOMERS.c.open_eur - listing.limit_eur
    query = (
        select(
            func.count().label("customers"),
            func.sum(case((owed > 0, owed), else_=0.0)).label("open_eur"),
            func.sum(CUSTOMERS.c.overdue_eur).label("overdue_eur"),
            func.sum(case((over > 0, over), else_=0.0)).label("over_limit_eur"),
            func.sum(CUSTOMERS.c.expected_loss_eur).label("expected_loss_eur"),
            func.count(CUSTOMERS.c.expected_loss_eur).label("known"),
        )
        .select_from(listing.source)
        .where(*listing.where)
    )
    row = connection.execute(query).one()
    return SelectionTotals(
        row.customers,
        round(row.open_eur or 0.0, 2),
        round(row.overdue_eur or 0.0, 2),
        round(row.over_limit_eur or 0.0, 2),
        round(row.expected_loss_eur or 0.0, 2) if row.known == row.customers else None,
    )


def _listing(
    connection: Connection, query: CustomerQuery, forced: ForcedFigures, run_id: int | None
) -> _Listing:
    source: FromClause = CUSTOMERS
    figures: dict[str, ColumnElement[Any]] = {"limit_eur": CUSTOMERS.c.limit_eur, "grade": CUSTOMERS.c.grade}
    for name, kind, made in (("limit_eur", Double(), forced.limits), ("grade", String(), forced.grades)):
        if made:
            table = _values(f"forced_{name}", kind, made)
            source = source.outerjoin(table, table.c.customer_id == CUSTOMERS.c.customer_id)
            figures[name] = func.coalesce(table.c.value, figures[name])
    run = current_run_id() if run_id is None else run_id
    where = [CUSTOMERS.c.run_id == run, *_plain_conditions(query), *_matches(query, run)]
    if query.grade is not None:
        where.append(figures["grade"] == query.grade)
    if query.is_over_limit:
        where.append(CUSTOMERS.c.open_eur > figures["limit_eur"])
    if query.assignee is not None:
        where.append(assignee_of(CUSTOMERS.c.customer_id) == query.assignee)
    if query.is_unassigned:
        where.append(assignee_of(CUSTOMERS.c.customer_id).is_(None))
    if query.review is not None:
        is_done = _is_reviewed(connection, query, run)
        where.append(is_done if query.review == "done" else ~is_done)
    return _Listing(run, source, tuple(where), figures["limit_eur"], figures["grade"])


def _values(name: str, kind: TypeEngine[Any], found: Mapping[str, object]) -> FromClause:
    table = values(column("customer_id", String()), column("value", kind), name=name)
    return table.data(list(found.items())).cte(name)


def _plain_conditions(query: CustomerQuery) -> list[ColumnElement[bool]]:
    where: list[ColumnElement[bool]] = []
    if query.customer_ids:
        where.append(CUSTOMERS.c.customer_id.in_(query.customer_ids))
    if query.is_overdue:
        where.append(CUSTOMERS.c.overdue_eur > 0)
    if query.sector is not None:
        where.append(CUSTOMERS.c.sector == query.sector)
    if query.has_proceeding:
        where.append(CUSTOMERS.c.proceeding.is_not(None))
    return where


def _is_reviewed(connection: Connection, query: CustomerQuery, run: _RunId) -> ColumnElement[bool]:
    """Return whether the last review is younger than the interval of the customer's grade.

    The night gives a day of review per grade, so a run has a handful of them; databases compute with days
    in ways of their own, and here it is done in Python.
    """
    reviewed_on = last_reviewed_on(CUSTOMERS.c.customer_id)
    as_of = connection.scalar(select(RUNS.c.as_of).where(RUNS.c.run_id == run))
    days = connection.scalars(select(CUSTOMERS.c.review_on).distinct().where(CUSTOMERS.c.run_id == run))
    today = query.today or dt.datetime.now(dt.UTC).date()
    since = {day: today - (day - as_of) for day in days if day is not None and as_of is not None}
    never = dt.date.min
    begins = case(since, value=CUSTOMERS.c.review_on, else_=never) if since else literal(never)
    return func.coalesce(reviewed_on > begins, False)


def _matches(query: CustomerQuery, run: _RunId) -> list[ColumnElement[bool]]:
    if not packing.fold(query.q):
        return []
    exact = _exact(query.q, run)
    return [or_(exact, CUSTOMERS.c.customer_id.in_(query.similar)) if query.similar else exact]


def _exact(text: str, run: _RunId) -> ColumnElement[bool]:
    """Return the condition of a search without typing errors; `%` and `_` are literal."""
    plain = text.strip()
    words = packing.fold(text).split()
    numbers = {plain, plain.upper(), plain.lower()}
    invoiced = select(INVOICES.c.customer_id).where(
        INVOICES.c.run_id == run, INVOICES.c.invoice_id.in_(numbers)
    )
    ways: list[ColumnElement[bool]] = [
        and_(*(CUSTOMERS.c.name_folded.contains(word, autoescape=True) for word in words)),
        func.lower(CUSTOMERS.c.customer_id).startswith(plain.lower(), autoescape=True),
        CUSTOMERS.c.customer_id.in_(invoiced),
    ]
    digits = "".join(text.split())
    if digits.isdecimal():
        siren = digits[:_SIREN_DIGITS] if len(digits) == _SIRET_DIGITS else digits
        ways.append(CUSTOMERS.c.siren.startswith(siren, autoescape=True))
    return or_(*ways)


def _order(query: CustomerQuery, listing: _Listing) -> list[ColumnElement[Any]]:
    if query.sort is None:
        return _by_match(query, listing.run)
    owed = CUSTOMERS.c.open_eur
    ways: dict[str, ColumnElement[Any]] = {
        "name": CUSTOMERS.c.name_folded,
        "grade": listing.grade,
        "use_share": case(
            (listing.limit_eur > 0, owed / listing.limit_eur),
            (owed > 0, _OWES_WITHOUT_LIMIT),
            else_=0.0,
        ),
        "expected_loss_eur": func.coalesce(CUSTOMERS.c.expected_loss_eur, 0.0),
    }
    way = ways[query.sort] if query.sort in ways else CUSTOMERS.c[query.sort]
    return [way.desc() if query.is_descending else way]


def _by_match(query: CustomerQuery, run: _RunId) -> list[ColumnElement[Any]]:
    """Order by how well customers match: without typing errors first, then as similar as given."""
    if not query.similar:
        return []
    places = {customer_id: place for place, customer_id in enumerate(query.similar, start=1)}
    similar = case(places, value=CUSTOMERS.c.customer_id, else_=len(places) + 1)
    return [case((_exact(query.q, run), 0), else_=similar)]
