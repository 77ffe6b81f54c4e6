import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.portfolio.concentration import concentration
from models.portfolio.entity_exposures import NumberExposure, by_entity

CENTS = st.integers(-100_000, 10_000_000)


def a_number(who: str, eur: float, grade: str = "B", pd_12m: float = 0.01, siren: str | None = None):
    return NumberExposure(who, f"Firm {who}", siren, grade, eur, max(eur, 0.0) / 2, pd_12m, eur * 0.006)


def test_the_numbers_of_an_entity_are_one_line_and_others_are_each_their_own():
    numbers = [a_number("A", 30.0), a_number("B", 50.0, siren="732829320"), a_number("C", 10.0)]
    found = by_entity(numbers, {"A": "joined:A", "B": "joined:A"})
    assert sorted(found) == ["B", "C"]
    one = found["B"]
    assert (one.customer_ids, one.name, one.siren, one.open_eur) == (("B", "A"), "Firm B", "732829320", 80.0)
    assert one.overdue_eur == 40.0
    assert one.document()["customer_ids"] == ["B", "A"]


def test_a_number_that_is_called_like_another_entity_s_key_stays_apart():
    found = by_entity([a_number("A", 1.0), a_number("B", 2.0), a_number("X", 3.0)], {"A": "X", "B": "X"})
    assert {who: one.open_eur for who, one in found.items()} == {"B": 3.0, "X": 3.0}


def test_money_on_account_of_one_number_pays_no_debt_of_another():
    found = by_entity([a_number("A", -30.0), a_number("B", 50.0)], {"A": "E", "B": "E"})
    assert found["B"].open_eur == 50.0


def test_the_worst_grade_and_probability_are_the_entity_s():
    numbers = [a_number("A", 3.0, "D", 0.2), a_number("B", 5.0, "B", 0.01)]
    found = by_entity(numbers, {"A": "E", "B": "E"})["B"]
    assert (found.grade, found.pd_12m) == ("D", 0.2)


@given(
    owed=st.lists(CENTS, min_size=1, max_size=8),
    keys=st.lists(st.sampled_from("XYZ-"), min_size=8, max_size=8),
)
def test_entities_owe_in_all_what_their_numbers_do_and_are_never_less_concentrated(
    owed: list[int], keys: list[str]
):
    numbers = [a_number(f"C{n}", cents / 100) for n, cents in enumerate(owed)]
    entity_of = {f"C{n}": key for n, key in enumerate(keys[: len(owed)]) if key != "-"}
    found = by_entity(numbers, entity_of)
    assert sorted(who for one in found.values() for who in one.customer_ids) == sorted(
        one.customer_id for one in numbers
    )
    by_number = concentration({one.customer_id: one.open_eur for one in numbers})
    together = concentration({who: one.open_eur for who, one in found.items()})
    assert together.total_eur == pytest.approx(by_number.total_eur)
    assert together.herfindahl >= by_number.herfindahl - 1e-12
    assert sum(one.expected_loss_eur for one in found.values()) == pytest.approx(
        sum(one.expected_loss_eur for one in numbers)
    )
