"""One document holds every finding as JSON; a planted leak fails it, too few rows leave gaps, not errors."""

import json
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from pipelines.training.challenger import Challenger
from pipelines.training.findings.discrimination import MeasuredFigure
from pipelines.training.findings.document import FORMAT, evaluate_model, plain
from pipelines.training.findings.material import Material
from pipelines.training.findings.peek import Peek
from tests.pipelines.training.findings.samples import material


@cache
def document(target: str) -> dict:
    return evaluate_model(material(target))


def status(found: dict) -> dict[str, str]:
    return {item["name"]: item["status"] for item in found["checks"]}


@pytest.mark.slow
@pytest.mark.parametrize("target", ["late", "default"])
def test_the_document_is_json_and_names_every_feature_it_speaks_of(target: str):
    found = document(target)
    assert json.loads(json.dumps(found, allow_nan=False)) == found
    assert found["format"] == FORMAT
    assert set(found["features"]) == set(material(target).fitted.kept.features)
    told = {one["name"] for key in ("shifts", "singles") for one in found[key]}
    told |= {one["name"] for one in found["reasons"]["strengths"]}
    assert told <= set(material(target).rows.frame)


@pytest.mark.slow
def test_honest_rows_have_no_leak_and_no_violation():
    for target in ("late", "default"):
        found = status(document(target))
        assert {found[name] for name in ("shuffled", "coins", "single", "monotonicity")} == {"passed"}
        assert found["peek"] == "unchecked"


def test_each_target_is_asked_what_concerns_it():
    assert document("late")["days_late"] is not None
    assert {"coverage", "seen"} <= set(status(document("late")))
    assert document("default")["days_late"] is None
    assert not {"coverage", "seen"} & set(status(document("default")))


def test_a_copy_of_the_label_among_the_features_fails_the_verdict():
    sample = material("default")
    leaking = sample.rows.frame.assign(headcount=sample.rows.label)
    found = evaluate_model(replace(sample, rows=replace(sample.rows, frame=leaking)))
    assert found["verdict"] == "failed"
    (single,) = [item for item in found["checks"] if item["name"] == "single"]
    assert (single["status"], single["about"], single["measured"]) == ("failed", ["headcount"], 1.0)
    assert found["singles"][0] == {"name": "headcount", "auc": 1.0, "too_good": True}


def test_a_future_that_shone_through_fails_the_verdict():
    peeked = replace(material("default"), peek=Peek(("2026-01-01",), 10, 3, ("open_eur",)))
    found = evaluate_model(peeked)
    assert found["verdict"] == "failed"
    assert status(found)["peek"] == "failed"


def all_good(sample: Material) -> Material:
    """Return the sample as if nobody had failed in the test period, and without a scorecard."""
    label = np.where(sample.fitted.split.test, 0.0, sample.rows.label)
    answers = {"probability": sample.answers["probability"]}
    refused = Challenger(None, None, "too few bad rows")
    return replace(sample, rows=replace(sample.rows, label=label), answers=answers, challenger=refused)


def test_too_few_rows_leave_gaps_and_say_so():
    found = evaluate_model(all_good(material("default")))
    assert found["verdict"] == "few"
    for gap in ("discrimination", "roc", "scorecard_discrimination", "gained"):
        assert found[gap] is None
    assert found["cases"] == []
    assert found["scorecard"]["refusal"] == "too few bad rows"
    assert status(found)["scorecard"] == "unchecked"


def test_the_same_training_gives_the_same_document():
    assert evaluate_model(material("default")) == document("default")


def test_values_become_json_and_what_is_not_finite_becomes_none():
    told = plain({"a": MeasuredFigure(1.0, -np.inf, np.nan), "b": (np.float64(2.0), np.int64(3)), 4: True})
    assert told == {"a": {"value": 1.0, "low": None, "high": None}, "b": [2.0, 3], "4": True}
