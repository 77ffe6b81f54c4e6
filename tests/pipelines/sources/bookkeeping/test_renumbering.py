"""A customer that gets a new number stays one customer; a transfer between two customers joins nobody."""

import pandas as pd
import pytest

from pipelines.sources.bookkeeping.lines import EntrySide
from pipelines.sources.bookkeeping.renumbering import new_numbers

SALE, MONEY = int(EntrySide.SALE), int(EntrySide.MONEY)


def booked(day: int, entry: str, sides: int, *customers: tuple[str, int, str]) -> list[dict[str, object]]:
    """One entry: pairs of a customer and an amount, a debit above zero, with the customer's name."""
    return [
        {
            "digest": "a" * 64,
            "journal": "OD",
            "entry": entry,
            "booked_on": pd.Timestamp(2026, 1, day),
            "account": "411",
            "customer_id": who,
            "name": name,
            "debit": max(cents, 0),
            "credit": max(-cents, 0),
            "sides": sides,
        }
        for who, cents, name in customers
    ]


def sold(day: int, who: str, cents: int, name: str = "") -> list[dict[str, object]]:
    return booked(day, f"V{day}{who}", SALE, (who, cents, name))


def moved(
    day: int, old: str, new: str, cents: int, names: tuple[str, str] = ("", "")
) -> list[dict[str, object]]:
    return booked(day, f"M{day}{old}", 0, (old, -cents, names[0]), (new, cents, names[1]))


def numbers(*entries: list[dict[str, object]]) -> dict[str, str]:
    return new_numbers(pd.DataFrame([line for entry in entries for line in entry]))


def test_a_balance_moved_whole_to_a_new_number_is_a_renumbering():
    assert numbers(sold(1, "OLD", 100), moved(5, "OLD", "NEW", 100), sold(9, "NEW", 40)) == {"OLD": "NEW"}


def test_successive_numbers_end_at_the_last():
    found = numbers(sold(1, "A", 100), moved(5, "A", "B", 100), moved(9, "B", "C", 100))
    assert found == {"A": "C", "B": "C"}


@pytest.mark.parametrize(
    "later",
    [sold(9, "OLD", 1), booked(9, "B9", MONEY, ("OLD", -1, ""))],
    ids=["a sale", "a payment"],
)
def test_a_number_that_goes_on_is_not_renumbered(later: list[dict[str, object]]):
    assert numbers(sold(1, "OLD", 100), moved(5, "OLD", "NEW", 100), later) == {}


def test_a_balance_moved_in_part_is_no_renumbering():
    assert numbers(sold(1, "OLD", 100), moved(5, "OLD", "NEW", 60)) == {}


def test_a_number_known_before_takes_over_only_under_the_same_name():
    before = sold(1, "OLD", 100, "Dupont"), sold(2, "NEW", 30, "DUPONT")
    assert numbers(*before, moved(5, "OLD", "NEW", 100, ("Dupont", "DUPONT"))) == {"OLD": "NEW"}
    other = sold(1, "OLD", 100, "Dupont"), sold(2, "NEW", 30, "Martin")
    assert numbers(*other, moved(5, "OLD", "NEW", 100, ("Dupont", "Martin"))) == {}


def test_provisions_and_lines_without_a_customer_are_left_out():
    move = moved(5, "OLD", "NEW", 100)
    provision = [{**line, "account": "491"} for line in sold(9, "OLD", 70)]
    nobody = [{**line, "customer_id": None} for line in sold(9, "OLD", 70)]
    assert numbers(sold(1, "OLD", 100), move, provision, nobody) == {"OLD": "NEW"}
