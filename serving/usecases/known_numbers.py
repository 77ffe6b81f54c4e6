"""The customer numbers under which a company is known already, so that a prospect is not met as a stranger.

Owns finding them by SIREN in the published run; how they weigh is `models.assessment.related_exposure`'.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.assessment.related_exposure import EntityNumber
from models.policy.credit_case import case_of

if TYPE_CHECKING:
    from serving.store import CustomerRow, Run, Store

MOST_NUMBERS = 100


def known_numbers(siren: str | None, run: Run, store: Store) -> tuple[EntityNumber, ...]:
    """Return the customer numbers of a SIREN in a published run; none without a SIREN.

    Raises
    ------
    StoreError
        The store is away.
    CreditError
        What the night kept of one of them cannot be read.
    """
    if siren is None:
        return ()
    ids = [line.customer_id for line in store.search(siren, MOST_NUMBERS).items if line.siren == siren]
    return tuple(_number(row) for row in store.scored_of(run.run_id, ids)) if ids else ()


def _number(row: CustomerRow) -> EntityNumber:
    case = case_of(row.assessment)
    return EntityNumber(
        row.customer_id, row.name, row.open_eur, case.oldest_overdue_days, case.in_default, row.pd_12m
    )
