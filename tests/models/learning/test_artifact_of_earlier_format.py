"""Models saved in the earlier format, trees alone: read, replayed, refused where changed."""

import hashlib
import json
from pathlib import Path

import numpy as np
import pytest
from lightgbm import Booster

from models.errors import ModelError
from models.learning.artifact import load, save
from models.learning.boosting import load_lightgbm
from models.learning.days_late import AT_ISSUE, MOMENTS, SHARES, days_late
from tests.models.fitted import fitted
from tests.models.learning.test_artifact import change

ABOUT = {"late30": {"slope": 0.9, "intercept": -0.25}, "default12": {"slope": 1.1, "intercept": 0.5}}
KNOWN = ["alike_p10", "alike_median", "alike_p90", "days_past_due", "invoice_age_days", "amount_eur"]


def write_format_3(folder: Path, target: str) -> tuple[str, dict[str, Booster]]:
    """Write a model as the earlier format had it, by hand; return its version and its boosters by file."""
    folder.mkdir()
    names = KNOWN if target == "late30" else list(fitted().default.features[:6])
    frame = (fitted().late_rows if target == "late30" else fitted().default_rows).frame
    lightgbm, matrix = load_lightgbm(), frame[names].to_numpy(np.float64)
    shares = SHARES if target == "late30" else ()
    delays = [
        {"moment": moment, "share": share, "otherwise": 10.0 * share, "shift": 0.5 * share}
        for moment in MOMENTS
        for share in shares
    ]
    files = ["classifier.txt"]
    files += [f"days_late_{one['moment']}_p{round(one['share'] * 100):02d}.txt" for one in delays]
    boosters = {}
    for seed, name in enumerate(files):
        outcome = np.random.default_rng(seed).random(len(matrix)) + 0.01 * np.nan_to_num(matrix[:, 0])
        wanted = {"objective": "regression", "num_leaves": 4, "num_threads": 1, "verbose": -1}
        text = lightgbm.train(wanted, lightgbm.Dataset(matrix, outcome), 3).model_to_string()
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
        boosters[name] = lightgbm.Booster(model_str=text)
    calibration = {**ABOUT[target], "offsets": [], "covariance": []}
    digest = hashlib.sha256(json.dumps([target, names, calibration, delays]).encode())
    for name in sorted(files):
        digest.update(name.encode() + (folder / name).read_bytes())
    version = digest.hexdigest()[:12]
    description = {
        "format": 3,
        "target": target,
        "features": names,
        "calibration": calibration,
        "delays": delays,
        "version": version,
        "facts": {"cut": "2026-01-01"},
    }
    (folder / "model.json").write_text(json.dumps(description, indent=1) + "\n", encoding="utf-8")
    return version, boosters


@pytest.mark.parametrize("target", ["late30", "default12"])
def test_a_model_of_the_earlier_format_keeps_its_version_and_gives_lightgbm_s_margins(
    tmp_path: Path, target: str
):
    version, boosters = write_format_3(tmp_path / "old", target)
    model = load(tmp_path / "old")
    frame = (fitted().late_rows if target == "late30" else fitted().default_rows).frame.head(300)
    raw = boosters["classifier.txt"].predict(frame[list(model.features)].to_numpy(), raw_score=True)
    assert (model.version, model.target, model.facts) == (version, target, {"cut": "2026-01-01"})
    assert np.array_equal(model.margin(frame), raw)
    wanted = 1 / (1 + np.exp(-(ABOUT[target]["slope"] * raw + ABOUT[target]["intercept"])))
    assert np.allclose(model.probability(frame), wanted, rtol=1e-14)
    shap, base = model.contributions(frame)
    theirs = boosters["classifier.txt"].predict(
        frame[list(model.features)].to_numpy(np.float64), pred_contrib=True
    )
    assert np.abs(shap - theirs[:, :-1]).max() < 1e-5
    assert np.abs(base - theirs[:, -1]).max() < 1e-9


def test_a_model_of_the_earlier_format_tells_days_late_by_its_trees_of_each_moment(tmp_path: Path):
    _, boosters = write_format_3(tmp_path / "old", "late30")
    model, frame = load(tmp_path / "old"), fitted().late_rows.frame.head(300)
    assert set(KNOWN) == set(model.read)
    found = model.days_late(frame)
    assert np.array_equal(found, days_late(model.delays, frame, frame[KNOWN].to_numpy(np.float64)))
    for trees in model.delays:
        name = f"days_late_{trees.moment}_p{round(trees.share * 100)}.txt"
        assert trees.booster.model_to_string() == boosters[name].model_to_string()
    # P90 at issue by hand: half the habit, what the trees add, and the shift, never before today.
    rows = frame[(frame["invoice_age_days"] <= 0) & frame["alike_p90"].notna()]
    said = boosters[f"days_late_{AT_ISSUE}_p90.txt"].predict(rows[KNOWN].to_numpy(np.float64))
    assert len(rows) > 20
    expected = 0.5 * rows["alike_p90"].to_numpy() + said + 0.45
    assert (model.days_late(rows)[:, 2] >= np.maximum(expected, rows["days_past_due"]) - 1e-9).all()


@pytest.mark.parametrize("target", ["late30", "default12"])
def test_a_model_of_the_earlier_format_changed_afterwards_is_refused(tmp_path: Path, target: str):
    write_format_3(tmp_path / "old", target)
    change(tmp_path / "old", calibration={"slope": 2.0, "intercept": 0.0, "offsets": [], "covariance": []})
    with pytest.raises(ModelError, match="changed after it was written"):
        load(tmp_path / "old")


def test_a_shift_of_the_earlier_format_changed_afterwards_is_refused(tmp_path: Path):
    write_format_3(tmp_path / "old", "late30")
    delays = json.loads((tmp_path / "old" / "model.json").read_text())["delays"]
    change(tmp_path / "old", delays=[{**delays[0], "shift": 40.0}, *delays[1:]])
    with pytest.raises(ModelError, match="changed after it was written"):
        load(tmp_path / "old")


def test_a_file_of_the_earlier_format_that_is_missing_leaves_no_model(tmp_path: Path):
    write_format_3(tmp_path / "old", "late30")
    (tmp_path / "old" / "days_late_open_p50.txt").unlink()
    with pytest.raises(ModelError, match="holds no readable model"):
        load(tmp_path / "old")


def test_days_late_of_the_earlier_format_saved_again_keep_its_version(tmp_path: Path):
    version, _ = write_format_3(tmp_path / "old", "late30")
    save(load(tmp_path / "old"), tmp_path / "again")
    assert load(tmp_path / "again").version == version


def test_trees_alone_of_the_earlier_format_saved_again_are_of_the_present_one_and_answer_the_same(
    tmp_path: Path,
):
    version, _ = write_format_3(tmp_path / "old", "default12")
    frame, old = fitted().default_rows.frame.head(50), load(tmp_path / "old")
    save(old, tmp_path / "again")
    again = load(tmp_path / "again")
    assert again.version != version
    assert np.array_equal(again.probability(frame), old.probability(frame))
