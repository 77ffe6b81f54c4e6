"""Computation of rows in batches: in event order, sized for the cache, on all cores.

Binary search over millions of events is several times faster for sorted rows. A row's values depend on that
row alone, so neither order nor batch affects the result.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import numpy as np

from models.features.running import ordered, pack

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import pandas as pd

    from models.arrays import Floats, Ints

BATCH_ROWS = 1 << 15
_COLUMNS_AT_ONCE = 16
_MOST_THREADS = 4
"""More threads would only wait for memory."""


def compute_rows(
    compute: Callable[[Ints], Mapping[str, Floats]], owner: Ints, day: Ints, names: Sequence[str]
) -> pd.DataFrame:
    """Compute columns for rows, batch by batch.

    Parameters
    ----------
    compute
        Takes positions among the rows, shape `(k,)`, and returns at least the requested columns, `(k,)` each.
    owner, day
        Each row's customer and as-of day, shape `(n,)`.
    names
        The requested columns, in order.

    Returns
    -------
    Shape `(n, n_columns)`, rows in the given order, all floats.
    """
    keys = pack(owner, day)
    order = ordered(keys)[0] if (keys[1:] < keys[:-1]).any() else None
    table = np.empty((len(names), len(owner)))

    def fill(begin: int) -> None:
        rows = np.arange(begin, min(begin + BATCH_ROWS, len(owner)))
        columns = compute(rows if order is None else order[rows])
        for place, name in enumerate(names):
            table[place, begin : begin + len(rows)] = columns[name]

    _for_each(fill, range(0, max(len(owner), 1), BATCH_ROWS))
    if order is not None:
        back = np.empty_like(order)
        back[order] = np.arange(len(order))

        def put_back(first: int) -> None:
            column = np.empty(len(owner))  # written again and again: fresh memory costs more than the move
            for place in range(first, min(first + _COLUMNS_AT_ONCE, len(names))):
                np.take(table[place], back, out=column, mode="clip")
                table[place] = column

        _for_each(put_back, range(0, len(names), _COLUMNS_AT_ONCE))
    import pandas as pd  # noqa: PLC0415  # answering needs no pandas

    return pd.DataFrame(table.T, columns=list(names), copy=False)


def _for_each(work: Callable[[int], None], places: range) -> None:
    if len(places) == 1:
        work(places[0])
        return
    with ThreadPoolExecutor(min(os.cpu_count() or 1, _MOST_THREADS)) as threads:
        list(threads.map(work, places))
