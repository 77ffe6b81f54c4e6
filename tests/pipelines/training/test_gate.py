"""What passes the gate, what does not, and that chance alone refuses nobody."""

import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.learning.rows import TrainingRows
from models.policy.document import Policy, load_policy
from pipelines.training.comparison import Common, ScoredRows
from pipelines.training.gate import (
    EVIDENCE,
    PASSED,
    REFUSED,
    TOO_FEW,
    Verdict,
    at_equal_caution,
    calibration_noise,
    judge,
)
from pipelines.training.metrics import calibration_error
from tests.pipelines.training.builders import customers_asked, invoices_asked

SIZE = 1200


def policy(**gate: object) -> Policy:
    packaged = load_policy()
    return packaged.revised(gate={"bootstrap": 200} | gate)


def worlds(seed: int = 0, size: int = SIZE, base: float = -3.0) -> tuple[np.ndarray, np.ndarray]:
    """Return true probabilities and outcomes that follow them."""
    rng = np.random.default_rng(seed)
    truth = 1 / (1 + np.exp(-(base + 1.5 * rng.normal(size=size))))
    return truth, (rng.random(size) < truth).astype(float)


def blurred(truth: np.ndarray, much: float, seed: int) -> np.ndarray:
    margin = np.log(truth / (1 - truth)) + np.random.default_rng(seed).normal(0, much, len(truth))
    return 1 / (1 + np.exp(-margin))


def failed(verdict: Verdict) -> set[str]:
    return {check.name for check in verdict.checks if not check.passed}


def default_verdict(label: np.ndarray, ours: np.ndarray, theirs: np.ndarray | None = None) -> Verdict:
    rows = customers_asked(label.tolist())
    common = None if theirs is None else Common(rows, ours, theirs, "all")
    return judge("default12", ScoredRows(rows, ours), common, "", policy(), 7)


def test_a_sound_model_without_a_champion_passes_on_its_floors():
    truth, label = worlds()
    verdict = default_verdict(label, truth)
    assert (verdict.outcome, verdict.reasons) == (PASSED, ())
    assert {worth.strategy for worth in verdict.worth} >= {"challenger", "accept everybody"}
    late = invoices_asked(label.tolist(), (label * 40).tolist())
    assert judge("late30", ScoredRows(late, truth), None, "", policy(), 7).outcome == PASSED


def test_answers_in_another_order_are_refused():
    truth, label = worlds()
    verdict = default_verdict(label, np.random.default_rng(1).permutation(truth))
    assert verdict.outcome == REFUSED
    assert "AUC" in failed(verdict)
    assert any("the bar is at least 0.65" in reason for reason in verdict.reasons)


def test_a_model_too_good_to_be_true_is_refused():
    _, label = worlds()
    verdict = default_verdict(label, 0.98 * label + 0.001)
    assert verdict.outcome == REFUSED
    assert "leak" in failed(verdict)


def test_probabilities_three_times_too_low_are_refused():
    truth, label = worlds()
    assert "predicted to realised" in failed(default_verdict(label, truth / 3))


def test_what_chance_makes_of_calibrated_probabilities_is_the_mean_of_their_errors():
    truth, _ = worlds(size=3000)
    rng = np.random.default_rng(2)
    outcomes = (rng.random((100, 3000)) < truth).astype(float)
    errors = [calibration_error(label, truth) for label in outcomes]
    noises = [calibration_noise(label, truth, np.arange(3000)) for label in outcomes]
    assert np.mean(noises) == pytest.approx(np.mean(errors), rel=0.05)


def test_a_calibrated_model_is_not_refused_for_having_few_rows():
    truth, label = worlds(size=300, base=-1.0)
    assert calibration_error(label, truth) > 0.02
    assert default_verdict(label, truth).outcome == PASSED


def test_too_few_customers_are_too_few_to_judge_however_many_their_rows():
    truth, label = worlds()
    rows = customers_asked(label.tolist())
    owned = replace(rows, owner=np.arange(SIZE) % 25)
    verdict = judge("default12", ScoredRows(owned, truth), None, "", policy(), 7)
    assert (verdict.outcome, failed(verdict)) == (TOO_FEW, {EVIDENCE})


@pytest.mark.parametrize("outcome", [0.0, 1.0])
def test_rows_of_one_outcome_are_too_few_to_judge(outcome: float):
    verdict = default_verdict(np.full(50, outcome), np.linspace(0.1, 0.2, 50))
    assert verdict.outcome == TOO_FEW


