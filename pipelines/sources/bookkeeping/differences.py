"""Differences on customer accounts that are neither sales nor payments: exchange, rounding, discounts, fees.

Such a credit is a credit note. A debit would look like a sale or a refund:

- one reversed by a credit of the same amount (a revaluation and its reversal) is removed with it;
- one linked to a payment lowers it: 1,003.50 received and 3.50 of exchange gain is 1,000.00 paid. The link is
  the letter, or, where neither has one, a payment at most `NEAR_DAYS` before;
- the remaining exchange differences change the balance, as money on account; anything else is claimed
  from the customer, as an invoice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pipelines.sources.bookkeeping.documents import CREDIT_NOTE, DIFFERENCE, INVOICE, MOVE, PAYMENT, REFUND
from pipelines.sources.bookkeeping.lettering import NONE

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

NEAR_DAYS = 62
SMALL_CENTS = 5_00
"""Largest rounding difference that is linked to a payment without a letter; more is a claim."""


def settle_differences(items: pd.DataFrame) -> pd.DataFrame:
    """Apply differences to the items that they change.

    Parameters
    ----------
    items
        Columns customer_id, kind, issued_on, cents (above 0), group, is_debit, exchange; (n_items, .).

    Returns
    -------
        The items, none of the kind `difference`: those merged into others are transfers, with `folded`, and
        the payments that they lower have fewer cents.
    """
    places = np.flatnonzero(items["kind"].eq(DIFFERENCE))
    kind, cents = items["kind"].to_numpy(dtype=object).copy(), items["cents"].to_numpy().copy()
    folded = np.zeros(len(items), dtype=np.bool_)
    if len(places):
        customers = items["customer_id"].to_numpy()
        mine = np.flatnonzero(np.isin(customers, customers[places]))
        of_customer = {who: mine[customers[mine] == who] for who in dict.fromkeys(customers[places])}
        _undo(items, places, folded)
        for at in places[~folded[places]]:
            payment = _payment_of(items, int(at), of_customer[customers[at]], kind, cents)
            if payment is not None:
                cents[payment] -= cents[at]
                folded[at] = True
        kind[folded] = MOVE
        left = places[~folded[places]]
        debit, exchange = items["is_debit"].to_numpy()[left], items["exchange"].to_numpy()[left]
        kind[left] = np.where(~debit, CREDIT_NOTE, np.where(exchange, REFUND, INVOICE))
    return items.assign(kind=kind, cents=cents, folded=folded)


def _undo(items: pd.DataFrame, places: npt.NDArray[np.int64], folded: npt.NDArray[np.bool_]) -> None:
    """Pair exchange differences with the next one of the same customer and amount on the opposite side."""
    part = items.iloc[places].assign(at=places)
    part = part[part["exchange"]].sort_values(["issued_on", "at"])
    for _, same in part.groupby(["customer_id", "cents"]):
        waiting: list[tuple[int, bool]] = []
        for at, debit in zip(same["at"].tolist(), same["is_debit"].tolist(), strict=True):
            if waiting and waiting[0][1] != debit:
                folded[[at, waiting.pop(0)[0]]] = True
            else:
                waiting.append((at, debit))


def _payment_of(
    items: pd.DataFrame,
    at: int,
    mine: npt.NDArray[np.int64],
    kind: npt.NDArray[np.object_],
    cents: npt.NDArray[np.int64],
) -> int | None:
    """Return the payment lowered by a debit, or None."""
    group, day, exchange, debit = (
        items[name].to_numpy() for name in ("group", "issued_on", "exchange", "is_debit")
    )
    if not debit[at]:
        return None
    fits = mine[(kind[mine] == PAYMENT) & (cents[mine] > cents[at])]
    if group[at] != NONE:
        fits = fits[group[fits] == group[at]]
    else:
        after = (day[at] - day[fits]).astype("timedelta64[D]").astype(np.int64)
        small = exchange[at] or cents[at] <= SMALL_CENTS
        fits = fits[(group[fits] == NONE) & (after >= 0) & (after <= NEAR_DAYS) & small]
    return int(fits[np.argmax(day[fits])]) if len(fits) else None
