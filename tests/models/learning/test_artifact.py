import json
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.errors import ModelError
from models.features.build import CUSTOMER_FEATURES, INVOICE_FEATURES
from models.features.curves import ANCHORS
from models.learning.additive import Line, Steps
from models.learning.artifact import FittedModel, _version, load, save, with_facts
from models.learning.delay_curve import DelayCurve
from tests.models.fitted import fitted

SIGNS = {feature.name: feature.sign for feature in INVOICE_FEATURES}

READ_BACK = """
import sys
from pathlib import Path
import numpy as np, pandas as pd
from models.learning.artifact import load
folder = Path(sys.argv[1])
model = load(folder / "model")
frame = pd.read_parquet(folder / "rows.parquet")
np.save(folder / "probability.npy", model.probability(frame))
if model.curve:
    np.save(folder / "days_late.npy", model.days_late(frame))
print(model.version)
"""


@pytest.mark.slow
@pytest.mark.parametrize("target", ["late", "default"])
def test_a_model_read_in_a_fresh_process_answers_to_the_bit(tmp_path: Path, target: str):
    model: FittedModel = getattr(fitted(), target)
    frame = getattr(fitted(), f"{target}_rows").frame.head(400)
    save(model, tmp_path / "model")
    frame.to_parquet(tmp_path / "rows.parquet")
    done = subprocess.run(
        [sys.executable, "-c", READ_BACK, str(tmp_path)], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == model.version
    assert np.array_equal(np.load(tmp_path / "probability.npy"), model.probability(frame))
    if model.curve:
        assert np.array_equal(np.load(tmp_path / "days_late.npy"), model.days_late(frame))


@pytest.mark.parametrize(("target", "trees"), [("late", "curve.txt"), ("trees", "trees_0.txt")])
def test_a_model_is_text_and_json_alone(tmp_path: Path, target: str, trees: str):
    save(getattr(fitted(), target), tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {trees, "model.json"}
    for path in tmp_path.iterdir():
        path.read_text(encoding="utf-8")


@pytest.mark.parametrize("target", ["late", "default"])
def test_a_model_saved_again_after_reading_is_the_same_bytes(tmp_path: Path, target: str):
    save(getattr(fitted(), target), tmp_path / "one")
    save(load(tmp_path / "one"), tmp_path / "two")
    for path in (tmp_path / "one").iterdir():
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes()


def change(folder: Path, **values: object) -> None:
    path = folder / "model.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **values}))


@pytest.mark.parametrize(
    "changed",
    [
        {"calibration": {"slope": 9.0, "intercept": 0.0}},
        {"target": "default12"},
        {"features": sorted(SIGNS)},
    ],
    ids=lambda changed: next(iter(changed)),
)
def test_a_description_changed_afterwards_is_refused(tmp_path: Path, changed: dict[str, object]):
    save(fitted().late, tmp_path)
    change(tmp_path, **changed)
    with pytest.raises(ModelError, match="changed after it was written"):
        load(tmp_path)


@pytest.mark.parametrize(("target", "name"), [("late", "curve.txt"), ("trees", "trees_0.txt")])
def test_a_tree_changed_afterwards_is_refused(tmp_path: Path, target: str, name: str):
    save(getattr(fitted(), target), tmp_path)
    lines = (tmp_path / name).read_text().splitlines(keepends=True)
    place = next(i for i, line in enumerate(lines) if line.startswith("leaf_value="))
    first, *rest = lines[place].removeprefix("leaf_value=").split(" ")
    lines[place] = "leaf_value=" + " ".join([f"{float(first) + 0.25:.17g}", *rest])
    # LightGBM itself may notice, for it keeps each tree's length.
    (tmp_path / name).write_text("".join(line for line in lines if not line.startswith("tree_sizes=")))
    with pytest.raises(ModelError):
        load(tmp_path)


def test_another_model_than_the_one_registered_is_refused_before_its_trees_are_read(tmp_path: Path):
    # Half a text under its own right hash: LightGBM would abort the whole process over it.
    save(fitted().late, tmp_path)
    text = (tmp_path / "curve.txt").read_text()[:200]
    (tmp_path / "curve.txt").write_text(text)
    described = json.loads((tmp_path / "model.json").read_text())
    change(tmp_path, version=_version(described, {"curve.txt": text}))
    with pytest.raises(ModelError, match=f"and {fitted().late.version} is registered"):
        load(tmp_path, fitted().late.version)


@pytest.mark.parametrize("damaged", [b"", b"tree\n", b"\xff\xfe", b"\0" * 64])
def test_a_damaged_text_is_refused_by_its_hash(tmp_path: Path, damaged: bytes):
    save(fitted().late, tmp_path)
    (tmp_path / "curve.txt").write_bytes(damaged)
    with pytest.raises(ModelError):
        load(tmp_path, fitted().late.version)


@pytest.mark.parametrize(
    ("target", "name"), [("late", "model.json"), ("late", "curve.txt"), ("trees", "trees_0.txt")]
)
def test_a_folder_that_lacks_a_file_holds_no_model(tmp_path: Path, target: str, name: str):
    save(getattr(fitted(), target), tmp_path)
    (tmp_path / name).unlink()
    with pytest.raises(ModelError):
        load(tmp_path)


@pytest.mark.parametrize(
    "changed",
    [
        {"habit_weight": 0.9},
        {"levels": [0.0] * len(ANCHORS)},
        {"columns": ["curve_DAYS", "days_asked"]},
        {"tree_weight": 0.01},
        {"read_at": [0.1, 0.5, 0.99]},
    ],
    ids=lambda changed: next(iter(changed)),
)
def test_a_curve_changed_afterwards_is_refused(tmp_path: Path, changed: dict[str, object]):
    save(fitted().late, tmp_path)
    curve = json.loads((tmp_path / "model.json").read_text())["curve"]
    assert curve.keys() >= changed.keys()
    change(tmp_path, curve={**curve, **changed})
    with pytest.raises(ModelError, match="changed after it was written"):
        load(tmp_path)


@pytest.mark.parametrize("name", ["simple", "trees", "start"])
def test_a_model_changed_afterwards_is_refused(tmp_path: Path, name: str):
    model = fitted().trees
    line = Line("habit", model.features[0], 0.5, 1.0)
    save(replace(model, additive=replace(model.additive, simple=(line,))), tmp_path)
    additive = json.loads((tmp_path / "model.json").read_text())["ladder"]
    changed = {
        "simple": [{**additive["simple"][0], "centre": 2.0}],
        "trees": [{**additive["trees"][0], "weight": 0.5}],
        "start": 0.25,
    }
    change(tmp_path, additive={**additive, name: changed[name]})
    with pytest.raises(ModelError, match="changed after it was written"):
        load(tmp_path)


def test_a_curve_of_other_anchors_is_refused(tmp_path: Path):
    save(fitted().late, tmp_path)
    description = json.loads((tmp_path / "model.json").read_text())
    description["curve"]["anchors"] = [0, 30]
    texts = {"curve.txt": (tmp_path / "curve.txt").read_bytes().decode()}
    description["version"] = _version(description, texts)
    (tmp_path / "model.json").write_text(json.dumps(description))
    with pytest.raises(ModelError, match="has anchors"):
        load(tmp_path)


def test_a_model_of_every_kind_of_component_comes_back_and_answers_to_the_bit(tmp_path: Path):
    model, frame = fitted().default, fitted().default_rows.frame.head(100)
    one, other = model.features[:2]
    additive = replace(
        model.additive,
        start=-0.5,
        simple=(Line("public", one, 0.25, 2.0), Steps("public", other, (0.0, 1.0), (-0.1, 0.0, 0.3), 0.05)),
    )
    rich = replace(model, additive=additive)
    save(rich, tmp_path)
    again = load(tmp_path)
    assert again.version == rich.version != model.version
    assert again.additive.simple == additive.simple
    assert np.array_equal(again.margin(frame), rich.margin(frame))
    assert np.array_equal(again.contributions(frame)[0], rich.contributions(frame)[0])


def test_a_curve_without_trees_is_a_description_alone(tmp_path: Path):
    model = FittedModel.of_curve("late30", DelayCurve(1.0, (0.0,) * len(ANCHORS)), fitted().late.calibration)
    frame = fitted().late_rows.frame.head(50)
    save(model, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["model.json"]
    again = load(tmp_path)
    assert again.version == model.version
    assert np.array_equal(again.probability(frame), model.probability(frame))
    assert np.array_equal(again.days_late(frame), model.days_late(frame))


def test_another_format_is_named(tmp_path: Path):
    save(fitted().default, tmp_path)
    change(tmp_path, format=99)
    with pytest.raises(ModelError, match="format 99"):
        load(tmp_path)


def test_facts_change_no_version():
    model = fitted().late
    told = with_facts(model, cut="2026-09-01")
    assert told.version == model.version
    assert told.facts["cut"] == "2026-09-01"
    assert "cut" not in model.facts


def test_another_calibration_is_another_version():
    model = fitted().default
    other = replace(model, calibration=replace(model.calibration, intercept=0.123))
    assert other.version != model.version


@pytest.mark.parametrize("target", ["late", "default"])
def test_contributions_and_the_base_add_up_to_the_margin(target: str):
    model: FittedModel = getattr(fitted(), target)
    frame = getattr(fitted(), f"{target}_rows").frame
    shap, base = model.contributions(frame)
    assert shap.shape == (len(frame), len(model.features))
    assert np.abs(shap.sum(axis=1) + base - model.margin(frame)).max() < 1e-9


def test_contributions_of_trees_alone_are_lightgbm_s_own_without_asking_it():
    model, frame = fitted().trees, fitted().trees_rows.frame
    shap, base = model.contributions(frame)
    (trees,) = model.additive.trees
    theirs = trees.booster.predict(model.matrix(frame), pred_contrib=True)
    assert trees.explainer.get().exact_by == "treeshap"
    assert np.abs(shap - theirs[:, :-1]).max() < 1e-5
    assert np.abs(base - theirs[:, -1]).max() < 1e-9


def test_a_margin_of_late_payment_is_level_own_curve_and_what_lightgbm_says_of_the_target_s_days():
    model, frame = fitted().late, fitted().late_rows.frame
    curve, (trees,) = model.curve, model.additive.trees
    asked = frame.assign(days_asked=30.0).rename(columns=lambda name: re.sub(r"_30$", "_DAYS", name))
    said = trees.booster.predict(asked[list(curve.columns)].to_numpy(np.float64), raw_score=True)
    place = ANCHORS.index(30)
    expected = curve.levels[place] + curve.habit_weight * frame["curve_30"] + curve.tree_weight * said
    assert trees.explainer.get().exact_by == "treeshap"
    assert np.abs(model.margin(frame) - expected).max() < 1e-12


def test_a_model_changed_in_part_explains_what_it_then_holds():
    model = fitted().trees
    frame = fitted().trees_rows.frame.head(20)
    model.contributions(frame)
    other = replace(model, additive=replace(model.additive, start=0.5))
    assert np.array_equal(other.contributions(frame)[0], model.contributions(frame)[0])
    assert np.array_equal(other.contributions(frame)[1], model.contributions(frame)[1] + 0.5)


@settings(max_examples=40, deadline=None)
@given(data=st.data(), target=st.sampled_from(["late", "default"]))
def test_raising_an_input_that_raises_risk_never_lowers_the_probability(data: st.DataObject, target: str):
    model: FittedModel = getattr(fitted(), target)
    frame = getattr(fitted(), f"{target}_rows").frame
    signed = [name for name in model.features if SIGNS[name]]
    name = data.draw(st.sampled_from(signed))
    row = frame.iloc[[data.draw(st.integers(0, len(frame) - 1))]]
    known = frame[name].dropna()
    low, high = sorted(data.draw(st.tuples(*[st.floats(float(known.min()), float(known.max()))] * 2)))
    at_low, at_high = (float(model.probability(row.assign(**{name: value}))[0]) for value in (low, high))
    assert (at_high - at_low) * SIGNS[name] >= -1e-12


def test_a_missing_column_is_named():
    model = fitted().default
    with pytest.raises(ModelError, match=model.features[0]):
        model.margin(fitted().default_rows.frame.drop(columns=model.features[0]))


def test_columns_may_come_in_any_order_with_others_beside():
    model, frame = fitted().default, fitted().default_rows.frame.head(50)
    turned = frame[frame.columns[::-1]].assign(other=1.0)
    assert np.array_equal(model.margin(turned), model.margin(frame))


def test_a_model_of_default_knows_no_days_late():
    with pytest.raises(ModelError, match="knows no days late"):
        fitted().default.days_late(fitted().late_rows.frame)


def test_a_model_of_default_reads_no_invoice():
    assert set(fitted().default.features) <= {feature.name for feature in CUSTOMER_FEATURES}
