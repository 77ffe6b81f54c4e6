import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.artifact import FittedModel, load, save, with_facts
from models.errors import ModelError
from models.features.build import CUSTOMER_FEATURES, INVOICE_FEATURES
from tests.models.fitted import fitted

SIGNS = {feature.name: feature.sign for feature in INVOICE_FEATURES}

READ_BACK = """
import sys
from pathlib import Path
import numpy as np, pandas as pd
from models.artifact import load
folder = Path(sys.argv[1])
model = load(folder / "model")
frame = pd.read_parquet(folder / "rows.parquet")
np.save(folder / "probability.npy", model.probability(frame))
if model.delays:
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
    if model.delays:
        assert np.array_equal(np.load(tmp_path / "days_late.npy"), model.days_late(frame))


def test_a_model_is_text_and_json_alone(tmp_path: Path):
    save(fitted().late, tmp_path)
    names = sorted(path.name for path in tmp_path.iterdir())
    delays = [f"days_late_{moment}_p{share}.txt" for moment in ("at_issue", "open") for share in (10, 50, 90)]
    assert names == ["classifier.txt", *delays, "model.json"]
    for path in tmp_path.iterdir():
        path.read_text(encoding="utf-8")


def test_a_model_saved_again_after_reading_is_the_same_bytes(tmp_path: Path):
    save(fitted().late, tmp_path / "one")
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


@pytest.mark.parametrize("name", ["classifier.txt", "days_late_open_p90.txt"])
def test_a_tree_changed_afterwards_is_refused(tmp_path: Path, name: str):
    save(fitted().late, tmp_path)
    lines = (tmp_path / name).read_text().splitlines(keepends=True)
    place = next(i for i, line in enumerate(lines) if line.startswith("leaf_value="))
    first, *rest = lines[place].removeprefix("leaf_value=").split(" ")
    lines[place] = "leaf_value=" + " ".join([f"{float(first) + 0.25:.17g}", *rest])
    # LightGBM itself may notice, for it keeps each tree's length.
    (tmp_path / name).write_text("".join(line for line in lines if not line.startswith("tree_sizes=")))
    with pytest.raises(ModelError):
        load(tmp_path)


@pytest.mark.parametrize("name", ["model.json", "classifier.txt", "days_late_at_issue_p50.txt"])
def test_a_folder_that_lacks_a_file_holds_no_model(tmp_path: Path, name: str):
    save(fitted().late, tmp_path)
    (tmp_path / name).unlink()
    with pytest.raises(ModelError):
        load(tmp_path)


def test_a_shift_changed_afterwards_is_refused(tmp_path: Path):
    save(fitted().late, tmp_path)
    delays = json.loads((tmp_path / "model.json").read_text())["delays"]
    change(tmp_path, delays=[{**delays[0], "shift": 40.0}, *delays[1:]])
    with pytest.raises(ModelError, match="changed after it was written"):
        load(tmp_path)


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


@pytest.mark.parametrize("target", ["late", "default"])
def test_contributions_are_lightgbm_s_own_without_asking_it(target: str):
    model: FittedModel = getattr(fitted(), target)
    frame = getattr(fitted(), f"{target}_rows").frame
    shap, base = model.contributions(frame)
    theirs = model.booster.predict(model.matrix(frame), pred_contrib=True)
    assert model.explainer.get().exact_by == "treeshap"
    assert np.abs(shap - theirs[:, :-1]).max() < 1e-5
    assert np.abs(base - theirs[:, -1]).max() < 1e-9


def test_a_model_changed_in_part_explains_what_it_then_holds():
    model = fitted().late
    model.contributions(fitted().late_rows.frame.head(1))
    other = replace(model, booster=fitted().default.booster, features=fitted().default.features)
    frame = fitted().default_rows.frame.head(20)
    assert np.array_equal(other.contributions(frame)[0], fitted().default.contributions(frame)[0])


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
