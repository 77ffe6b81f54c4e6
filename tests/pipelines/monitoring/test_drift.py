"""Planted drift is found; what comes from the same customers' habits is not taken for drift."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.learning.rows import TrainingRows
from models.policy.bands import payer_grade, pd_grade
from models.policy.document import load_policy
from pipelines.monitoring.drift import customers, grade_bands, input_drift, payer_bands, score_drift
from tests.models.fitted import fitted
from tests.pipelines.monitoring.builders import probabilities

SHARES = st.lists(st.floats(0, 1), min_size=1, max_size=30)
DAYS = st.lists(st.floats(-60, 200), min_size=1, max_size=30)


def halves(rows: TrainingRows, seed: int) -> tuple[TrainingRows, TrainingRows]:
    """Return the rows of half of the customers, and those of the others."""
    owners = np.unique(rows.owner)
    chosen = np.random.default_rng(seed).permutation(owners)[: len(owners) // 2]
    here = np.isin(rows.owner, chosen)
    return rows.take(here), rows.take(~here)


def scaled(rows: TrainingRows, name: str, factor: float) -> TrainingRows:
    return replace(rows, frame=rows.frame.assign(**{name: rows.frame[name] * factor}))


@pytest.mark.parametrize(("which", "name"), [("late", "amount_eur"), ("trees", "invoiced_365d_eur")])
def test_a_feature_that_is_scaled_has_moved_most_and_the_others_stay(which: str, name: str):
    model, rows = getattr(fitted(), which), getattr(fitted(), f"{which}_rows")
    before, now = halves(rows, 1)
    known = {one.name: one for one in input_drift(model, before, now)}
    found = input_drift(model, before, scaled(now, name, 8.0))
    assert found[0].name == name
    assert found[0].drifted(0.25)
    assert all(one == known[one.name] for one in found[1:])


def test_customers_of_the_same_habits_have_not_drifted_whatever_the_draw():
    model, rows = fitted().late, fitted().late_rows
    found = [one for seed in range(6) for one in input_drift(model, *halves(rows, seed))]
    assert sum(one.shift.index > one.shift.bar for one in found) < 0.03 * len(found)
    for seed in range(6):
        before, now = halves(rows, seed)
        moved = score_drift(
            model.probability(before.frame), model.probability(now.frame), (before.owner, now.owner)
        )
        assert moved.shift.index < max(0.25, moved.shift.bar)


def test_shifted_scores_are_found_and_their_means_are_told():
    before, owner = probabilities(3_000, 1), np.arange(3_000)
    riskier = probabilities(3_000, 2, mean=-0.8)
    same = score_drift(before, probabilities(3_000, 3), (owner, owner))
    moved = score_drift(before, riskier, (owner, owner))
    assert same.shift.index < same.shift.bar
    assert moved.shift.index > max(0.25, moved.shift.bar)
    assert moved.mean_now == pytest.approx(riskier.mean())
    assert sum(moved.before) == pytest.approx(1)
    assert sum(moved.now) == pytest.approx(1)
    assert moved.now[-1] > 2 * moved.before[-1]


def test_many_rows_of_few_customers_tell_no_more_than_the_customers():
    before, now = probabilities(2_000, 1), probabilities(2_000, 2)
    alone = score_drift(before, now, (np.arange(2_000), np.arange(2_000)))
    few = score_drift(before, now, (np.arange(2_000) % 20, np.arange(2_000) % 20))
    assert few.shift.bar == pytest.approx(100 * alone.shift.bar)
    assert customers(np.array([4, 4, 9])) == 2


def test_missing_values_and_values_outside_the_contract_are_counted():
    rows = fitted().late_rows
    amount = rows.frame["amount_eur"].to_numpy().copy()
    amount[: len(rows) // 4] = np.nan
    amount[-10:] = -5.0
    found = input_drift(fitted().late, rows, replace(rows, frame=rows.frame.assign(amount_eur=amount)))
    one = next(one for one in found if one.name == "amount_eur")
    assert one.missing_before == 0
    assert one.missing_now == pytest.approx(0.25, abs=0.001)
    assert one.outside_now == pytest.approx(10 / len(rows))
    assert one.drifted(0.1)


def test_weights_share_out_what_the_model_leans_on():
    rows = fitted().late_rows
    found = input_drift(fitted().late, rows, rows)
    assert sum(one.weight for one in found) == pytest.approx(1)
    assert all(one.shift.index == 0 for one in found)


@given(SHARES, SHARES)
def test_shares_by_grade_are_those_of_the_grades_one_by_one(before: list[float], now: list[float]):
    policy = load_policy()
    for band in grade_bands(np.array(before), np.array(now), policy):
        assert band.before == pytest.approx(np.mean([pd_grade(p, policy) == band.code for p in before]))
        assert band.now == pytest.approx(np.mean([pd_grade(p, policy) == band.code for p in now]))


@given(DAYS, DAYS)
def test_shares_by_payer_grade_are_those_of_the_grades_one_by_one(before: list[float], now: list[float]):
    policy = load_policy()
    for band in payer_bands(np.array(before), np.array(now), policy):
        assert band.before == pytest.approx(
            np.mean([payer_grade(d, policy).code == band.code for d in before])
        )
        assert band.now == pytest.approx(np.mean([payer_grade(d, policy).code == band.code for d in now]))
