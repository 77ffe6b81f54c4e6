"""Who insures each customer on a day."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    import datetime as dt


def insurers_on(insurance: pd.DataFrame, day: dt.date) -> dict[str, str]:
    """Return the insurer by customer; of several in force, the one that pays most of a loss.

    Parameters
    ----------
    insurance
        The ledger's table; cover without a named insurer is left out.
    """
    today = pd.Timestamp(day)
    in_force = (insurance["valid_from"] <= today) & ~(insurance["valid_to"] < today)
    known = insurance[in_force & insurance["insurer"].notna() & (insurance["limit_eur"] > 0)]
    paid = known.assign(paid=known["limit_eur"] * known["covered_share"])
    ranked = paid.sort_values(["customer_id", "paid", "insurer"], ascending=[True, False, True])
    first = ranked.drop_duplicates("customer_id")
    return dict(zip(first["customer_id"].astype("str"), first["insurer"].astype("str"), strict=True))
