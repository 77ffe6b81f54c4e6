import datetime as dt
import doctest
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.ledger import conform
from models.ledger_files import read_ledger, write_ledger
from pipelines.sources.fec import due_dates
from pipelines.sources.fec.building import Terms
from pipelines.sources.fec.due_dates import LONGEST_TERMS_DAYS, due_of
from pipelines.sources.fec.importing import import_fec
from tests.pipelines.sources.fec.builders import fec, imported, sale

DAY = dt.date(2026, 1, 10)


def test_the_examples_hold():
    assert doctest.testmod(due_dates).failed == 0


@pytest.mark.parametrize(
    ("label", "due"),
    [
        ("Facture 12 Ech. 31/03/2026", dt.date(2026, 3, 31)),
        ("ECHEANCE : 31-03-26 DUPONT", dt.date(2026, 3, 31)),
        ("F12 éch au 31.03.2026", dt.date(2026, 3, 31)),
        ("échéance 310326", dt.date(2026, 3, 31)),
        ("ech 31032026", dt.date(2026, 3, 31)),
        ("ech 20260331", dt.date(2026, 3, 31)),
        ("F12 à 30 j", dt.date(2026, 2, 9)),
        ("F12 A 30 JOURS", dt.date(2026, 2, 9)),
        ("règlement 45 jours", dt.date(2026, 2, 24)),
        ("30 jours net", dt.date(2026, 2, 9)),
        ("F12 45 FDM", dt.date(2026, 2, 28)),
        ("30 jours fin de mois", dt.date(2026, 2, 28)),
        ("45j F.D.M.", dt.date(2026, 2, 28)),
        ("fin de mois 45 jours", dt.date(2026, 3, 17)),
        ("FDM + 45", dt.date(2026, 3, 17)),
        ("Facture comptant", DAY),
        ("paiement à réception", DAY),
    ],
)
def test_labels_as_bookkeepers_write_them_are_read(label: str, due: dt.date):
    assert due_of(label, DAY) == due


@pytest.mark.parametrize(
    "label",
    [
        "Facture 31/03/2026",
        "Location 30 jours",
        "Mèche 310326",
        "Ech. 31/03/2025",
        "Ech. 31/03/2031",
        "Ech. 45/13/2026",
        "à 999 j",
        "Échelle 30",
        "30 j de retard",
        "F 2026 120",
        "",
    ],
)
def test_labels_that_say_no_due_date_are_left_alone(label: str):
    assert due_of(label, DAY) is None


@given(
    st.text("échEC .:/-0123456789jà fdmFDM", max_size=30), st.dates(dt.date(1995, 1, 1), dt.date(2090, 1, 1))
)
def test_whatever_a_label_says_the_due_date_follows_the_issue_within_reason(label: str, issued: dt.date):
    due = due_of(label, issued)
    assert due is None or 0 <= (due - issued).days <= LONGEST_TERMS_DAYS


@given(st.dates(dt.date(1995, 1, 1), dt.date(2090, 1, 1)), st.integers(0, 120))
def test_a_due_date_written_out_is_read_in_each_way(issued: dt.date, days: int):
    due = issued + dt.timedelta(days=days)
    for label in (f"F1 Ech. {due:%d/%m/%Y}", f"échéance {due:%d%m%Y}"):
        assert due_of(label, issued) == due


def test_label_then_the_customers_terms_then_the_default_and_each_is_marked(tmp_path: Path):
    import pandas as pd

    path = fec(
        tmp_path,
        sale("1", "20260110", "C1", 100, EcritureLib="F1 Ech. 31/03/2026"),
        sale("2", "20260110", "C1", 100),
        sale("3", "20260110", "C2", 100),
    )
    folder = tmp_path / "ledger"
    import_fec([path], folder)
    held = read_ledger(folder)
    agreed = held.customers.assign(payment_terms_days=[60.0, None])
    from dataclasses import replace

    from models.ledger_tables import CUSTOMERS

    write_ledger(replace(held, customers=conform(agreed, CUSTOMERS)), folder)
    summary = import_fec([path], folder, Terms(default_days=45, old_after_days=365))
    due = read_ledger(folder).invoices["due_on"].dt.date.tolist()
    assert due == [dt.date(2026, 3, 31), dt.date(2026, 3, 11), dt.date(2026, 2, 24)]
    assert summary.due_from == {"label": 1, "customer": 1, "default": 1}
    notes = pd.read_parquet(folder / "fec_notes.parquet")
    assert notes["due_from"].tolist() == ["label", "customer", "default"]


def test_a_credit_note_is_due_when_it_is_issued(tmp_path: Path):
    _, ledger = imported(tmp_path, sale("1", "20260110", "C1", -100))
    row = ledger.invoices.iloc[0]
    assert (row["kind"], row["due_on"]) == ("credit_note", row["issued_on"])
