"""Evidence of alerts: what happened to a customer between two nightly runs.

Owns the comparison of two runs' invoices, payments, filings and signals as stored. Only customers with an
alert are read. Comparing what both runs stored, rather than dates, also finds what was entered late.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from models.portfolio.change_events import MOST_EVENTS, ChangeEvent, events_sentence, sorted_events

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Sequence

    from serving.store import AlertRow, CustomerEvidence, Event, Run, RunKey, Store

_AT_ONCE = 500
"""Number of customers read at once."""
_CENT = 0.005


def with_evidence(alerts: Sequence[AlertRow], store: Store, before: Run, run: Run) -> list[AlertRow]:
    """Return alerts with the events that moved them.

    Parameters
    ----------
    run
        The run of the alerts, whose partitions are all written.
    """
    found: list[AlertRow] = []
    versions = version_events(before.key, run.key)
    for some in _batches(alerts):
        ids = [alert.customer_id for alert in some]
        then, now = (store.evidence(one.run_id, ids) for one in (before, run))
        for alert in some:
            who, days = alert.customer_id, (before.key.as_of, run.key.as_of)
            moved = [event for event in versions if _has_part(alert, event.kind)]
            events = sorted_events([*moved, *customer_events(then[who], now[who], *days)])
            fr, en = events_sentence(events, before.key.as_of)
            documents = tuple(event.document() for event in events[:MOST_EVENTS])
            found.append(replace(alert, events=documents, because_fr=fr, because_en=en))
    return found


def version_events(before: RunKey, after: RunKey) -> list[ChangeEvent]:
    """Return the models and the policy that differ between two runs, by their versions."""
    pairs = (
        ("model", "late", before.late_model, after.late_model),
        ("model", "default", before.default_model, after.default_model),
        ("policy", None, before.policy_hash, after.policy_hash),
    )
    return [
        ChangeEvent(kind, what, f"{old[:8]} → {new[:8]}")  # type: ignore[arg-type]  # the kinds above
        for kind, what, old, new in pairs
        if old != new
    ]


def _has_part(alert: AlertRow, cause: str) -> bool:
    """Return whether the models or the policy have a part in a change, or may have."""
    return not alert.separable or any(effect[cause] for effect in alert.effects.values())


def customer_events(
    before: CustomerEvidence, after: CustomerEvidence, day_before: dt.date, day: dt.date
) -> list[ChangeEvent]:
    """Return the events of one customer between the ends of two days, in no order.

    Where nothing happened, time alone made overdue invoices older: these are returned.
    """
    found = [*_invoice_events(before, after, day_before, day), *_published(before, after, day_before, day)]
    return found or [
        ChangeEvent("still_overdue", ref=one.invoice_id, on=one.due_on, amount_eur=one.open_eur)
        for one in after.invoices
        if one.due_on < day
    ]


def _invoice_events(
    before: CustomerEvidence, after: CustomerEvidence, day_before: dt.date, day: dt.date
) -> Iterator[ChangeEvent]:
    then, now = ({one.invoice_id: one for one in side.invoices} for side in (before, after))
    paid_then = {one.invoice_id for one in before.dossier.paid}
    paid_now = {one.invoice_id: one for one in after.dossier.paid}
    for one in now.values():
        old, ref, on = then.get(one.invoice_id), one.invoice_id, one.due_on
        if one.due_on < day and (old is None or old.due_on >= day_before):
            yield ChangeEvent("overdue", ref=ref, on=on, amount_eur=one.open_eur)
        elif old is None:
            yield ChangeEvent("issued", ref=ref, on=one.issued_on, amount_eur=one.open_eur)
        if one.disputed and not (old is not None and old.disputed):
            yield ChangeEvent("disputed", ref=ref, on=on, amount_eur=one.open_eur)
        if old is not None and old.open_eur - one.open_eur > _CENT:
            yield ChangeEvent("part_paid", ref=ref, on=on, amount_eur=old.open_eur - one.open_eur)
    for paid in paid_now.values():
        # A dossier keeps the latest payments: an older one that reappears is no event.
        is_new = paid.invoice_id in then or paid.paid_on > day_before
        if is_new and paid.invoice_id not in paid_then:
            on, late = paid.paid_on, paid.days_late
            yield ChangeEvent("paid", None, paid.invoice_id, on, paid.amount_eur, late)
    for ref in then.keys() - now.keys() - paid_now.keys():
        yield ChangeEvent("removed", ref=ref, on=then[ref].due_on, amount_eur=then[ref].open_eur)


def _published(
    before: CustomerEvidence, after: CustomerEvidence, day_before: dt.date, day: dt.date
) -> Iterator[ChangeEvent]:
    for event in _new(before.dossier.filings, after.dossier.filings, day_before, day):
        kind = "accounts" if event.kind.startswith("accounts") else "notice"
        yield ChangeEvent(kind, event.kind, on=event.known_on)  # type: ignore[arg-type]  # the kinds above
    for event in _new(before.dossier.signals, after.dossier.signals, day_before, day):
        yield ChangeEvent("signal", event.kind, on=event.known_on, amount_eur=event.amount_eur)
    # Only the latest filings are stored: an older one than all of them has dropped out.
    oldest = min((one.known_on for one in after.dossier.filings), default=day_before)
    kept = {_identity(event) for event in after.dossier.filings}
    for event in before.dossier.filings:
        if _identity(event) not in kept and event.known_on >= oldest:
            yield ChangeEvent("notice_withdrawn", event.kind, on=event.known_on)


def _new(
    before: Sequence[Event], after: Sequence[Event], day_before: dt.date, day: dt.date
) -> Iterator[Event]:
    """Return events that are new; one stored ahead of its day, such as the end of a cover, on that day."""
    known = {_identity(event) for event in before}
    for event in after:
        is_due = day_before < event.known_on <= day
        if is_due or (event.known_on <= day_before and _identity(event) not in known):
            yield event


def _identity(event: Event) -> tuple[str, dt.date, dt.date | None]:
    return event.kind, event.known_on, event.happened_on


def _batches(alerts: Sequence[AlertRow]) -> Iterator[Sequence[AlertRow]]:
    for first in range(0, len(alerts), _AT_ONCE):
        yield alerts[first : first + _AT_ONCE]
