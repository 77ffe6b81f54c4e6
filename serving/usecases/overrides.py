"""Set and withdraw overrides of a customer's limit or grade, checked against the policy and recorded.

What may be overridden is the policy's, how it is kept the store's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from models.errors import OverrideWithdrawnError, RefusedByPolicyError, UnknownOverrideError
from models.policy.overrides import override_faults, own_of, reason_faults, role_faults
from serving.audit.entries import entry_of
from serving.store import Override
from serving.usecases.subjects import find_customer, published_run

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Sequence

    from models.policy.document import Policy
    from models.policy.overrides import Fault
    from serving.callers import Caller
    from serving.store import OverrideKind, Store


@dataclass(frozen=True, slots=True)
class RecordedOverride:
    """An override as it is kept, with the id of its entry in the audit log."""

    answer_id: str
    override: Override


@dataclass(frozen=True, slots=True)
class SetOverride:
    """Set a limit or a grade in place of the model's, for a time.

    Parameters
    ----------
    store
        Opens the store, or raises `StoreError`.
    policy
        Returns the policy in force.
    today
        Returns the day from which it is in force.
    changed
        Told when what is in force has changed.
    """

    store: Callable[[], Store]
    policy: Callable[[], Policy]
    today: Callable[[], dt.date]
    changed: Callable[[], None]

    def __call__(
        self,
        customer_id: str,
        kind: OverrideKind,
        value: float | str,
        reason: str,
        valid_until: dt.date,
        caller: Caller,
    ) -> RecordedOverride:
        """Keep the override, and its entry in the audit log with it.

        Parameters
        ----------
        value
            Euros for a limit, a letter for a grade.

        Raises
        ------
        NotPublishedError
            No run is published yet.
        UnknownCustomerError
            The portfolio does not hold the customer.
        RefusedByPolicyError
            The policy does not allow it; every fault is named.
        """
        store, policy = self.store(), self.policy()
        published_run(store)
        own = find_customer(store, customer_id).row.assessment
        asked = (kind, value, reason, valid_until)
        _refuse(override_faults(*asked, caller.acts_as, own, self.today(), policy))
        override = Override(customer_id, kind, value, reason, caller.name, valid_until, own_of(own))
        question = {
            "customer_id": customer_id,
            "kind": kind,
            "value": value,
            "reason": reason,
            "valid_until": valid_until.isoformat(),
        }
        entry = entry_of(caller, "override", question, own_of(own), customer_id)
        kept = store.add_override(override, entry)
        self.changed()
        return RecordedOverride(entry.answer_id, kept)


@dataclass(frozen=True, slots=True)
class WithdrawOverride:
    """Take an override back; it and its withdrawal both stay in the history.

    Parameters
    ----------
    store, policy, changed
        As of `SetOverride`.
    """

    store: Callable[[], Store]
    policy: Callable[[], Policy]
    changed: Callable[[], None]

    def __call__(self, override_id: int, reason: str, caller: Caller) -> RecordedOverride:
        """Withdraw the override, and enter that in the audit log with it.

        Raises
        ------
        RefusedByPolicyError
            The role may not, or the reason is too short.
        UnknownOverrideError
            There is none.
        OverrideWithdrawnError
            It was withdrawn already.
        """
        rules = self.policy().overrides
        _refuse([*role_faults(caller.acts_as, rules), *reason_faults(reason, rules)])
        store = self.store()
        found = store.override(override_id)
        if found is None:
            raise UnknownOverrideError(f"there is no override {override_id}")
        if found.withdrawn_at is not None:
            who = found.withdrawn_by
            raise OverrideWithdrawnError(f"override {override_id} was withdrawn by {who} already")
        question = {"withdraws": override_id, "reason": reason}
        entry = entry_of(caller, "override", question, {}, found.customer_id)
        gone = store.withdraw_override(override_id, caller.name, reason, entry)
        self.changed()
        return RecordedOverride(entry.answer_id, gone)


def list_overrides(
    store: Store, today: dt.date, customer_id: str | None, limit: int, offset: int, *, only_in_force: bool
) -> dict[str, Any]:
    """Return a page of the overrides as JSON values, the oldest first, each with whether it is in force."""
    found = store.overrides(customer_id, today if only_in_force else None)
    shown, after = found[offset : offset + limit], offset + limit
    return {
        "items": [one.document() | {"in_force": one.in_force(today)} for one in shown],
        "total": len(found),
        "limit": limit,
        "offset": offset,
        "next_offset": after if after < len(found) else None,
    }


def _refuse(faults: Sequence[Fault]) -> None:
    if faults:
        raise RefusedByPolicyError([(one.field, one.message) for one in faults])
