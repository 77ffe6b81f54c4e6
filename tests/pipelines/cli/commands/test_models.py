"""Commands about models say what the gate says, end with 2 where it refuses, and enter who did it."""

import getpass
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from models.learning.registry import Registry, TrialRun
from models.ledger.files import write_ledger
from models.policy.document import load_policy
from pipelines.cli.console import models as console_models
from pipelines.training.params import load_params
from pipelines.training.row_files import save_rows
from pipelines.training.tune import Tuning
from serving.store import Promotion, open_store
from tests.models.fitted import fitted
from tests.models.policy.test_document import written
from tests.pipelines.fake_models import FakeModels, a_period, backwards


@pytest.fixture
def models(place: Path, monkeypatch: pytest.MonkeyPatch) -> FakeModels:
    """Two versions of equal worth and a third that ranks backwards."""
    made = FakeModels(place / "registry")
    rows, truth = a_period()
    for probability in (truth, truth, backwards(truth)):
        made.add(rows, probability)
    monkeypatch.setattr("models.learning.registry.Registry", lambda: made)
    return made


def history(place: Path) -> list[Promotion]:
    store = open_store(f"sqlite:///{place}/data/encours.db")
    entries = store.promotions()
    store.close()
    return list(entries)


def words(text: str) -> str:
    return " ".join(text.split())


def test_a_promotion_shows_its_checks_and_euros_and_enters_who_and_why(place: Path, run, models: FakeModels):
    done = run("promote", "default", "--version", "1", "--by", "anne", "--reason", "first model")
    assert done.code == 0, done.err
    shown = words(done.out)
    assert "default12: passed (no version answered before: the floors decide)" in shown
    assert "evidence" in shown
    assert "accept everybody" in shown
    assert "version 1 of default12 answers from now on" in shown
    (entry,) = history(place)
    assert (entry.action, entry.who, entry.reason) == ("promoted", "anne", "first model")
    assert models.champion == 1


def test_a_refusal_ends_with_2_and_one_line_of_reasons_and_is_entered(place: Path, run, models: FakeModels):
    run("promote", "default", "--version", "1", "--by", "anne")
    done = run("promote", "default", "--by", "bruno")
    assert done.code == 2
    assert len(done.err.strip().splitlines()) == 1
    assert "version 3 of default12 is refused: AUC" in done.err
    assert "the bar is at least 0.65" in done.err
    assert "with version 1 on 600 questions" in words(done.out)
    assert models.champion == 1
    assert [(e.action, e.who) for e in history(place)] == [("promoted", "anne"), ("refused", "bruno")]


