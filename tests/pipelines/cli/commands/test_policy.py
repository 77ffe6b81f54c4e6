import json
from collections.abc import Callable
from pathlib import Path

import models.policy.document
from serving.store import PackedPartition, open_store
from tests.models.policy.builders import a_case
from tests.pipelines.conftest import Done
from tests.serving.store.builders import a_customer, a_key

TEXT = Path(models.policy.document.__file__).with_name("policy.toml").read_text(encoding="utf-8")


def written(place: Path, name: str, *changes: tuple[str, str]) -> str:
    text = TEXT
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    (place / name).write_text(text, encoding="utf-8")
    return name


def publish(place: Path) -> None:
    """Publish three customers in the store that the commands open by default."""
    (place / "data").mkdir()
    store = open_store("sqlite:///data/encours.db")
    run = store.begin_run(a_key())
    rows = []
    for number, net_worth in enumerate((80_000.0, 40_000.0, 10_000.0)):
        case = a_case(net_worth_eur=net_worth, open_eur=9_000.0)
        answer = {"party": {"name": f"Client {number}"}, "case": case.document()}
        rows.append(a_customer(f"C{number}", assessment=answer))
    store.write_partition(run.run_id, 0, PackedPartition.of(rows, []))
    store.publish(run.run_id, {})
    store.close()


def test_a_valid_policy_is_said_to_be_one(run: Callable[..., Done], place: Path):
    done = run("policy", "check", written(place, "mine.toml"))
    assert done.code == 0
    assert "politique 2026.12 valable" in done.out


def test_every_fault_is_printed_with_its_line(run: Callable[..., Done], place: Path):
    name = written(place, "mine.toml", ("B = 0.35", "B = 1.4"), ("step_eur = 100.0", "step_eur = 0"))
    done = run("policy", "check", name, "--lang", "en")
    assert done.code == 2
    lines = (place / name).read_text(encoding="utf-8").splitlines()
    at = [lines.index(text) + 1 for text in ("B = 1.4", "step_eur = 0")]
    first, second, count = done.out.splitlines()
    assert first.startswith(f"mine.toml:{at[0]}: capacity.net_worth_share.B: got 1.4; allowed")
    assert second.startswith(f"mine.toml:{at[1]}: limit.step_eur: got 0; allowed")
    assert count == "2 to correct"


def test_what_is_no_toml_is_one_line(run: Callable[..., Done], place: Path):
    (place / "mine.toml").write_text("version = \n", encoding="utf-8")
    done = run("policy", "check", "mine.toml")
    assert done.code == 2
    assert "line 1" in done.err


def test_the_policy_in_force_is_shown_by_grade(run: Callable[..., Done], place: Path):
    done = run("policy", "show")
    assert done.code == 0
    bands = next(line for line in done.out.splitlines() if "pd_grades" in line)
    assert bands.split() == ["pd_grades", "0,005", "0,015", "0,04", "0,3"]


def test_two_policies_are_compared_on_last_nights_portfolio(run: Callable[..., Done], place: Path):
    publish(place)
    names = [
        written(place, "old.toml"),
        written(place, "new.toml", ("budget_eur = 2_500.0", "budget_eur = 60.0")),
    ]
    done = run("policy", "compare", *names, "--lang", "en", "--out", "changes.json")
    assert done.code == 0, done.err
    assert "3 customers, 2 change grade or limit" in done.out
    assert "28,000 → 10,000" in done.out
    assert "warning: both bear version 2026.12" in done.out
    found = json.loads((place / "changes.json").read_text(encoding="utf-8"))
    assert found["keys"] == ["expected_loss.budget_eur"]
    assert {one["explained_by"] for one in found["changes"]} == {"expected_loss.budget_eur"}
    assert found["before"]["limits_eur"] == 28_000.0 + 14_000.0 + 3_500.0


def test_a_comparison_needs_a_night_and_a_layout_it_knows(run: Callable[..., Done], place: Path):
    name = written(place, "mine.toml")
    assert "encours nightly" in run("policy", "compare", name, name).err
    assert ".csv or .json" in run("policy", "compare", name, name, "--out", "x.pdf").err
