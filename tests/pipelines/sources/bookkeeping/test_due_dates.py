import datetime as dt
from pathlib import Path

from models.ledger.files import read_ledger, write_ledger
from models.ledger.ledger import conform
from pipelines.sources.bookkeeping.building import BookkeepingOptions
from pipelines.sources.fec.importing import import_fec
from tests.pipelines.sources.fec.builders import fec, imported, sale


def test_label_then_the_customers_terms_then_the_default_and_each_is_marked(tmp_path: Path):
    import pandas as pd

    path = fec(
        tmp_path,
        sale("1", "20260110", "C1", 100, EcritureLib="F1 Ech. 31/03/2026"),
        sale("2", "20260110", "C1", 100),
        sale("3", "20260110", "C2", 100),
        year=2026,
    )
    folder = tmp_path / "ledger"
    import_fec([path], folder)
    held = read_ledger(folder)
    agreed = held.customers.assign(payment_terms_days=[60.0, None])
    from dataclasses import replace

    from models.ledger.tables import CUSTOMERS

    write_ledger(replace(held, customers=conform(agreed, CUSTOMERS)), folder)
    summary = import_fec([path], folder, BookkeepingOptions(default_days=45, old_after_days=365))
    due = read_ledger(folder).invoices["due_on"].dt.date.tolist()
    assert due == [dt.date(2026, 3, 31), dt.date(2026, 3, 11), dt.date(2026, 2, 24)]
    assert summary.due_from == {"label": 1, "customer": 1, "default": 1}
    notes = pd.read_parquet(folder / "fec_notes.parquet")
    assert notes["due_from"].tolist() == ["label", "customer", "default"]


def test_a_credit_note_is_due_when_it_is_issued(tmp_path: Path):
    _, ledger = imported(tmp_path, sale("1", "20260110", "C1", -100), year=2026)
    row = ledger.invoices.iloc[0]
    assert (row["kind"], row["due_on"]) == ("credit_note", row["issued_on"])


def test_a_label_that_looks_like_a_due_date_and_is_none_is_reported(tmp_path: Path):
    summary, ledger = imported(
        tmp_path,
        sale("1", "20260110", "C1", 100, EcritureLib="F1 Ech. 31/02/2026"),
        sale("2", "20260110", "C1", 100, EcritureLib="F2 trois jours de conseil"),
        sale("3", "20260110", "C1", -100, EcritureLib="Ech. 31/02/2026"),
        year=2026,
    )
    assert [(one.line, one.text) for one in summary.unreadable_due] == [(2, "F1 Ech. 31/02/2026")]
    assert (ledger.invoices["due_on"] - ledger.invoices["issued_on"]).dt.days.tolist() == [30, 30, 0]
