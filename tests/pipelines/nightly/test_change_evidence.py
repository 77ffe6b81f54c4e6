"""Two nights of a customer are compared by what they stored, so that nothing entered late is missed."""

import datetime as dt
from dataclasses import replace

from pipelines.nightly.change_evidence import customer_events, version_events
from serving.store import CustomerEvidence, Dossier, Event, InvoiceRow, PaidInvoice
from tests.serving.store.builders import a_key

BEFORE, DAY = dt.date(2026, 9, 29), dt.date(2026, 9, 30)
INVOICE = InvoiceRow("F1", "C1", dt.date(2026, 8, 30), BEFORE, 100.0, 100.0, 0.2, 0, 5, 9, 0, disputed=False)
PAID = PaidInvoice("F1", BEFORE, DAY, 1, 100.0)
NOTICE = Event("receivership", DAY, BEFORE)


def found(before: CustomerEvidence, after: CustomerEvidence) -> list[tuple[str, str | None, float | None]]:
    return [
        (one.kind, one.ref or one.what, one.amount_eur) for one in customer_events(before, after, BEFORE, DAY)
    ]


def seen(*invoices: InvoiceRow, **dossier: object) -> CustomerEvidence:
    return CustomerEvidence(invoices, Dossier(**dossier))  # type: ignore[arg-type]  # fields by name


def test_an_invoice_whose_due_date_went_by_has_become_overdue_once():
    assert found(seen(INVOICE), seen(INVOICE)) == [("overdue", "F1", 100.0)]
    older = replace(INVOICE, due_on=dt.date(2026, 9, 20))
    assert found(seen(older), seen(older)) == [("still_overdue", "F1", 100.0)]


def test_an_invoice_that_is_entered_late_counts_as_overdue():
    older = replace(INVOICE, due_on=dt.date(2026, 8, 1))
    assert found(seen(), seen(older)) == [("overdue", "F1", 100.0)]


def test_a_payment_counts_whenever_it_was_made():
    late = replace(PAID, paid_on=dt.date(2026, 9, 1))
    assert found(seen(INVOICE), seen(paid=(PAID,))) == [("paid", "F1", 100.0)]
    assert found(seen(INVOICE), seen(paid=(late,))) == [("paid", "F1", 100.0)]
    assert found(seen(), seen(paid=(late,))) == []  # an older payment that came back into the dossier


def test_a_part_payment_a_dispute_and_a_new_invoice_are_told():
    not_due = replace(INVOICE, due_on=dt.date(2026, 11, 1))
    assert found(seen(not_due), seen(replace(not_due, open_eur=40.0))) == [("part_paid", "F1", 60.0)]
    assert found(seen(not_due), seen(replace(not_due, disputed=True))) == [("disputed", "F1", 100.0)]
    assert found(seen(), seen(not_due)) == [("issued", "F1", 100.0)]
    assert found(seen(not_due), seen()) == [("removed", "F1", 100.0)]


def test_filings_and_signals_are_told_on_their_day_and_withdrawn_ones_too():
    accounts, cover_ends = Event("accounts", DAY), Event("cover_ended", DAY, amount_eur=5_000.0)
    assert found(seen(), seen(filings=(NOTICE, accounts))) == [
        ("notice", "receivership", None),
        ("accounts", "accounts", None),
    ]
    # The end of a cover is known, and stored, before it comes.
    assert found(seen(signals=(cover_ends,)), seen(signals=(cover_ends,))) == [
        ("signal", "cover_ended", 5_000.0)
    ]
    ahead = replace(cover_ends, known_on=dt.date(2026, 12, 1))
    assert found(seen(), seen(signals=(ahead,))) == []
    old = replace(NOTICE, known_on=dt.date(2026, 9, 1))
    assert found(seen(filings=(old,)), seen()) == []
    assert found(seen(filings=(NOTICE,)), seen(filings=(old,))) == [
        ("notice", "receivership", None),
        ("notice_withdrawn", "receivership", None),
    ]


def test_models_and_policy_that_differ_are_named_by_their_versions():
    key = a_key()
    assert version_events(key, key) == []
    changed = replace(key, late_model="abcdefghij", policy_hash="0123456789")
    kinds = [(one.kind, one.what, one.ref) for one in version_events(key, changed)]
    assert kinds == [
        ("model", "late", f"{key.late_model[:8]} → abcdefgh"),
        ("policy", None, f"{key.policy_hash[:8]} → 01234567"),
    ]
