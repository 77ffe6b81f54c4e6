"""Overrides from the command line: checked against the policy, kept, and entered in the audit log at once.

Owns turning the policy's faults into one line. What may be overridden is the policy's, how it is kept the
store's; the API does the same for its callers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.errors import CreditError, UnknownCustomerError
from models.policy.overrides import override_faults, own_of, reason_faults
from pipelines.cli import wiring
from serving.store import Override

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from models.policy.document import Policy
    from models.policy.overrides import Fault
    from serving.store import OverrideKind, Store

ROLE = "admin"
"""Whoever reaches the store's file or its password may all."""


def set_override(
    store: Store,
    policy: Policy,
    customer_id: str,
    value: float | str | None,
    reason: str,
    valid_until: dt.date,
    who: str,
) -> Override:
    """Keep an override of a customer's limit (a number) or grade (a letter).

    Raises
    ------
    UnknownCustomerError
        The portfolio does not hold the customer.
    CreditError
        The policy does not allow it: every fault is named.
    """
    stored = store.customer(customer_id)
    if stored is None:
        raise UnknownCustomerError(f"no customer {customer_id!r} in the portfolio")
    own, today = stored.row.assessment, store.now().date()
    kind: OverrideKind = "grade" if isinstance(value, str) else "limit"
    wanted = value if isinstance(value, str) else float(value or 0.0)
    _refuse(override_faults(kind, wanted, reason, valid_until, ROLE, own, today, policy))
    made = Override(customer_id, kind, wanted, reason, who, valid_until, own_of(own))
    question = {"kind": kind, "value": wanted, "reason": reason, "valid_until": valid_until.isoformat()}
    return store.add_override(made, wiring.entry(store, "override", question, customer_id))


def withdraw_override(store: Store, policy: Policy, override_id: int, reason: str, who: str) -> Override:
    """Take an override back.

    Raises
    ------
    CreditError
        The reason is too short.
    StoreError
        There is no such override, or it was withdrawn already.
    """
    _refuse(reason_faults(reason, policy.overrides))
    question = {"withdraws": override_id, "reason": reason}
    return store.withdraw_override(override_id, who, reason, wiring.entry(store, "override", question))


def _refuse(faults: Sequence[Fault]) -> None:
    if faults:
        raise CreditError(
            "the policy does not allow it: " + "; ".join(f"{one.field} {one.message}" for one in faults)
        )
