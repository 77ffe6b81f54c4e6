"""Each check fires past its bar, and not before; what is not known fires nothing."""

import dataclasses

import pytest

from pipelines.monitoring.verdict import judge
from pipelines.training.params import MonitorParams
from tests.pipelines.monitoring.builders import (
    a_cohort,
    a_realised,
    an_expected,
    an_input,
    sound,
    the_scores,
)

PARAMS = MonitorParams()
MISSED, FINE = a_cohort(1, 0.2, 0.1), a_cohort(2, 0.1, 0.1)


def fired(**changes: object) -> list[str]:
    return [check.rule.code for check in judge(sound(**changes), PARAMS) if check.fired]


def test_a_sound_model_asks_for_nothing():
    assert fired() == []


@pytest.mark.parametrize(
    ("code", "changes"),
    [
        ("score_drift", {"scores": the_scores(0.26)}),
        ("calibration", {"realised": a_realised(FINE, whole=a_cohort(None, 0.15, 0.1))}),
        ("calibration_months", {"realised": a_realised(MISSED, MISSED)}),
        ("auc_lost", {"realised": a_realised(FINE, whole=a_cohort(None, 0.1, 0.1, auc=0.7), high=0.75)}),
        ("input_drift", {"inputs": [an_input("a", 0.3), an_input("b", 0.1)]}),
        ("age", {"age_days": 366}),
    ],
)
def test_what_calls_for_training_again_says_so_in_both_languages(code: str, changes: dict[str, object]):
    checks = {check.rule.code: check for check in judge(sound(**changes), PARAMS)}
    assert [name for name, check in checks.items() if check.fired] == [code]
    check = checks[code]
    assert check.due
    assert check.value is not None
    assert check.bar is not None
    assert check.value < check.bar if check.rule.least else check.value > check.bar
    assert check.text_fr
    assert check.text_en
    assert check.text_fr != check.text_en
    assert all(not other.text_fr for name, other in checks.items() if name != code)


@pytest.mark.parametrize(
    ("code", "changes"),
    [
        ("estimated_auc", {"expected": an_expected(0.7)}),
        ("out_of_range", {"inputs": [an_input("a", 0.0, outside=0.01), an_input("b", 0.0)]}),
    ],
)
def test_what_is_worth_a_look_does_not_call_for_training_again(code: str, changes: dict[str, object]):
    checks = [check for check in judge(sound(**changes), PARAMS) if check.fired]
    assert [check.rule.code for check in checks] == [code]
    assert not checks[0].due


def test_a_score_index_that_chance_could_make_is_no_drift():
    assert fired(scores=the_scores(0.4, bar=0.5)) == []
    assert fired(scores=the_scores(0.6, bar=0.5)) == ["score_drift"]


def test_an_auc_below_the_bar_that_both_intervals_allow_is_no_loss():
    whole = a_cohort(None, 0.1, 0.1, auc=0.7)
    assert fired(realised=a_realised(FINE, whole=whole, high=0.81)) == []
    assert fired(realised=a_realised(FINE, whole=whole, high=0.79)) == ["auc_lost"]


def test_one_month_that_misses_is_chance():
    assert fired(realised=a_realised(MISSED, FINE, MISSED)) == []


def test_before_outcomes_are_known_nothing_is_said_of_them():
    checks = {check.rule.code: check for check in judge(sound(realised=None), PARAMS)}
    for code in ("calibration", "calibration_months", "auc_lost"):
        assert (checks[code].value, checks[code].bar, checks[code].fired) == (None, None, False)


def test_no_auc_of_the_test_period_no_bar():
    none = dataclasses.replace(an_expected(0.1), auc=None, auc_low=None, auc_high=None)
    assert fired(expected=none) == []


def test_the_bars_are_the_analysts():
    assert fired(scores=the_scores(0.15)) == []
    stricter = judge(sound(scores=the_scores(0.15)), MonitorParams(score_psi=0.1))
    assert [check.rule.code for check in stricter if check.fired] == ["score_drift"]
