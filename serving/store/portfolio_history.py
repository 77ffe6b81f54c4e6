"""Statements on the figures of past nights, which outlive their runs.

Owns their table: one row a day, of the run that was published last for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, func, insert, select

from models.portfolio.history import kept_figures, quarter_start
from serving.store import packing, published, runs
from serving.store.schema import PORTFOLIO_NIGHTS, RUNS

if TYPE_CHECKING:
    import datetime as dt

    from sqlalchemy import Connection

    from serving.store.rows import Run


def keep(connection: Connection, run: Run) -> None:
    """Keep the figures of a published run, and of complete runs of days that have none yet.

    The latter are runs of an earlier version, which kept no figures.
    """
    newest = runs.newest_without(connection, PORTFOLIO_NIGHTS.c.as_of)
    for day, run_id in {**newest, run.key.as_of: run.run_id}.items():
        _keep(connection, day, run_id)


def _keep(connection: Connection, as_of: dt.date, run_id: int) -> None:
    portfolio = published.portfolio(connection, run_id)
    figures = None if portfolio is None else kept_figures(portfolio)
    if figures is None:
        return
    document = packing.pack(figures, f"the figures of run {run_id}")
    connection.execute(delete(PORTFOLIO_NIGHTS).where(PORTFOLIO_NIGHTS.c.as_of == as_of))
    connection.execute(insert(PORTFOLIO_NIGHTS).values(as_of=as_of, run_id=run_id, document=document))


def nights(connection: Connection, since: dt.date, until: dt.date) -> list[dict[str, Any]]:
    """Return the figures of nights between two days, both included, the oldest first."""
    days = PORTFOLIO_NIGHTS.c.as_of
    query = select(PORTFOLIO_NIGHTS.c.document).where(days >= since, days <= until).order_by(days)
    return [packing.unpack(document) for document in connection.scalars(query)]


def first_night(connection: Connection) -> dt.date | None:
    """Return the day of the first night that is kept, None without any."""
    first: dt.date | None = connection.scalar(select(func.min(PORTFOLIO_NIGHTS.c.as_of)))
    return first


def quarter_base(connection: Connection, as_of: dt.date) -> Run | None:
    """Return the run that grades are compared with over the quarter of a day; None without an earlier one.

    It is the last complete run before the quarter, else the first one in it.
    """
    complete = select(RUNS.c.run_id).where(RUNS.c.published_at.is_not(None))
    start = quarter_start(as_of)
    before = complete.where(RUNS.c.as_of < start).order_by(RUNS.c.as_of.desc(), RUNS.c.run_id.desc())
    inside = complete.where(RUNS.c.as_of >= start, RUNS.c.as_of < as_of).order_by(RUNS.c.as_of, RUNS.c.run_id)
    found = connection.scalar(before.limit(1)) or connection.scalar(inside.limit(1))
    return None if found is None else runs.get(connection, found)
