from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from models.errors import LedgerError
from models.ledger.files import fingerprint, read_ledger
from models.ledger.ledger import conform
from models.ledger.tables import TABLES
from pipelines.demo.simulator import simulate, write_demo
from tests.pipelines.demo.simulator.samples import small

if TYPE_CHECKING:
    from pathlib import Path

UNTIL = pd.Timestamp("2026-09-30")


def test_every_table_conforms_to_its_contract_and_holds_rows():
    ledger, _ = small()
    for name, table in TABLES.items():
        frame = ledger.table(name)
        assert len(frame) > 0 or name == "outside_scores", name  # nobody scores what there is not
        assert_frame_equal(frame, conform(frame, table))


def test_the_same_seed_gives_the_same_ledger_and_truth():
    ledger, truth = simulate(60, 13, seed=3)
    again, truth_again = simulate(60, 13, seed=3)
    assert fingerprint(ledger) == fingerprint(again)
    assert_frame_equal(truth.health, truth_again.health)
    assert_frame_equal(truth.invoices, truth_again.invoices)


def test_another_seed_gives_another_ledger():
    assert fingerprint(simulate(60, 13, seed=3)[0]) != fingerprint(simulate(60, 13, seed=4)[0])


def test_nothing_in_the_ledger_lies_after_its_end():
    ledger, _ = small()
    for name, table in TABLES.items():
        for column in (table.known_on, *table.later):
            if column and column != "valid_to":
                assert not (ledger.table(name)[column] > UNTIL).any(), (name, column)


def test_the_end_may_lie_within_a_month():
    ledger, truth = simulate(80, 4, seed=2, until=dt.date(2024, 2, 17))
    assert ledger.payments["paid_on"].max() <= pd.Timestamp("2024-02-17")
    assert ledger.invoices["issued_on"].min() >= pd.Timestamp("2023-11-01")
    assert truth.health["month"].max() == pd.Timestamp("2024-02-01")


def test_invoices_belong_to_customers_and_payments_to_invoices():
    ledger, truth = small()
    assert ledger.invoices["customer_id"].isin(ledger.customers["customer_id"]).all()
    settled = ledger.payments["invoice_id"].dropna()
    assert settled.isin(ledger.invoices["invoice_id"]).all()
    bills = ledger.invoices[ledger.invoices["kind"] == "invoice"]
    assert set(truth.invoices["invoice_id"]) == set(bills["invoice_id"])


def test_the_truth_is_written_beside_the_ledger_and_not_into_it(tmp_path: Path):
    ledger, truth = simulate(30, 8, seed=1)
    write_demo(ledger, truth, tmp_path / "demo")
    assert fingerprint(read_ledger(tmp_path / "demo")) == fingerprint(ledger)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["demo", "demo_truth"]
    for name, frame in (("health", truth.health), ("invoices", truth.invoices)):
        back = pd.read_parquet(tmp_path / "demo_truth" / f"{name}.parquet")
        assert_frame_equal(back, frame, check_dtype=False)


@pytest.mark.parametrize(("customers", "months"), [(1, 1), (2, 30), (40, 1)])
def test_the_smallest_demos_are_ledgers_too(customers: int, months: int):
    ledger, truth = simulate(customers, months, seed=0)
    assert len(ledger.customers) == customers
    assert len(truth.health) >= customers


def test_no_customer_is_refused_with_what_came():
    with pytest.raises(LedgerError, match="0 and 12 came"):
        simulate(0, 12, seed=1)
