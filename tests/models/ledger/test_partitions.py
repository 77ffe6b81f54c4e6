"""Every row of a ledger lies in one part, with what belongs to its customer."""

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from models.ledger.ledger import Ledger
from models.ledger.partitions import PART_CUSTOMERS, part_count, part_of_rows, split
from models.ledger.tables import TABLES
from tests.builders import a_customer, a_filing, a_ledger, a_payment, an_invoice
from tests.random_ledger import draw_ledger


def owners(part: Ledger) -> set[str]:
    return set(part.customers["customer_id"])


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10**6), count=st.integers(1, 7))
def test_the_parts_are_the_ledger_and_nothing_twice(seed: int, count: int):
    drawn = draw_ledger(seed)
    parts = split(drawn, count)
    assert len(parts) == count
    for name, table in TABLES.items():
        together = pd.concat([part.table(name) for part in parts], ignore_index=True)
        together = together.sort_values(list(table.key), ignore_index=True, kind="stable")
        pd.testing.assert_frame_equal(together, drawn.table(name), check_dtype=False)
    for part in parts:
        for name in ("invoices", "payments", "signals", "insurance"):
            assert set(part.table(name)["customer_id"]) & owners(drawn) <= owners(part)


def test_numbers_of_one_company_and_who_paid_for_whom_share_a_part():
    names = [f"C{number}" for number in range(40)]
    siren = {"C3": "732829320", "C31": "732829320"}
    ledger = a_ledger(
        [an_invoice(f"F{who}", 0, 30, customer_id=who) for who in names],
        [a_payment("FC7", 20, customer_id="C8"), a_payment("FC8", 25, customer_id="C9")],
        [a_customer(who, siren=siren.get(who)) for who in names],
        filings=[a_filing("receivership", 1, 2, None, siren="732829320")],
    )
    place = dict(zip(ledger.customers["customer_id"], part_of_rows(ledger, 16)["customers"], strict=True))
    assert place["C3"] == place["C31"]
    assert place["C7"] == place["C8"] == place["C9"]
    assert len(set(place.values())) > 8
    assert part_of_rows(ledger, 16)["filings"].tolist() == [place["C3"]]


def test_rows_of_strangers_are_spread_and_not_lost():
    filings = [a_filing("receivership", 1, 2, f"X{number}") for number in range(60)]
    ledger = a_ledger([an_invoice("F1", 0, 30)], customers=[a_customer("C1")], filings=filings)
    place = part_of_rows(ledger, 4)["filings"]
    assert set(np.unique(place)) == {0, 1, 2, 3}


def test_a_small_ledger_is_one_part_and_a_large_one_has_more():
    ledger = a_ledger([an_invoice("F1", 0, 30)], customers=[a_customer("C1")])
    assert part_count(ledger) == 1
    assert split(ledger, 1) == [ledger]
    many = pd.concat([ledger.customers] * (2 * PART_CUSTOMERS + 1), ignore_index=True)
    large = Ledger(many, *(ledger.table(name) for name in TABLES if name != "customers"))
    assert part_count(large) == 3
