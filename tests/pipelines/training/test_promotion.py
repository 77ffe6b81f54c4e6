"""A version answers after the gate and the second person; all is in the history; one command goes back."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import ModelError, NoChampionError
from models.policy.document import Policy, load_policy
from pipelines.training.promotion import UNJUDGED, PromotionResult, promote, rollback
from serving.store import Promotion, PromotionEntry, Store, open_store
from serving.usecases.champions import answered
from tests.pipelines.fake_models import TARGET, FakeModels, a_period, backwards, reordered

START = dt.datetime(2026, 11, 20, 8, 0, tzinfo=dt.UTC)


@dataclass
class Clock:
    now: dt.datetime = START

    def __call__(self) -> dt.datetime:
        return self.now


@dataclass
class House:
    """A registry, a store and a clock."""

    models: FakeModels
    store: Store
    clock: Clock
    policy: Policy

    def promote(self, number: int | None = None, who: str = "anne", **given: str) -> PromotionResult:
        return promote(self.models, self.store, self.policy, TARGET, number, who, **given)

    def rollback(self, who: str = "anne", reason: str = "too many refusals") -> PromotionResult:
        return rollback(self.models, self.store, TARGET, who, reason)

    def answering(self) -> str | None:
        found = self.store.champion(TARGET)
        return None if found is None else found.model_version

    def actions(self) -> list[tuple[str, int, int | None]]:
        return [(e.action, e.version, e.previous) for e in self.store.promotions(TARGET)]


def rules(**changes: object) -> Policy:
    packaged = load_policy()
    return packaged.revised(gate={"bootstrap": 100} | changes)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    clock = Clock()
    store = open_store(f"sqlite:///{tmp_path}/encours.db", clock)
    made = House(FakeModels(tmp_path / "models"), store, clock, rules())
    rows, truth = a_period()
    for _ in range(3):
        made.models.add(rows, truth)
    yield made
    store.close()


class Killed(BaseException):
    """The process is gone; no one catches it."""


def killed_before_the_alias(house: House, monkeypatch: pytest.MonkeyPatch, again: str = "promote") -> None:
    """Run a command that dies after it has entered the promotion."""

    def die(target: str, number: int) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(house.models, "promote", die)
        with pytest.raises(Killed):
            getattr(house, again)()


def test_the_newest_version_is_promoted_and_entered_with_its_verdict(house: House):
    outcome = house.promote(note="first one")
    assert (outcome.action, outcome.version, house.models.champion) == ("promoted", 3, 3)
    (entry,) = house.store.promotions(TARGET)
    assert (entry.who, entry.second, entry.at, entry.reason) == ("anne", None, START, "first one")
    assert (entry.model_version, entry.previous) == ("hash3", None)
    assert entry.verdict is not None
    assert entry.verdict["outcome"] == "passed"
    assert "floors" in entry.verdict["compared"]


def test_the_next_one_is_compared_with_the_one_that_answers(house: House):
    house.promote(1)
    outcome = house.promote(2)
    assert outcome.verdict is not None
    assert "with version 1 on 600 questions in both test periods" in outcome.verdict.compared
    assert "in place of version 1" in outcome.words
    assert house.actions() == [("promoted", 1, None), ("promoted", 2, 1)]


def test_a_refused_version_is_entered_with_the_reasons_and_does_not_answer(house: House):
    house.promote(1)
    rows, truth = a_period()
    worse = house.models.add(rows, backwards(truth))
    outcome = house.promote()
    assert (outcome.action, house.models.champion) == ("refused", 1)
    assert "AUC" in outcome.words
    assert house.actions()[-1] == ("refused", worse, 1)


def test_where_nothing_is_common_the_floors_decide_and_the_verdict_says_so(house: House):
    house.promote(1)
    rows, truth = a_period(seed=5)
    house.models.add(reordered(rows), truth)
    outcome = house.promote()
    assert outcome.action == "promoted"
    assert outcome.verdict is not None
    assert "not comparable with version 1" in outcome.verdict.compared
    assert "the floors alone decide" in outcome.verdict.compared


def test_too_few_to_judge_answers_as_long_as_no_judged_version_does(house: House):
    rows, truth = a_period(60)
    house.models.add(rows, truth)
    outcome = house.promote()
    assert (outcome.action, house.models.champion) == ("promoted", 4)
    assert house.store.promotions()[-1].reason == UNJUDGED
    house.models.add(rows, truth)
    assert house.promote().action == "promoted"
    assert house.promote(1).action == "promoted"
    house.models.add(rows, truth)
    outcome = house.promote()
    assert outcome.action == "refused"
    assert "too few to judge" in outcome.words
    forgiven = house.promote(too_few_note="demo: too few to judge")
    assert (forgiven.action, house.models.champion) == ("promoted", 6)
    assert house.store.promotions()[-1].reason == "demo: too few to judge"
    rows, truth = a_period()
    house.models.add(rows, backwards(truth))
    assert house.promote(too_few_note="demo: too few to judge").action == "refused"


def test_a_second_person_is_asked_for_below_the_evidence_too(house: House):
    rows, truth = a_period(60)
    house.models.add(rows, truth)
    house.policy = rules(two_persons=True)
    assert house.promote().action == "requested"


def test_promoting_what_answers_already_changes_nothing(house: House):
    house.promote(1)
    assert house.promote(1).action == "unchanged"
    assert len(house.actions()) == 1


def test_a_missing_version_or_name_is_refused(house: House):
    with pytest.raises(NoChampionError, match="no version 9; run `encours train default`"):
        house.promote(9)
    with pytest.raises(ModelError, match="--by NAME"):
        house.promote(1, who="  ")
    with pytest.raises(NoChampionError, match="has no version;"):
        promote(house.models, house.store, house.policy, "late30", None, "anne")
    assert house.actions() == []


def test_a_version_that_cannot_be_read_or_answer_is_never_put_in_charge(house: House):
    house.promote(1)
    house.promote(2)
    house.models.unreadable = {1, 3}
    with pytest.raises(ModelError, match="no readable model"):
        house.promote(3)
    with pytest.raises(ModelError, match="no readable model"):
        house.rollback()
    house.models.unreadable, house.models.answer = set(), float("nan")
    with pytest.raises(ModelError, match="no probability"):
        house.promote(3)
    assert house.models.champion == 2
    assert len(house.actions()) == 2


def test_a_second_person_completes_what_the_first_asked_for(house: House):
    house.policy = rules(two_persons=True)
    asked = house.promote(2, who="Anne")
    assert (asked.action, house.models.champion) == ("requested", None)
    assert "until 2026-11-27" in asked.words
    with pytest.raises(ModelError, match="asked for by Anne"):
        house.promote(2, who=" ANNE ")
    done = house.promote(2, who="bruno")
    assert (done.action, house.models.champion) == ("promoted", 2)
    last = house.store.promotions(TARGET)[-1]
    assert (last.who, last.second) == ("Anne", "bruno")


def test_a_request_stands_for_its_version_its_days_and_until_something_else_is_decided(house: House):
    house.policy = rules(two_persons=True, request_days=3)
    house.promote(2, who="anne")
    assert house.promote(3, who="bruno").action == "requested"
    house.clock.now += dt.timedelta(days=3, seconds=1)
    assert house.promote(2, who="bruno").action == "requested"
    assert house.promote(2, who="claire").action == "promoted"
    assert house.promote(3, who="claire").action == "requested"
    house.policy = rules()
    house.promote(1, who="anne")
    house.policy = rules(two_persons=True)
    assert house.promote(3, who="bruno").action == "requested"


def test_a_request_is_judged_again_when_it_is_completed(house: House):
    house.policy = rules(two_persons=True)
    rows, truth = a_period()
    number = house.models.add(rows, np.clip(truth * 1.05, 0, 0.99))
    house.promote(number, who="anne")
    (house.models.folder / str(number) / "rows/test.parquet").unlink()
    house.models.numbers.pop()
    house.models.add(rows, backwards(truth))
    assert house.promote(number, who="bruno").action == "refused"
    assert house.models.champion is None
    assert house.promote(number, who="bruno").action == "refused"


def test_a_promotion_killed_before_the_alias_answers_and_repeating_it_sets_the_alias_alone(
    house: House, monkeypatch: pytest.MonkeyPatch
):
    house.promote(1)
    killed_before_the_alias(house, monkeypatch)
    entered = [("promoted", 1, None), ("promoted", 3, 1)]
    assert (house.models.champion, house.actions(), house.answering()) == (1, entered, "hash3")
    assert house.promote().action == "unchanged"
    assert (house.models.champion, house.actions()) == (3, entered)


def test_a_rollback_killed_before_the_alias_goes_no_further_back_when_repeated(
    house: House, monkeypatch: pytest.MonkeyPatch
):
    for number in (1, 2, 3):
        house.promote(number)
    killed_before_the_alias(house, monkeypatch, "rollback")
    assert (house.models.champion, house.answering()) == (3, "hash2")
    before = house.actions()
    assert before[-1] == ("rolled_back", 2, 3)
    assert house.rollback().version == 2
    assert (house.models.champion, house.actions()) == (2, before)
    assert house.rollback().version == 1


def test_a_promotion_killed_before_the_alias_can_be_rolled_back(
    house: House, monkeypatch: pytest.MonkeyPatch
):
    house.promote(1)
    killed_before_the_alias(house, monkeypatch)
    assert house.rollback().version == 1
    assert (house.models.champion, house.answering()) == (1, "hash1")


def test_every_promoted_model_stays_in_the_store_with_its_entry(house: House):
    for number in (1, 2):
        house.promote(number)
    house.rollback()
    for name in ("hash1", "hash2"):
        kept = house.store.model(name)
        assert kept is not None
        assert (kept.target, kept.model_version) == (TARGET, name)
        assert kept.files == {"model.json": f"the files of version {name[-1]}"}
    assert house.store.model("hash3") is None
    assert house.answering() == "hash1"


def test_promoting_what_answers_already_stores_a_model_that_the_store_lacks(house: House):
    house.store.record_promotion(PromotionEntry(TARGET, 1, "hash1", "promoted", "anne"))
    assert house.answering() is None
    assert house.promote(1).action == "unchanged"
    assert (house.answering(), house.models.champion) == ("hash1", 1)


def test_rolling_back_needs_no_gate_and_no_second_person_and_is_entered(house: House):
    house.promote(1)
    house.promote(2)
    house.policy = rules(two_persons=True)
    (house.models.folder / "1" / "rows/test.parquet").unlink()
    outcome = house.rollback(who="claire", reason="half of all limits fell overnight")
    assert (outcome.version, house.models.champion) == (1, 1)
    last = house.store.promotions(TARGET)[-1]
    assert (last.action, last.who, last.previous) == ("rolled_back", "claire", 2)
    assert last.reason == "half of all limits fell overnight"
    assert last.model_version == "hash1"


def test_there_is_no_way_back_from_the_first_version(house: House):
    with pytest.raises(NoChampionError, match="nothing to go back to"):
        house.rollback()
    house.promote(1)
    with pytest.raises(NoChampionError, match="version 1 is the first"):
        house.rollback()
    house.promote(2)
    house.rollback()
    with pytest.raises(NoChampionError, match="nothing to go back to"):
        house.rollback()
    assert house.models.set_to == [1, 2, 1]


def test_a_rollback_needs_a_reason_and_a_version_that_is_still_there(house: House):
    house.promote(1)
    house.promote(2)
    with pytest.raises(ModelError, match="--reason"):
        house.rollback(reason=" ")
    house.models.numbers.remove(1)
    with pytest.raises(NoChampionError, match="no version 1"):
        house.rollback()
    assert house.models.champion == 2


def test_a_version_that_answered_before_there_was_a_history_can_be_gone_back_to(house: House):
    house.models.champion = 1
    house.promote(2)
    assert house.rollback().version == 1


def test_an_alias_set_by_hand_changes_nothing_that_answers(house: House):
    house.promote(1)
    house.models.champion = 3
    assert house.answering() == "hash1"
    with pytest.raises(NoChampionError, match="version 1 is the first"):
        house.rollback()
    assert house.promote(2).action == "promoted"
    assert house.actions()[-1] == ("promoted", 2, 1)


@given(st.lists(st.integers(1, 5), min_size=1, max_size=12))
def test_going_back_leads_through_what_answered_in_reverse(promoted: list[int]):
    history: list[Promotion] = []
    expected: list[int] = []

    def enter(action: str, version: int, previous: int | None) -> None:
        history.append(
            Promotion(
                "t", version, "", action, "anne", previous=previous, promotion_id=len(history), at=START
            )  # type: ignore[arg-type]
        )

    for number in promoted:
        if expected[-1:] != [number]:
            enter("promoted", number, expected[-1] if expected else None)
            expected.append(number)
    assert answered(history) == tuple(expected)
    while len(expected) > 1:
        left = expected.pop()
        enter("rolled_back", expected[-1], left)
        assert answered(history) == tuple(expected)
