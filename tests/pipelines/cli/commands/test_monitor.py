"""`encours monitor` ends with what a scheduler acts on: 0 nothing to do, 4 retraining is due, 2 refused."""

import json
from pathlib import Path

import pytest

from models.ledger.files import write_ledger
from tests.models.fitted import fitted
from tests.pipelines.monitoring.builders import Kept, a_registry

BEARS_ALL = (
    "monitor: {score_psi: 9, drift_psi: 9, drifted_share: 1, gap_share: 9, age_days: 9999, draws: 50, "
    "most_rows: 2000, cases: 2000}\n"
)


@pytest.fixture
def registry(place: Path, monkeypatch: pytest.MonkeyPatch) -> Kept:
    """Champions in an empty folder, with a ledger where the command looks for it."""
    made = a_registry(place / "registry")
    monkeypatch.setattr("models.learning.registry.Registry", lambda: made)
    write_ledger(fitted().ledger, place / "data/ledger")
    return made


def words(text: str) -> str:
    return " ".join(text.split())


def test_where_nothing_is_past_its_bar_the_command_ends_with_0(place: Path, run, registry: Kept):
    (place / "params.yaml").write_text(BEARS_ALL)
    done = run("monitor")
    assert done.code == 0, done.err
    assert "nothing calls for retraining" in done.out
    assert "late30: version 3, learnt until 2025-06" in words(done.out)
    assert {path.name for path in (place / "data/monitoring").iterdir()} == {
        "report.html",
        "monitoring.json",
        "encours.prom",
    }


def test_where_retraining_is_due_it_ends_with_4_and_says_why(place: Path, run, registry: Kept):
    (place / "params.yaml").write_text(BEARS_ALL.replace("age_days: 9999", "age_days: 30"))
    done = run("monitor", "--out", "watch", "--as-of", "2026-08-31")
    assert done.code == 4
    assert "retraining is due" in done.out
    assert "late30: What the model knows ends" in done.out
    told = json.loads((place / "watch/monitoring.json").read_text(encoding="utf-8"))
    assert told["as_of"] == "2026-08-31"
    assert told["retraining_due"] is True
    assert {alert["code"] for alert in told["alerts"] if alert["retraining_due"]} == {"age"}
    assert "Il faut réentraîner." in (place / "watch/report.html").read_text(encoding="utf-8")
    assert 'encours_retraining_due{target="late30"} 1.0' in (place / "watch/encours.prom").read_text()


def test_without_a_champion_it_ends_with_2_and_one_line_that_says_what_to_do(
    place: Path, run, registry: Kept
):
    registry.models.pop("default12")
    done = run("monitor")
    assert done.code == 2
    assert len(done.err.strip().splitlines()) == 1
    assert "aucun modèle n'est en service pour default12" in done.err
    assert "encours promote default" in done.err
    assert not (place / "data/monitoring").exists()


def test_a_day_before_the_champion_had_learnt_is_refused(place: Path, run, registry: Kept):
    done = run("monitor", "--as-of", "2025-01-31")
    assert done.code == 2
    assert "donnez un --as-of postérieur" in done.err
