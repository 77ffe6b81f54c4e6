from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from models.errors import ModelError, NotEnoughDataError
from models.features.build import CUSTOMER_FEATURES, INVOICE_FEATURES, mask_history
from models.learning.scorecard.attribute import Attribute
from models.learning.scorecard.fitting import _candidates, _pointed, fit_scorecard
from models.learning.scorecard.rules import PointScale, ScorecardRules
from models.learning.scorecard.scorecard import Scorecard
from tests.models.fitted import fitted
from tests.models.learning.scorecard.builders import FEATURES, a_card, a_feature, a_sample

RULES = ScorecardRules()


def refit(**changes: object) -> Scorecard:
    frame, label = a_sample(1)
    given = {"frame": frame, "label": label, "features": FEATURES, "target": "late30", "seed": 1}
    return fit_scorecard(**{**given, **changes})


def unrounded(card: Scorecard, frame: pd.DataFrame):
    """What the points would add up to, were they not rounded, but for the same for every row."""
    evidence = [a.weight * a.woe(frame[a.name].to_numpy()) for a in card.attributes]
    return card.scale.factor * np.sum(evidence, axis=0)


def test_the_same_seed_gives_the_same_scorecard():
    assert refit() == a_card()
    assert refit().version == a_card().version


def test_what_tells_is_on_it_and_noise_is_not():
    assert set(a_card().features) == {"up", "down", "free", "flag", "count", "code"}


def test_every_weight_keeps_the_direction_of_its_evidence():
    for attribute in a_card().attributes:
        assert attribute.weight > 0
        woe = [line.woe for line in attribute.lines]
        points = [line.points for line in attribute.lines]
        assert (np.diff(np.array(points)[np.argsort(woe)]) >= 0).all()


def test_rounding_moves_a_score_by_half_a_point_a_feature_at_most():
    frame, _ = a_sample(2)
    off = a_card().score(frame) - unrounded(a_card(), frame)
    assert np.ptp(off) <= len(a_card().attributes)


def test_the_score_ranks_rows_it_has_not_seen():
    from sklearn.metrics import roc_auc_score

    frame, label = a_sample(2)
    found = roc_auc_score(label, a_card().probability(frame))
    assert found > 0.8
    assert abs(found - roc_auc_score(label, -unrounded(a_card(), frame))) < 0.002


def test_without_calibration_the_scale_holds_on_the_rows_of_the_fit():
    frame, label = a_sample(1)
    assert a_card().probability(frame).mean() == pytest.approx(label.mean(), abs=0.01)


def test_another_scale_moves_points_and_leaves_the_probability():
    frame, _ = a_sample(2)
    card = refit(scale=PointScale(1000, 20, 200))
    assert np.abs(card.probability(frame) - a_card().probability(frame)).max() < 0.05
    assert card.score(frame).std() == pytest.approx(10 * a_card().score(frame).std(), rel=0.02)


def test_a_later_period_calibrates_the_probability_and_leaves_the_points():
    later, outcome = a_sample(2)
    outcome = np.where(np.random.default_rng(0).random(len(outcome)) < 0.3, 0.0, outcome)
    card = refit(calibrate_on=(later, outcome))
    assert card.probability(later).mean() == pytest.approx(outcome.mean(), abs=0.005)
    assert replace(card, calibration=a_card().calibration) == a_card()


def test_a_feature_that_would_turn_round_beside_another_is_dropped():
    rng = np.random.default_rng(0)
    one = rng.normal(size=8_000)
    frame = pd.DataFrame({"one": one, "two": 0.7 * one + 0.7 * rng.normal(size=8_000)})
    label = (rng.random(8_000) < 1 / (1 + np.exp(1 - 2 * one + 0.8 * frame["two"].to_numpy()))).astype(float)
    features = [a_feature("one", 1), a_feature("two", 1)]
    candidates, woe = _candidates(frame, label, features, RULES, 1, 1.0)
    assert [attribute.name for attribute in candidates] == ["one", "two"]
    assert [attribute.name for attribute in _pointed(candidates, woe, label, PointScale())] == ["one"]
    assert fit_scorecard(frame, label, features, target="late30", seed=1).features == ("one",)


