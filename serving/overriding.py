"""Overrides over the API: checked against the policy, kept, and entered in the audit log.

Owns turning the policy's faults into an answer; what may be overridden is the policy's, how it is kept the
store's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from models.policy.overrides import override_faults, own_of, reason_faults, role_faults
from serving.api.problems import Problem
from serving.audit.entries import entry_of
from serving.store import Override
from serving.usecases.subjects import find_customer

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from models.policy.overrides import Fault
    from serving.api.schemas.questions import OverrideIn
    from serving.callers import Caller
    from serving.services import Services
    from serving.store import Store
    from serving.usecases.assessors import CreditAssessor


def listed(
    store: Store,
    today: dt.date,
    customer_id: str | None,
    stretch: tuple[int, int],
    *,
    only_in_force: bool,
) -> dict[str, Any]:
    """Return a stretch of the overrides as JSON values, each with whether it is in force.

    Parameters
    ----------
    stretch
        How many at most, and from which one on.
    """
    found = store.overrides(customer_id, today if only_in_force else None)
    limit, offset = stretch
    shown, after = found[offset : offset + limit], offset + limit
    return {
        "items": [one.document() | {"in_force": one.in_force(today)} for one in shown],
        "total": len(found),
        "limit": limit,
        "offset": offset,
        "next_offset": after if after < len(found) else None,
    }


def set_override(
    wish: OverrideIn, services: Services, assessor: CreditAssessor, caller: Caller
) -> tuple[str, Override]:
    """Keep an override of a customer's limit or grade, and return it with the id of its entry in the log.

    Raises
    ------
    UnknownCustomerError
        The portfolio does not hold the customer.
    Problem
        422: the policy does not allow it; every fault is named. 403: the role may not.
    """
    services.current_run()
    own = find_customer(services.store(), wish.customer_id).row.assessment
    today, policy = services.today(), assessor.policy
    found = override_faults(
        wish.kind, wish.value, wish.reason, wish.valid_until, caller.role, own, today, policy
    )
    _refuse(found)
    override = Override(
        wish.customer_id, wish.kind, wish.value, wish.reason, caller.name, wish.valid_until, own_of(own)
    )
    entry = entry_of(caller, "override", wish.model_dump(mode="json"), own_of(own), wish.customer_id)
    kept = services.store().add_override(override, entry)
    services.batcher.refresh()
    return entry.answer_id, kept


def withdraw_override(
    override_id: int, reason: str, services: Services, assessor: CreditAssessor, caller: Caller
) -> tuple[str, Override]:
    """Withdraw an override, and return it with the id of the entry in the log.

    Raises
    ------
    Problem
        404: there is none. 409: it was withdrawn already. 422: the reason is too short. 403: the role may
        not.
    """
    rules = assessor.policy.overrides
    _refuse([*role_faults(caller.role, rules), *reason_faults(reason, rules)])
    store = services.store()
    found = store.override(override_id)
    if found is None:
        raise Problem(404, "unknown-override", "Unknown override", f"There is no override {override_id}.")
    if found.withdrawn_at is not None:
        detail = f"Override {override_id} was withdrawn by {found.withdrawn_by} already."
        raise Problem(409, "withdrawn", "Withdrawn already", detail)
    question = {"withdraws": override_id, "reason": reason}
    entry = entry_of(caller, "override", question, {}, found.customer_id)
    gone = store.withdraw_override(override_id, caller.name, reason, entry)
    services.batcher.refresh()
    return entry.answer_id, gone


def _refuse(faults: Sequence[Fault]) -> None:
    if not faults:
        return
    roles = [fault.message for fault in faults if fault.field == "role"]
    if roles:
        raise Problem(403, "forbidden", "Role not allowed", f"The role {roles[0]}.")
    named = "; ".join(f"{fault.field} {fault.message}" for fault in faults)
    raise Problem(
        422,
        "override-refused",
        "The policy does not allow this override",
        named,
        errors=[(fault.field, fault.message) for fault in faults],
    )