def test_without_a_name_the_systems_user_did_it_and_where_there_is_none_nobody_known(
    place: Path, run, models: FakeModels, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(getpass, "getuser", lambda: "dora")
    run("promote", "default", "--version", "1")

    def nobody() -> str:
        raise OSError("no such user")

    monkeypatch.setattr(getpass, "getuser", nobody)
    run("promote", "default", "--version", "2")
    assert [entry.who for entry in history(place)] == ["dora", "unknown"]


def test_a_second_person_is_needed_where_the_policy_says_so(
    place: Path, run, models: FakeModels, monkeypatch: pytest.MonkeyPatch
):
    path = written(place, ("two_persons = false", "two_persons = true"))
    assert load_policy(path).gate.two_persons
    monkeypatch.setenv("ENCOURS_POLICY_PATH", str(path))
    asked = run("promote", "default", "--version", "1", "--by", "anne")
    assert asked.code == 0
    assert "waits for a second person" in words(asked.out)
    same = run("promote", "default", "--version", "1", "--by", "Anne")
    assert same.code == 2
    assert "demandée par anne" in same.err
    assert models.champion is None
    done = run("promote", "default", "--version", "1", "--by", "bruno")
    assert done.code == 0
    assert models.champion == 1
    assert "anne, bruno" in words(run("models", "--history").out)


def test_a_rollback_is_told_entered_and_refused_where_nothing_answered_before(
    place: Path, run, models: FakeModels
):
    assert run("rollback", "default", "--reason", "x").code == 2
    run("promote", "default", "--version", "1")
    run("promote", "default", "--version", "2")
    missing = run("rollback", "default")
    assert (missing.code, "--reason TEXT" in missing.err) == (2, True)
    done = run("rollback", "default", "--by", "anne", "--reason", "limits fell")
    assert done.code == 0
    assert "version 1 of default12 answers again, in place of version 2" in words(done.out)
    both = run("rollback", "--reason", "again")
    assert both.code == 2
    assert "no promotion of late30 is in the history" in both.err
    assert "version 1 is the first of default12" in both.err
    shown = words(run("models", "--history").out)
    assert "anne 2 limits" in shown


def test_a_rollback_of_both_goes_back_where_it_can_and_says_where_it_cannot(
    place: Path, run, models: FakeModels
):
    run("promote", "default", "--version", "1")
    run("promote", "default", "--version", "2")
    done = run("rollback", "--reason", "all wrong")
    assert done.code == 0
    assert "version 1 of default12 answers again" in words(done.out)
    assert "no promotion of late30" in words(done.out)


@pytest.mark.parametrize(
    ("command", "told"),
    [
        (("promote", "--version", "1"), "--version is of one target"),
        (("promote", "default", "--version", "9"), "pas de version 9"),
        (("promote", "lateness"), "late, default"),
        (("promote", "default", "--by", " "), "--by NOM"),
        (("rollback", "lateness", "--reason", "x"), "late, default"),
    ],
)
def test_what_cannot_be_done_is_refused_in_words(
    place: Path, run, models: FakeModels, command: tuple[str, ...], told: str
):
    done = run(*command)
    assert done.code == 2
    assert told in done.err


def test_an_empty_history_is_said(place: Path, run, models: FakeModels):
    assert "no version was promoted yet" in run("models", "--history").out


@pytest.mark.slow
def test_versions_in_mlflow_are_judged_promoted_listed_and_gone_back_to(place: Path, run):
    made_up, truth = a_period()
    rows = replace(fitted().default_rows.take(np.arange(600)), label=made_up.label, owner=made_up.owner)
    save_rows(rows, place / "rows/test.parquet", answers={"probability": truth})
    model, example = fitted().default, fitted().default_rows.frame
    for seed in (1, 2):
        measured = {"test.auc": 0.7 + seed / 100, "test.calibration_error": 0.01}
        Registry().record(model, example, {"seed": seed}, measured, {"rows": place / "rows"})
    assert run("promote", "default", "--version", "1").code == 0
    second = run("promote", "default")
    assert second.code == 0, second.err
    assert "with version 1 on 600 questions in both test periods" in words(second.out)
    assert run("rollback", "default", "--reason", "back").code == 0
    listed = words(run("models").out)
    assert "0.7200" in listed
    assert "0.7100 0.0100 champion" in listed
    assert np.isclose(Registry().metrics(Registry().versions("default12")[0])["test.auc"], 0.72)


@pytest.mark.parametrize(
    ("command", "told"),
    [
        (("train", "late", "--tune", "ten"), "90s, 10m or 1h"),
        (("train", "late", "--write-params"), "give --tune too"),
        (("train", "lateness", "--tune", "1s", "--rows", "rows.parquet"), "late, default"),
    ],
)
def test_a_search_that_cannot_begin_is_refused_in_words(
    place: Path, run, command: tuple[str, ...], told: str
):
    save_rows(fitted().default_rows.take(np.arange(9)), place / "rows.parquet")
    done = run(*command)
    assert done.code == 2
    assert told in done.err
    assert not (place / "data").exists()


@pytest.mark.slow
def test_a_search_changes_what_is_trained_with_and_is_kept_with_the_version(place: Path, run):
    save_rows(fitted().late_rows, place / "rows.parquet", "ours")
    small = "late:\n  learning_rate: 1.0e-05  # far too slow\n  max_rounds: 9\n  rounds: 9\n"
    (place / "params.yaml").write_text(small)
    done = run("train", "late", "--rows", "rows.parquet", "--tune-trials", "3", "--write-params")
    assert done.code == 0, done.err
    assert "changed: the best of 2 other sets" in words(done.out)
    written = load_params(place / "params.yaml").late
    assert written.learning_rate > 0.001
    assert "# far too slow" in (place / "params.yaml").read_text()
    registry = Registry()
    (version,) = registry.versions("late30")
    assert registry.load(version).facts["parameters"]["learning_rate"] == written.learning_rate
    with registry._mlflow() as (_, client):
        parent = client.get_run(version.run_id)
        children = client.search_runs(
            [parent.info.experiment_id], f"tags.mlflow.parentRunId = '{version.run_id}'"
        )
    assert parent.data.params["num_leaves"] == str(written.num_leaves)
    assert len(children) == 3
    best = min(children, key=lambda run: run.data.metrics["log_loss"])
    assert best.data.params["learning_rate"] == str(written.learning_rate)


def test_what_a_search_chose_is_told_as_lines_to_paste(capsys: pytest.CaptureFixture[str]):
    runs = (TrialRun(0, "complete", {}, 0.2, 0, 1.0), TrialRun(1, "pruned", {}, None, 0, 1.0))
    found = Tuning("late30", {"num_leaves": 9}, "changed: so it is", 0.2, 0.1, 0.01, runs, interrupted=True)
    console_models.tuned(found, "late", None)
    told = capsys.readouterr().out
    assert "ended by hand" in told
    assert "late30, trials so far: 1 complete, 1 pruned" in words(told)
    assert told.endswith("late:\n  num_leaves: 9\n")
    console_models.tuned(replace(found, chosen={}, words="defaults kept: so it is"), "late", None)
    assert "paste" not in capsys.readouterr().out


@pytest.mark.slow
def test_features_train_and_report_one_after_the_other(place: Path, run, monkeypatch: pytest.MonkeyPatch):
    write_ledger(fitted().ledger, place / "ledger")
    (place / "params.yaml").write_text(
        "late: {most_rows: 3000, max_rounds: 30, rounds: 10, num_leaves: 7, max_depth: 3}\n"
        "default: {most_rows: 6000, max_rounds: 30, num_leaves: 7, max_depth: 3, every_months: 2}\n"
    )
    for target in ("late", "default"):
        rows = f"{target}.parquet"
        made = run("features", target, "--ledger", "ledger", "--out", rows)
        assert made.code == 0, made.err
        done = run("train", target, "--rows", rows)
        assert done.code == 0, done.err
        assert "report: " in done.out
        assert "report/report.fr.html" in "".join(done.out.split())
    done = run("report", "--models", "data/models", "--out", "pages")
    assert done.code == 0, done.err
    page = (place / "pages" / "default.en.html").read_text(encoding="utf-8")
    assert "all equal to the bit" in page
    assert "version in charge" not in page
    monkeypatch.setattr("models.learning.registry.Registry", lambda: FakeModels(place / "registry"))
    assert run("report", "--models", "data/models", "--out", "pages", "--champion").code == 0
    page = (place / "pages" / "default.en.html").read_text(encoding="utf-8")
    assert "Not compared with the version in charge" in page
