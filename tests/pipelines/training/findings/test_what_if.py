"""The model is asked again about customers in the middle, one input at a time; prospects have no history."""

from dataclasses import replace

import numpy as np
import pytest

from pipelines.training.findings.what_if import BAD, GOOD, PROSPECT, vary_inputs
from tests.pipelines.training.findings.samples import FEATURES, material


@pytest.mark.parametrize("target", ["late", "default"])
def test_each_typical_customer_is_answered_as_it_is_and_with_inputs_moved(target: str):
    sample = material(target)
    kept = sample.fitted.kept
    cases = vary_inputs(kept, sample.test, sample.answers["probability"], sample.features)
    assert [case.kind for case in cases] == [GOOD, BAD, PROSPECT]
    for case in cases:
        assert case.moves
        for move in case.moves:
            assert [answer.level for answer in move.answers] == [None, 0.1, 0.5, 0.9]
            assert move.answers[0].probability == pytest.approx(case.probability)
            assert all(0 <= answer.probability <= 1 for answer in move.answers)


def test_an_input_alone_in_its_reason_moves_alone_and_by_its_sign():
    sample = material("default")
    kept = sample.fitted.kept
    cases = vary_inputs(kept, sample.test, sample.answers["probability"], sample.features)
    (age,) = [move for move in cases[0].moves if move.name == "company_age_years"]
    said = [answer.probability for answer in age.answers[1:]]
    assert (np.diff(said) <= 1e-12).all()
    good = np.flatnonzero(sample.test.label == 0)
    middle = good[np.argsort(sample.answers["probability"][good], kind="stable")][len(good) // 2]
    row = sample.test.frame.iloc[[middle]].assign(company_age_years=age.answers[-1].value)
    assert kept.probability(row)[0] == age.answers[-1].probability


def test_what_belongs_to_the_same_reason_moves_as_well():
    sample = material("late")
    kept = sample.fitted.kept
    cases = vary_inputs(kept, sample.test, sample.answers["probability"], sample.features)
    for case in cases[:2]:
        (late,) = [move for move in case.moves if move.name == "days_late_by_amount_90d"]
        assert late.answers[1].probability < late.answers[3].probability


def test_nothing_of_a_history_is_moved_for_a_prospect():
    sample = material("late")
    prospect = vary_inputs(sample.fitted.kept, sample.test, sample.answers["probability"], sample.features)[
        -1
    ]
    moved = {move.name for move in prospect.moves}
    assert moved
    assert {FEATURES[name].family for name in moved} <= {"company", "peers", "invoice"}


def test_one_outcome_alone_has_no_typical_customers():
    sample = material("default")
    good = replace(sample.test, label=np.zeros(len(sample.test)))
    assert vary_inputs(sample.fitted.kept, good, sample.answers["probability"], sample.features) == ()
