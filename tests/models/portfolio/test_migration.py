from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.policy.grades import GRADES
from models.portfolio.migration import GONE, NEW, Graded, class_mix, migration

grade = st.sampled_from(GRADES)
graded = st.dictionaries(st.sampled_from([f"C{n}" for n in range(30)]), grade)


@given(graded, graded)
def test_the_rows_add_up_to_the_classes_before_and_the_columns_to_those_after(
    before: dict[str, str], after: dict[str, str]
):
    counts = migration(before, after).counts
    assert {g: sum(counts[g].values()) for g in GRADES} == {g: Counter(before.values())[g] for g in GRADES}
    columns = {g: sum(counts[row][g] for row in (*GRADES, NEW)) for g in GRADES}
    assert columns == {g: Counter(after.values())[g] for g in GRADES}
    assert counts[NEW][GONE] == 0


@given(graded, graded)
def test_going_back_turns_better_into_worse(before: dict[str, str], after: dict[str, str]):
    there, back = migration(before, after), migration(after, before)
    assert (there.better, there.worse) == (back.worse, back.better)


def test_a_portfolio_that_stays_has_a_matrix_with_its_diagonal_only():
    found = migration({"C1": "A", "C2": "C"}, {"C1": "A", "C2": "C"})
    assert (found.counts["A"]["A"], found.counts["C"]["C"], found.better, found.worse) == (1, 1, 0, 0)
    assert sum(sum(row.values()) for row in found.document()["counts"].values()) == 2


def test_a_class_mix_counts_customers_and_what_they_owe():
    lines = class_mix([Graded("A", 100.0, 0.1), Graded("C", 300.0, 9.0), Graded("C", -50.0, 0.0)])
    by_grade = {line.grade: line for line in lines}
    assert (by_grade["C"].customers, by_grade["C"].open_eur, by_grade["C"].open_share) == (2, 300.0, 0.75)
    assert by_grade["B"].customers == 0


eur = st.integers(0, 10**8).map(lambda cents: cents / 100)  # half a cent is rounded either way
"""What a customer owes: whole cents."""


@given(st.lists(st.builds(Graded, grade, eur, st.floats(0, 1e4))))
def test_a_class_mix_adds_up(those: list[Graded]):
    lines = class_mix(those)
    assert sum(line.customers for line in lines) == len(those)
    assert sum(line.open_eur for line in lines) == pytest.approx(sum(round(c.open_eur, 2) for c in those))
    assert sum(line.expected_loss_eur for line in lines) == pytest.approx(
        sum(c.expected_loss_eur for c in those)
    )
