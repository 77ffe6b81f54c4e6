"""The model is asked again about customers in the middle, one input at a time; prospects have no history."""

from dataclasses import replace

import numpy as np
import pytest

from pipelines.training.findings.what_if import BAD, GOOD, PROSPECT, ask_again
from tests.pipelines.training.findings.samples import FEATURES, material


@pytest.mark.parametrize("target", ["late", "default"])
def test_each_typical_customer_is_answered_as_it_is_and_with_inputs_moved(target: str):
    sample = material(target)
    kept = sample.fitted.kept
    cases = ask_again(kept, sample.test, sample.answers["probability"], sample.features)
    assert [case.kind for case in cases] == [GOOD, BAD, PROSPECT]
    for case in cases:
        assert case.moves
        for move in case.moves:
            assert [answer.level for answer in move.answers] == [None, 0.1, 0.5, 0.9]
            assert move.answers[0].probability == pytest.approx(case.probability)
            assert all(0 <= answer.probability <= 1 for answer in move.answers)


def test_more_overdue_never_lowers_a_probability():
    sample = material("default")
    cases = ask_again(sample.fitted.kept, sample.test, sample.answers["probability"], sample.features)
    for case in cases:
        for move in case.moves:
            sign, said = FEATURES[move.name].sign, [answer.probability for answer in move.answers[1:]]
            assert sign == 0 or (np.diff(said) * sign >= -1e-12).all()


def test_nothing_of_a_history_is_moved_for_a_prospect():
    sample = material("late")
    prospect = ask_again(sample.fitted.kept, sample.test, sample.answers["probability"], sample.features)[-1]
    moved = {move.name for move in prospect.moves}
    assert moved
    assert {FEATURES[name].family for name in moved} <= {"company", "peers", "invoice"}


def test_one_outcome_alone_has_no_typical_customers():
    sample = material("default")
    good = replace(sample.test, label=np.zeros(len(sample.test)))
    assert ask_again(sample.fitted.kept, good, sample.answers["probability"], sample.features) == ()
