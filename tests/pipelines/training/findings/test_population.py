"""Rows are counted once, each group adds up, and months say what came of them."""

import numpy as np

from pipelines.training.findings.population import describe
from tests.pipelines.training.findings.samples import material, rows_of


def test_groups_of_one_cut_add_up_to_all_rows():
    found = describe(material("late").rows)
    assert found.rows == len(material("late").rows)
    for cut in ("history", "size", "sector", "asked"):
        assert sum(part.rows for part in found.parts if part.cut == cut) == found.rows


def test_months_add_up_and_are_in_order():
    found = describe(material("default").rows)
    assert sum(month.rows for month in found.months) == found.rows
    assert [month.month for month in found.months] == sorted(month.month for month in found.months)
    bad = sum(month.rows * month.bad_share for month in found.months)
    assert round(bad) == found.bad


def test_customers_and_natural_persons_are_counted_once():
    label, owner = np.array([0.0, 1.0, 0.0, 0.0]), np.array([5, 5, 6, 7])
    found = describe(rows_of(label, owner, natural_person=[1.0, 1.0, 0.0, np.nan]))
    assert (found.rows, found.customers, found.natural_persons, found.bad) == (4, 3, 1, 1)
    assert (found.first_day, found.last_day) == ("2024-10-04", "2024-10-07")
