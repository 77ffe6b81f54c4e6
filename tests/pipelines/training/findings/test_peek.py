"""Rows made again from the ledger of their own day are the same; a figure from later is found out."""

from dataclasses import replace

import pytest

from models.learning.rows import TrainingRows
from pipelines.training.findings.peek import Peek, peek
from tests.models.fitted import fitted
from tests.pipelines.training.conftest import parts
from tests.pipelines.training.findings.samples import material


def rows_of(target: str) -> TrainingRows:
    return fitted().late_rows if target == "late" else fitted().default_rows


@pytest.mark.parametrize("target", ["late", "default"])
def test_honest_rows_come_out_the_same_to_the_bit(target: str):
    found = peek(parts(), target, rows_of(target), 1)
    assert found.passed
    assert found.rows > 0
    assert found.features == ()
    assert list(found.days) == sorted(set(found.days))


@pytest.mark.parametrize("target", ["late", "default"])
def test_a_figure_that_was_known_only_later_is_found_out(target: str):
    rows = rows_of(target)
    leaking = rows.frame.assign(open_eur=rows.frame["open_eur"] + rows.label + 1e-9)
    found = peek(parts(), target, replace(rows, frame=leaking), 1)
    assert not found.passed
    assert found.features == ("open_eur",)
    assert found.differing <= found.rows


def test_what_came_of_it_is_one_phrase():
    found = Peek(("2026-01-01",), 1_000, 2, ("open_eur",))
    assert found.words == "1,000 rows made again as of 1 days: 2 differ in open_eur"
    assert replace(found, differing=0, features=()).words.endswith("the same")


def test_the_result_travels_as_json_values_and_may_be_missing():
    found = Peek(("2026-01-01",), 10, 2, ("open_eur",))
    assert Peek.from_checks({"peek": found.document()}) == found
    assert Peek.from_checks({}) is None


def test_the_sample_models_were_made_without_looking():
    assert material("late").peek is None
