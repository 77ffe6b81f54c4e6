"""Work on the worklist: record what was done about a customer, and tell which lines wait for their day.

Owns what decides about a line when it is read: the night's list stays as it was published, and the actions of
persons park lines or bring them first.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from models.errors import CollectionActionError
from models.law.legal_rates import load_rates
from models.portfolio.collection_actions import CollectionAction, action_faults, follow_up_of
from models.portfolio.letters import letter_of
from models.portfolio.worklist import STAGE_OF
from serving.audit.entries import entry_of
from serving.store import WorklistSelection
from serving.usecases.subjects import find_customer, published_run

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from models.portfolio.collection_actions import ActionKind, FollowUp
    from models.portfolio.letters import Letter
    from models.portfolio.worklist import CollectionStage
    from serving.callers import Caller
    from serving.store import ListPage, Run, Store, WorklistRow


@dataclass(frozen=True, slots=True)
class WorklistFilter:
    """Which lines of the worklist are wanted; all that are to be worked on by default.

    Parameters
    ----------
    tone, stage
        The proposal and the stage of collection.
    assignee
        Customers of this user only.
    is_parked
        The lines that wait for their day, in place of the others.
    """

    tone: str | None = None
    stage: CollectionStage | None = None
    assignee: str | None = None
    is_parked: bool = False

    def selection(self, follow_ups: FollowUps) -> WorklistSelection:
        """Return the lines to read, of those whose actions are known."""
        by_stage = [tone for tone, stage in STAGE_OF.items() if self.stage in (None, stage)]
        return WorklistSelection(
            tones=tuple(tone for tone in by_stage if self.tone in (None, tone)),
            assignee=self.assignee,
            parked=follow_ups.parked,
            broken=follow_ups.broken,
            is_parked=self.is_parked,
        )


@dataclass(frozen=True, slots=True)
class FollowUps:
    """Where the lines of a run's worklist are after the actions about them.

    Parameters
    ----------
    by_customer
        Of the customers about whom something was done.
    parked, broken
        Places of the lines that wait, and of those whose promise was broken.
    """

    by_customer: Mapping[str, FollowUp]
    parked: frozenset[int]
    broken: frozenset[int]


def follow_ups_of(store: Store, run: Run, today: dt.date) -> FollowUps:
    """Read where the lines of a run's worklist are today."""
    lines = store.decided_lines(run.run_id)
    promised = {one.action.customer_id for one in lines if one.action.kind == "promise"}
    owed = store.open_amounts(run.run_id, promised) if promised else {}
    found = {
        one.place: follow_up_of(
            one.action, one.tone, owed.get(one.action.customer_id, {}), run.key.as_of, today
        )
        for one in lines
    }
    return FollowUps(
        {one.action.customer_id: one for one in found.values()},
        frozenset(place for place, one in found.items() if one.state == "parked"),
        frozenset(place for place, one in found.items() if one.state == "broken"),
    )


@dataclass(frozen=True, slots=True)
class CollectionActions:
    """Record what was done about customers' debts, and read it.

    Parameters
    ----------
    store
        Opens the store, or raises `StoreError`.
    today
        Returns the present day: an action may wait for it or a later one.
    """

    store: Callable[[], Store]
    today: Callable[[], dt.date]

    def history(self, customer_id: str | None, limit: int, offset: int) -> ListPage[CollectionAction]:
        """Return a page of what was done about a customer or all, the newest first."""
        return self.store().actions(customer_id, limit, offset)

    def record(
        self,
        customer_id: str,
        kind: ActionKind,
        caller: Caller,
        *,
        note: str | None = None,
        amount_eur: float | None = None,
        until: dt.date | None = None,
    ) -> CollectionAction:
        """Keep the action, and its entry in the audit log with it.

        Parameters
        ----------
        amount_eur, until
            As of `models.portfolio.collection_actions.CollectionAction`.

        Raises
        ------
        NotPublishedError
            No run is published yet.
        UnknownCustomerError
            The portfolio does not hold the customer.
        CollectionActionError
            The action lacks something, or its day is past; every fault is named.
        """
        store = self.store()
        run = published_run(store)
        find_customer(store, customer_id)
        line = store.worklist_of(customer_id)
        action = CollectionAction(
            customer_id,
            kind,
            caller.name,
            (note or "").strip() or None,
            amount_eur,
            until,
            None if line is None else line.tone,
            store.open_amounts(run.run_id, [customer_id])[customer_id],
        )
        faults = action_faults(action, self.today())
        if faults:
            raise CollectionActionError([(one.field, one.code, one.message) for one in faults])
        question = {
            "customer_id": customer_id,
            "kind": kind,
            "note": action.note,
            "amount_eur": amount_eur,
            "until": None if until is None else until.isoformat(),
        }
        return store.add_action(action, entry_of(caller, "collection", question, {}, customer_id))


def letter_to_copy(row: WorklistRow, day: dt.date, rates_path: Path | None, language: str) -> Letter | None:
    """Return the letter of a line, with late interest until a day; None where nothing is written.

    Raises
    ------
    PolicyError
        The table of legal rates cannot be read, or lacks a half-year.
    """
    line, name = row.line, row.name or row.customer_id
    claim_eur = line.get("claim_eur", 0.0)
    return letter_of(row.tone, name, line["invoices"], claim_eur, day, load_rates(rates_path), language)


def follow_up_document(found: FollowUp | None) -> dict[str, Any] | None:
    """Return where a line is as plain JSON values; None where nothing was done."""
    if found is None:
        return None
    until = None if found.until is None else found.until.isoformat()
    return {"state": found.state, "until": until, "action": found.action.document()}


def actions_document(page: ListPage[CollectionAction]) -> dict[str, Any]:
    """Return a page of actions as plain JSON values."""
    return {
        "items": [one.document() for one in page.items],
        "total": page.total,
        "limit": page.limit,
        "offset": page.offset,
        "next_offset": page.next_offset,
    }
