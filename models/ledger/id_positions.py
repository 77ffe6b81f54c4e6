"""Positions of ids among others: the join of two tables of a ledger by an id column."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

    from models.arrays import Ints


def position(known: pd.Series, wanted: pd.Series) -> Ints:
    """Return the index of each wanted id among the known ones, -1 where absent or empty, shape `(n,)`.

    Of a known id that occurs twice it is the first index.
    """
    import pyarrow.compute as pc  # noqa: PLC0415  # answering needs no pyarrow

    found = pc.index_in(_strings(wanted), value_set=_strings(known), skip_nulls=True)
    places: Ints = np.asarray(pc.fill_null(found, -1)).astype(np.int64)
    return places


def _strings(ids: pd.Series) -> pa.Array:
    import pyarrow as pa  # noqa: PLC0415  # as above

    array = pa.array(ids, from_pandas=True)
    return array.cast(pa.large_string()) if array.type != pa.large_string() else array