def test_prospects_ranked_backwards_are_refused_and_few_of_them_are_not_judged():
    truth, label = worlds(base=-1.0)
    new = np.arange(SIZE) < 400
    backwards = np.where(new, truth.mean() ** 2 / truth, truth).clip(0.001, 0.9)
    rows = customers_asked(label.tolist(), n_paid_all=np.where(new, 0.0, 50.0))
    verdict = judge("default12", ScoredRows(rows, backwards), None, "", policy(), 7)
    assert "AUC without history" in failed(verdict)
    few = customers_asked(label.tolist(), n_paid_all=np.where(np.arange(SIZE) < 20, 0.0, 50.0))
    verdict = judge("default12", ScoredRows(few, truth), None, "", policy(), 7)
    assert "AUC without history" not in {check.name for check in verdict.checks}


def test_a_better_challenger_passes_and_the_worse_one_is_refused():
    truth, label = worlds(size=4000)
    worse = blurred(truth, 1.5, 3)
    assert default_verdict(label, truth, worse).outcome == PASSED
    verdict = default_verdict(label, worse, truth)
    assert verdict.outcome == REFUSED
    assert {"AUC gained", "log loss saved"} <= failed(verdict)


def test_a_champion_compared_with_itself_loses_nothing():
    truth, label = worlds()
    verdict = default_verdict(label, truth, truth)
    assert verdict.outcome == PASSED
    assert [check.measured for check in verdict.checks[-4:]] == [0.0] * 4


@pytest.mark.parametrize("seed", range(4))
def test_two_models_that_differ_by_chance_both_pass(seed: int):
    truth, label = worlds(seed)
    one, other = blurred(truth, 0.3, 10 + seed), blurred(truth, 0.3, 20 + seed)
    assert not {"AUC gained", "log loss saved"} & failed(default_verdict(label, one, other))
    assert not {"AUC gained", "log loss saved"} & failed(default_verdict(label, other, one))


def test_a_loss_on_one_customer_is_noise_that_rows_alone_would_not_show():
    truth, label = worlds(base=-1.0)
    owner = np.repeat(np.arange(40), 30)
    first = owner == 0
    ours = np.where(first, np.where(label == 1, truth / 2, (1 + truth) / 2), truth)
    rows = invoices_asked(label.tolist(), (label * 40).tolist())
    loose = policy().gate.late.with_fields({"log_loss_share": 1.0})

    def refused(asked: TrainingRows) -> bool:
        verdict = judge(
            "late30",
            ScoredRows(asked, ours),
            Common(asked, ours, truth, "all"),
            "",
            policy(late=loose, trifle_share=0.0),
            7,
        )
        return "log loss saved" in failed(verdict)

    assert refused(rows)
    assert not refused(replace(rows, owner=owner))


def test_a_sure_loss_that_is_a_trifle_refuses_nobody_unless_the_policy_says_so():
    truth, label = worlds(size=4000)
    ours = blurred(truth, 0.4, 3)
    rows = invoices_asked(label.tolist(), (label * 40).tolist())

    def lost(trifle_share: float) -> set[str]:
        rules = policy(trifle_share=trifle_share)
        return failed(judge("late30", ScoredRows(rows, ours), Common(rows, ours, truth, "all"), "", rules, 7))

    assert "log loss saved" in lost(0.0)
    assert "log loss saved" not in lost(0.5)


def test_a_loss_larger_than_the_policy_bears_is_refused_even_where_it_may_be_noise():
    truth, label = worlds(size=60, base=-0.5)
    ours = blurred(truth, 2.0, 5)
    verdict = default_verdict(label, ours, truth)
    check = next(check for check in verdict.checks if check.name == "AUC gained")
    assert check.measured < -0.04
    assert check.high is not None
    assert not check.passed


def test_blindness_to_risk_earns_no_euros():
    truth, label = worlds()
    verdict = default_verdict(label, truth / 50, truth)
    euros = next(check for check in verdict.checks if check.name == "EUR gained")
    assert euros.measured == pytest.approx(0.0, abs=1e-6)
    assert verdict.outcome == REFUSED


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=1, max_size=50))
def test_equal_caution_keeps_the_order_of_one_and_the_mean_of_the_other(pairs: list[tuple[float, float]]):
    ours, theirs = (np.array(values) for values in zip(*pairs, strict=True))
    given_out = at_equal_caution(ours, theirs)
    assert given_out.mean() == pytest.approx(theirs.mean())
    order = np.argsort(ours, kind="stable")
    assert (np.diff(given_out[order]) >= -1e-12).all()
    if len(set(ours)) == len(ours):
        assert sorted(given_out) == pytest.approx(sorted(theirs))


def test_a_verdict_is_json_and_the_same_seed_gives_the_same():
    truth, label = worlds()
    first, again = (default_verdict(label, blurred(truth, 0.5, 1), truth).document() for _ in range(2))
    assert json.loads(json.dumps(first, allow_nan=False)) == again
    assert {"outcome", "compared", "checks", "worth"} == set(first)
