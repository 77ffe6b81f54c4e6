"""What a customer did with invoices like the one asked about, from its ledger or from what was kept of it."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.features.book import Book, open_book
from models.features.build import FeatureBuilder
from models.features.running import NEVER
from models.features.similar_invoices import (
    COLUMNS,
    MEMORY_DAYS,
    OTHERS_SHARE,
    PAST,
    SettledInvoices,
    StoredInvoices,
)
from tests.builders import FIRST, a_ledger, a_payment, an_invoice, document_at, state_at
from tests.random_ledger import draw_ledger

MONDAY = 28  # the builders' day 0 is a Monday


def naive(book: Book, owner: int, day: int, due: int, cents: int) -> list[float]:
    """Weigh by the formula, in plain Python over every settled invoice; fits short ledgers."""
    weighted = []
    for place in np.flatnonzero(book.is_invoice & (book.owner == owner) & (book.settled <= day)):
        amount = max(int(book.amount[place]), 1)
        bell = (4 * amount * cents / (amount + cents) ** 2) ** 2
        same = 1.0 if (book.due[place] - due) % 7 == 0 else OTHERS_SHARE
        weighted.append(
            (int(book.days_late[place]), same * bell * math.exp((book.due[place] - day) / MEMORY_DAYS))
        )
    total, found = sum(weight for _, weight in weighted), []
    for share in (0.1, 0.5, 0.9):
        reached = 0.0
        for late, weight in sorted(weighted):
            reached += weight
            if reached >= share * total * (1 - 1e-9):
                found.append(float(late))
                break
        else:
            found.append(math.nan)
    return [*found, total]


@settings(max_examples=20)
@given(seed=st.integers(0, 200), after=st.integers(30, 700))
def test_the_figures_are_the_formula_s(seed: int, after: int):
    book, day = open_book(draw_ledger(seed)), np.array([FIRST + after])
    alike = SettledInvoices.of(book)
    for document in np.flatnonzero(book.is_invoice & (book.owner >= 0))[:5]:
        owner, due, cents = book.owner[[document]], book.due[[document]], book.amount[[document]]
        found = alike.columns(owner, day, due, cents)
        expected = naive(book, int(owner[0]), int(day[0]), int(due[0]), int(cents[0]))
        for name, value in zip(COLUMNS, expected, strict=True):
            assert found[name][0] == pytest.approx(value, rel=1e-9, nan_ok=True)


def test_what_fell_due_on_the_same_weekday_outweighs_the_rest():
    ledger = a_ledger(
        [
            an_invoice("F1", 0, MONDAY),
            *(an_invoice(f"O{k}", 0, MONDAY + 1) for k in range(6)),
            an_invoice("F3", 50, 70),
        ],
        [a_payment("F1", MONDAY + 3), *(a_payment(f"O{k}", MONDAY + 41) for k in range(6))],
    )
    assert document_at(ledger, 90, "F3")["alike_median"] == 3.0


def test_a_like_amount_outweighs_another():
    small = [an_invoice(f"S{k}", 0, MONDAY, 100.0) for k in range(3)]
    large = [an_invoice(f"L{k}", 0, MONDAY, 10_000.0) for k in range(2)]
    payments = [a_payment(f"S{k}", MONDAY + 2, 100.0) for k in range(3)]
    payments += [a_payment(f"L{k}", MONDAY + 40, 10_000.0) for k in range(2)]
    ledger = a_ledger([*small, *large, an_invoice("F", 50, 70, 9_000.0)], payments)
    assert document_at(ledger, 90, "F")["alike_median"] == 40.0


def test_the_last_fifty_of_a_weekday_count():
    invoices = [an_invoice(f"F{place:02d}", 7 * place, 7 * place) for place in range(54)]
    payments = [a_payment(f"F{place:02d}", 7 * place + (60 if place < 8 else 1)) for place in range(54)]
    found = state_at(a_ledger(invoices, payments), 440)
    kept = [found[f"past0_{place}_days_late"] for place in range(50)]
    assert sorted(kept) == [1.0] * 44 + [60.0] * 6
    assert kept[:38] == [1.0] * 38
    assert math.isnan(found["past1_0_days_late"])


@pytest.mark.parametrize("seed", [13, 14])
def test_a_kept_past_gives_the_ledger_s_figures_to_the_bit(seed: int):
    builder = FeatureBuilder.of(draw_ledger(seed))
    book = builder.book
    mine = np.flatnonzero(book.is_invoice & (book.owner >= 0) & (book.issued < NEVER))
    day = np.full(len(mine), FIRST + 450)
    frame = builder.documents(mine, day)
    kept = pd.DataFrame(builder.habit.alike.kept(book.owner[mine], day))
    assert sorted(kept) == sorted(PAST)
    stored = StoredInvoices.of(kept[PAST].to_numpy(np.float64))
    found = stored.columns(day, book.due[mine], book.amount[mine])
    for name in COLUMNS:
        assert np.array_equal(found[name], frame[name].to_numpy(), equal_nan=True)
    assert (found["alike_weight"] > 0).any()


def test_pasts_put_together_are_weighed_as_each_alone():
    builder = FeatureBuilder.of(draw_ledger(15))
    owner = np.arange(len(builder.book.customer_ids))
    day = np.full(len(owner), FIRST + 450)
    table = pd.DataFrame(builder.habit.alike.kept(owner, day))[PAST].to_numpy(np.float64)
    due, cents = day + 30, np.full(len(owner), 12_345)
    pasts = [StoredInvoices.of(table[place : place + 1]) for place in owner]
    together, whole = StoredInvoices.together(pasts), StoredInvoices.of(table)
    for name, found in together.columns(day, due, cents).items():
        assert np.array_equal(found, whole.columns(day, due, cents)[name], equal_nan=True)
    assert whole.invoices.size


def test_without_a_past_nothing_is_known_and_nothing_weighs():
    found = document_at(a_ledger([an_invoice("F", 0, 30)]), 5, "F")
    assert [math.isnan(found[name]) for name in COLUMNS] == [True, True, True, False]
    assert found["alike_weight"] == 0.0