def test_codes_not_seen_or_too_rare_get_the_points_of_no_evidence():
    code = next(a for a in a_card().attributes if a.name == "code")
    neutral = a_neutral(code)
    assert code.points(np.array([7.0, 12.0, np.inf, np.nan])).tolist() == [neutral] * 4


def a_neutral(attribute: Attribute) -> float:
    """The points of a line without evidence, read off the others."""
    line = attribute.bins[0]
    return line.points - round(a_card().scale.factor * attribute.weight * line.woe)


@pytest.mark.parametrize("bad", [0, 29, 6_000 - 29, 6_000])
def test_thirty_rows_of_either_outcome_are_needed(bad: int):
    label = np.zeros(6_000)
    label[:bad] = 1.0
    with pytest.raises(NotEnoughDataError, match=f"of 6000 rows {bad} are bad"):
        refit(label=label)


def test_a_label_not_known_yet_is_refused():
    _, label = a_sample(1)
    with pytest.raises(ModelError, match="1 of them neither 0 nor 1"):
        refit(label=np.where(np.arange(len(label)) == 3, np.nan, label))


def test_labels_and_rows_must_be_as_many():
    with pytest.raises(ModelError, match="6000 rows came with 5 labels"):
        refit(label=np.ones(5))


def test_a_missing_column_is_named():
    with pytest.raises(ModelError, match="'code'"):
        refit(frame=a_sample(1)[0].drop(columns="code"))


def test_where_nothing_tells_there_is_no_scorecard():
    rng = np.random.default_rng(0)
    label = (rng.random(6_000) < 0.2).astype(float)
    with pytest.raises(NotEnoughDataError, match="none of 7 features tells"):
        refit(label=label)


def test_rows_about_the_same_subject_do_not_make_noise_tell():
    rng = np.random.default_rng(0)
    subject = np.repeat(np.arange(150), 12)
    frame = pd.DataFrame({f"x{k}": rng.normal(size=150)[subject] for k in range(8)})
    frame["real"] = rng.normal(size=150)[subject]
    bad = rng.random(150) < 1 / (1 + np.exp(1 - 3 * frame["real"].to_numpy()[::12]))
    label = bad[subject].astype(float)
    features = [a_feature(name) for name in frame]
    once = fit_scorecard(frame, label, features, target="default12", seed=1)
    told = fit_scorecard(frame, label, features, target="default12", seed=1, subject=subject.tolist())
    assert len(once.features) > 3
    assert told.features == ("real",)


@pytest.mark.slow
@pytest.mark.parametrize(("target", "features"), [("late", INVOICE_FEATURES), ("default", CUSTOMER_FEATURES)])
def test_a_demo_portfolio_gives_a_scorecard_that_reads_well_and_answers_prospects(target: str, features):
    rows = getattr(fitted(), f"{target}_rows")
    again = mask_history(rows.frame, np.random.default_rng(0).random(len(rows)) < 0.2)
    frame, label = pd.concat([rows.frame, again]), np.tile(rows.label, 2)
    subject = np.tile(rows.owner, 2).tolist()
    card = fit_scorecard(frame, label, features, target=target, seed=7, subject=subject)
    assert 1 <= len(card.features) <= RULES.most_features
    signs = {feature.name: feature.sign for feature in features}
    assert all(signs[a.name] in (0, a.trend) for a in card.attributes)
    groups = [attribute.group for attribute in card.attributes]
    assert max(groups.count(group) for group in groups) <= RULES.most_in_group
    prospects = card.score(mask_history(rows.frame, np.ones(len(rows), dtype=bool)))
    assert np.isfinite(prospects).all()
    assert np.array_equal(prospects, np.rint(prospects))
    probability = card.probability(rows.frame)
    assert probability[rows.label == 1].mean() > probability[rows.label == 0].mean()
