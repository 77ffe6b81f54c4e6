"""Statements on reviews and assignments: add them, read the history and what counts now.

Owns their representation in the append-only tables.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, insert, select

from serving.store.follow_up_rows import AlertFollowUp, Assignment, Oversight, Review
from serving.store.follow_up_schema import ASSIGNMENTS, REVIEWS
from serving.store.pagination import ListPage
from serving.store.runs import in_utc

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection, Sequence

    from sqlalchemy import ColumnElement, Connection, RowMapping, ScalarSelect, Select


def add_reviews(connection: Connection, reviews: Sequence[Review], now: dt.datetime) -> tuple[Review, ...]:
    """Add reviews to the history, and return them with their numbers in the order given."""
    rows = [
        {"customer_id": one.customer_id, "who": one.who, "reviewed_on": one.reviewed_on, "note": one.note}
        for one in reviews
    ]
    made = insert(REVIEWS).returning(*REVIEWS.c, sort_by_parameter_order=True)
    found = connection.execute(made, [{**row, "at": now} for row in rows])
    return tuple(_review(row) for row in found.mappings())


def reviews(connection: Connection, customer_id: str | None, limit: int, offset: int) -> ListPage[Review]:
    """Return a page of the reviews of a customer or of all, the newest first."""
    where = [] if customer_id is None else [REVIEWS.c.customer_id == customer_id]
    total = connection.scalar(select(func.count()).select_from(REVIEWS).where(*where)) or 0
    query = select(REVIEWS).where(*where).order_by(REVIEWS.c.review_id.desc()).limit(limit).offset(offset)
    return ListPage(tuple(_review(row) for row in connection.execute(query).mappings()), total, limit, offset)


def last_reviewed_on(customer_id: ColumnElement[str]) -> ScalarSelect[dt.date]:
    """Return the day of the newest review of the customer of a row, as a subquery of that row."""
    query = select(REVIEWS.c.reviewed_on).where(REVIEWS.c.customer_id == customer_id)
    return query.order_by(REVIEWS.c.review_id.desc()).limit(1).scalar_subquery()


def assignee_of(customer_id: ColumnElement[str]) -> ScalarSelect[str]:
    """Return the assignee of the customer of a row, as a subquery of that row."""
    query = select(ASSIGNMENTS.c.assignee).where(ASSIGNMENTS.c.customer_id == customer_id)
    return query.order_by(ASSIGNMENTS.c.assignment_id.desc()).limit(1).scalar_subquery()


def add_assignments(
    connection: Connection, assignments: Sequence[Assignment], now: dt.datetime
) -> tuple[Assignment, ...]:
    """Add assignments to the history, and return them with their numbers in the order given."""
    rows = [{"customer_id": one.customer_id, "assignee": one.assignee, "who": one.who} for one in assignments]
    made = insert(ASSIGNMENTS).returning(*ASSIGNMENTS.c, sort_by_parameter_order=True)
    found = connection.execute(made, [{**row, "at": now} for row in rows])
    return tuple(_assignment(row) for row in found.mappings())


def assignments(
    connection: Connection, assignee: str | None, customer_ids: Collection[str] | None
) -> tuple[Assignment, ...]:
    """Return the assignments that count now, sorted by customer; those to nobody are left out.

    Parameters
    ----------
    assignee, customer_ids
        Of this user and of these customers; of all without them.
    """
    newest = select(func.max(ASSIGNMENTS.c.assignment_id)).group_by(ASSIGNMENTS.c.customer_id)
    where: list[ColumnElement[bool]] = [ASSIGNMENTS.c.assignee.is_not(None)]
    where += [] if assignee is None else [ASSIGNMENTS.c.assignee == assignee]
    if customer_ids is not None:
        where.append(ASSIGNMENTS.c.customer_id.in_(customer_ids))
        newest = newest.where(ASSIGNMENTS.c.customer_id.in_(customer_ids))
    query = select(ASSIGNMENTS).where(ASSIGNMENTS.c.assignment_id.in_(newest), *where)
    query = query.order_by(ASSIGNMENTS.c.customer_id)
    return tuple(_assignment(row) for row in connection.execute(query).mappings())


def oversight(connection: Connection, customer_ids: Collection[str] | None) -> dict[str, Oversight]:
    """Return whose customers are and who looked at them last; those without either are left out.

    Parameters
    ----------
    customer_ids
        Of these customers; of all without them.
    """
    newest = select(func.max(REVIEWS.c.review_id)).group_by(REVIEWS.c.customer_id)
    if customer_ids is not None:
        newest = newest.where(REVIEWS.c.customer_id.in_(customer_ids))
    query = select(REVIEWS.c.customer_id, REVIEWS.c.reviewed_on, REVIEWS.c.who)
    query = query.where(REVIEWS.c.review_id.in_(newest))
    found = {
        row.customer_id: Oversight(reviewed_on=row.reviewed_on, reviewed_by=row.who)
        for row in connection.execute(query)
    }
    for one in assignments(connection, None, customer_ids):
        known = found.get(one.customer_id, Oversight())
        found[one.customer_id] = replace(known, assignee=one.assignee)
    return found


def reviewed_since(moment: ScalarSelect[Any]) -> Select[tuple[str]]:
    """Return the customers that were reviewed at a moment or later, as a subquery."""
    return select(REVIEWS.c.customer_id).where(REVIEWS.c.at >= moment)


def alert_follow_ups(
    connection: Connection, since: dt.datetime, customer_ids: Collection[str] | None
) -> dict[str, AlertFollowUp]:
    """Return what persons did about customers, by customer; those about whom nobody did are left out.

    Parameters
    ----------
    since
        Reviews from this moment on count.
    customer_ids
        All customers if None.
    """
    where = [REVIEWS.c.at >= since]
    where += [] if customer_ids is None else [REVIEWS.c.customer_id.in_(customer_ids)]
    query = select(REVIEWS).where(*where).order_by(REVIEWS.c.review_id)
    seen = {row["customer_id"]: row for row in connection.execute(query).mappings()}
    owners = {one.customer_id: one.assignee for one in assignments(connection, None, customer_ids)}
    return {
        who: AlertFollowUp(
            seen_by=seen[who]["who"] if who in seen else None,
            seen_at=in_utc(seen[who]["at"]) if who in seen else None,
            owner=owners.get(who),
        )
        for who in seen.keys() | owners.keys()
    }


def newest_ids(connection: Connection) -> tuple[int, int]:
    """Return the numbers of the newest review and of the newest assignment, 0 without any."""
    review = connection.scalar(select(func.max(REVIEWS.c.review_id)))
    assignment = connection.scalar(select(func.max(ASSIGNMENTS.c.assignment_id)))
    return review or 0, assignment or 0


def _review(row: RowMapping) -> Review:
    return Review(
        row["customer_id"],
        row["who"],
        row["reviewed_on"],
        row["note"],
        row["review_id"],
        in_utc(row["at"]),
    )


def _assignment(row: RowMapping) -> Assignment:
    return Assignment(
        row["customer_id"], row["assignee"], row["who"], row["assignment_id"], in_utc(row["at"])
    )
