"""Ways of deciding stand side by side by code, and the version in charge only where it may be asked."""

from pathlib import Path

import numpy as np
import pytest

from models.policy.document import load_policy
from pipelines.training.comparison import ScoredRows
from pipelines.training.findings.worth import beside_champion, in_euros
from tests.pipelines.fake_models import FakeModels, a_period, backwards, reordered
from tests.pipelines.training.findings.samples import material

ROWS, TRUTH = a_period()


def test_default_is_compared_with_accepting_everybody_the_rule_of_thumb_and_the_scorecard():
    worth = in_euros("default12", ROWS, {"probability": TRUTH, "scorecard": backwards(TRUTH)}, load_policy())
    assert [one["strategy"] for one in worth] == ["accept_all", "net_worth", "model", "scorecard"]
    everybody, model, card = worth[0], worth[2], worth[3]
    assert everybody["loss_avoided_eur"] == 0.0
    assert model["value_eur"] == pytest.approx(model["margin_eur"] - model["realised_loss_eur"])
    assert model["value_eur"] > card["value_eur"]


def test_late_payment_has_no_rule_of_thumb_and_there_may_be_no_scorecard():
    sample = material("late")
    answers = {"probability": sample.answers["probability"]}
    found = in_euros("late30", sample.test, answers, load_policy())
    assert [one["strategy"] for one in found] == ["accept_all", "model"]


@pytest.fixture
def models(tmp_path: Path) -> FakeModels:
    made = FakeModels(tmp_path)
    made.add(ROWS, backwards(TRUTH))
    made.promote("default12", 1)
    return made


def test_the_champion_is_asked_what_neither_could_have_learnt(models: FakeModels):
    beside = beside_champion(models, "default12", ScoredRows(ROWS, TRUTH), "new", load_policy())
    assert (beside.number, beside.questions, beside.why_not) == (1, len(ROWS), "")
    worth = {one["strategy"]: one["value_eur"] for one in beside.worth}
    assert set(worth) == {"accept_all", "net_worth", "model", "champion"}
    assert worth["model"] > worth["champion"]


def test_where_the_champion_cannot_be_asked_the_reason_is_told(models: FakeModels):
    other = ScoredRows(reordered(ROWS), TRUTH)
    beside = beside_champion(models, "default12", other, "new", load_policy())
    assert beside.worth == ()
    assert "not comparable with version 1" in beside.why_not


def test_no_champion_or_this_very_version_is_said(models: FakeModels):
    asked = ScoredRows(ROWS, np.full(len(ROWS), 0.1))
    assert "this version" in beside_champion(models, "default12", asked, "hash1", load_policy()).why_not
    nobody = beside_champion(models, "late30", asked, "new", load_policy())
    assert (nobody.number, nobody.why_not) == (None, "no version answers yet")
