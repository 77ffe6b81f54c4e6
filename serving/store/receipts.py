"""Statements on the receipts expected after a run: the cash forecast, and each open invoice's weeks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, insert, select

from models.errors import StoreError
from serving.store import packing
from serving.store.receipts_schema import CASH_FORECASTS
from serving.store.runs import get
from serving.store.schema import PARTITIONS

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray
    from sqlalchemy import Connection


def write(connection: Connection, run_id: int, document: Mapping[str, Any]) -> None:
    """Write a run's cash forecast, replacing its previous one.

    Raises
    ------
    StoreError
        The run is complete, or there is none; or the document is not JSON.
    """
    if get(connection, run_id).complete:
        raise StoreError(f"run {run_id} is complete and takes no other cash forecast")
    packed = packing.pack(document, f"the cash forecast of run {run_id}")
    connection.execute(delete(CASH_FORECASTS).where(CASH_FORECASTS.c.run_id == run_id))
    connection.execute(insert(CASH_FORECASTS).values(run_id=run_id, document=packed))


def cash_forecast(connection: Connection, run_id: int) -> dict[str, Any] | None:
    """Return a run's cash forecast, None where an earlier version published it."""
    found = connection.scalar(select(CASH_FORECASTS.c.document).where(CASH_FORECASTS.c.run_id == run_id))
    return None if found is None else packing.unpack(found)


def payment_weeks(connection: Connection, run_id: int) -> dict[str, NDArray[np.uint16]]:
    """Return the shares of a run's open invoices by invoice, in whole parts, each of shape `(WEEKS,)`.

    Empty where an earlier version wrote the run, or its documents were pruned.
    """
    query = select(PARTITIONS.c.payment_weeks).where(PARTITIONS.c.run_id == run_id)
    found: dict[str, NDArray[np.uint16]] = {}
    for packed in connection.scalars(query):
        if packed is not None:
            found |= zip(*packing.unpack_weeks(packed), strict=True)
    return found
