import itertools
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from models.assessment.assessment import Assessment, CreditRequest, CustomerState
from models.errors import NoChampionError, StoreError
from serving.api.wiring import Wiring
from serving.model_reload import Swapping
from serving.registers.settings import RegisterSettings
from serving.settings import Settings
from serving.store import PackedPartition, PromotionEntry, Store, open_store
from tests.models.fitted import fitted
from tests.serving.fakes import FakeAssessor, a_client, an_app
from tests.serving.promoted import promote, promote_fitted
from tests.serving.store.builders import a_key


@dataclass
class FakeRegistry:
    """Hands assessors out, and remembers each request; the first ones fail, and later ones may wait."""

    failures: int = 0
    tries: list[Path | None] = field(default_factory=list)
    open: threading.Event = field(default_factory=threading.Event)

    def load_champions(self, policy_path: Path | None, store: Store) -> FakeAssessor:
        self.tries.append(policy_path)
        if len(self.tries) <= self.failures:
            raise NoChampionError("none yet")
        if len(self.tries) > self.failures + 1:
            self.open.wait(30)
        return Numbered(number=len(self.tries))

    def install(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("serving.api.wiring.load_champions", self.load_champions)


@dataclass
class Numbered(FakeAssessor):
    """An assessor whose answers tell which one it is."""

    number: int = 0

    def assess(self, state: CustomerState, request: CreditRequest) -> Assessment:
        return replace(super().assess(state, request), policy_version=f"assessor {self.number}")


def at_once(wiring: Wiring) -> Wiring:
    """Let time fly between two looks, and load replacements before the look returns."""
    seconds, live = iter(range(0, 10**9, 3600)), wiring.assessors
    assert isinstance(live, Swapping)
    live._clock, live._start = lambda: float(next(seconds)), lambda work: work()
    return wiring


def test_a_changed_policy_file_makes_it_load_again(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    registry, path = FakeRegistry(), tmp_path / "policy.toml"
    registry.install(monkeypatch)
    registry.open.set()
    path.write_text("one")
    wiring = at_once(Wiring(Settings(_env_file=None, policy_path=path), store=store))
    assert wiring.assessors.get() is wiring.assessors.get()
    path.with_suffix(".new").write_text("two")
    path.with_suffix(".new").replace(path)
    wiring.assessors.get()
    assert registry.tries == [path, path]


def test_processes_share_the_published_rates_of_registers():
    settings = RegisterSettings(_env_file=None)
    shared = settings.shared_by(4)
    assert (shared.sirene_per_s, shared.bodacc_per_s) == (
        settings.sirene_per_s / 4,
        settings.bodacc_per_s / 4,
    )
    assert shared.cache == settings.cache


@pytest.mark.parametrize("changed", ["default_model", "late_model", "policy_hash"])
def test_a_night_with_other_models_or_another_policy_makes_them_load_again(
    store: Store, monkeypatch: pytest.MonkeyPatch, changed: str
):
    registry = FakeRegistry()
    registry.open.set()
    registry.install(monkeypatch)
    wiring = at_once(Wiring(Settings(_env_file=None), store=store))
    old = wiring.assessors.get()
    run = store.begin_run(a_key(**{changed: "another"}))
    store.write_partition(run.run_id, 0, PackedPartition.of([], []))
    wiring.assessors.get()
    assert wiring.assessors.get() is old
    store.publish(run.run_id, {})
    wiring.assessors.get()
    assert wiring.assessors.get() is not old
    assert wiring.assessors.get() is wiring.assessors.get()
    assert len(registry.tries) == 2


def test_a_promotion_and_a_rollback_are_noticed_without_a_night(
    store: Store, monkeypatch: pytest.MonkeyPatch
):
    registry = FakeRegistry()
    registry.open.set()
    registry.install(monkeypatch)
    wiring = at_once(Wiring(Settings(_env_file=None), store=store))
    seen = [wiring.assessors.get()]
    for action in ("refused", "promoted", "requested", "rolled_back"):
        store.record_promotion(PromotionEntry("late30", 2, "abc", action, "anne"))  # type: ignore[arg-type]
        wiring.assessors.get()
        seen.append(wiring.assessors.get())
    assert [seen[k] is seen[k + 1] for k in range(4)] == [True, False, True, False]
    assert len(registry.tries) == 3


def test_a_model_that_another_process_promotes_answers_from_the_next_look_on(store: Store):
    promote_fitted(store)
    wiring = at_once(Wiring(Settings(_env_file=None), store=store))
    other = open_store(store._engine.url.render_as_string(hide_password=False))
    first, model = wiring.assessors.get(), fitted().default
    changed = replace(model, calibration=replace(model.calibration, intercept=0.5))
    promote(other, changed, 2)
    wiring.assessors.get()
    second = wiring.assessors.get()
    promote(other, model, 1, "rolled_back")
    wiring.assessors.get()
    third = wiring.assessors.get()
    other.close()
    versions = [(one.late.version, one.default.version) for one in (first, second, third)]  # type: ignore[attr-defined]
    late = fitted().late.version
    assert versions == [(late, model.version), (late, changed.version), (late, model.version)]


def test_every_request_is_answered_while_a_new_champion_is_loaded(
    store: Store, monkeypatch: pytest.MonkeyPatch
):
    registry = FakeRegistry()
    registry.install(monkeypatch)
    app = an_app(store)
    wiring: Wiring = app.state.wiring
    # Time goes on with each look at the clock, but never so that nobody asks for a while.
    seconds = itertools.count(0.0, 0.2)
    assert isinstance(wiring.assessors, Swapping)
    wiring.assessors._clock = lambda: next(seconds)

    with a_client(app, store) as client:

        def ask(_: int) -> tuple[int, str]:
            answer = client.post("/v1/assessments", json={"customer_id": "C1"})
            return answer.status_code, answer.json().get("policy_version", answer.text)

        assert ask(0) == (200, "assessor 1")
        store.record_promotion(PromotionEntry("late30", 2, "abc", "promoted", "anne"))
        with ThreadPoolExecutor(4) as threads:
            during = list(threads.map(ask, range(24)))
            registry.open.set()
            until_swapped(wiring)
            after = list(threads.map(ask, range(12)))
    assert during == [(200, "assessor 1")] * 24
    assert after == [(200, "assessor 2")] * 12
    assert len(registry.tries) == 2


def until_swapped(wiring: Wiring) -> None:
    for thread in threading.enumerate():
        if thread.name == "swap":
            thread.join(30)
    assert isinstance(wiring.assessors, Swapping)
    assert not wiring.assessors._loading


def test_a_missing_champion_is_looked_for_again(store: Store, monkeypatch: pytest.MonkeyPatch):
    registry = FakeRegistry(failures=1)
    registry.install(monkeypatch)
    wiring = Wiring(Settings(_env_file=None, policy_path=Path("p.toml")), store=store)
    with pytest.raises(NoChampionError):
        wiring.assessors.get()
    assert wiring.assessors.get() is wiring.assessors.get()
    assert registry.tries == [Path("p.toml")] * 2


def test_the_store_is_opened_once_and_closed(tmp_path: Path):
    wiring = Wiring(Settings(store_url=f"sqlite:///{tmp_path}/x/encours.db"), FakeAssessor())
    assert wiring.store() is wiring.store()
    wiring.close()


def test_a_store_that_was_away_is_opened_later(tmp_path: Path):
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    wiring = Wiring(Settings(store_url=f"sqlite:///{tmp_path}/file/encours.db"), FakeAssessor())
    with pytest.raises(StoreError):
        wiring.store()
    (tmp_path / "file").unlink()
    assert wiring.store().current_run() is None
    wiring.close()
