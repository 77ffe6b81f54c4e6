"""Both champions are watched as of a day that the ledger knows, and what is planted in a ledger is found."""

import datetime as dt
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from models.errors import ModelError, NoChampionError, NotEnoughDataError
from models.learning.registry import CHAMPION
from models.ledger.ledger import Ledger, last_event
from models.policy.document import load_policy
from pipelines.ledger_parts import LedgerInMemory
from pipelines.monitoring.monitor import Watch, champion, watch
from pipelines.training.params import MonitorParams
from pipelines.training.row_files import read_rows, save_rows
from tests.models.fitted import fitted
from tests.pipelines.monitoring.builders import SEEN, Kept

PARAMS = MonitorParams(draws=60, most_rows=2_000, cases=5)


def look(registry: Kept, as_of: dt.date | None = None, ledger: Ledger | None = None) -> Watch:
    ledger = ledger or fitted().ledger
    return watch(registry, LedgerInMemory.of(ledger, as_of or last_event(ledger)), load_policy(), PARAMS)


def test_both_targets_are_watched_as_of_the_ledgers_last_day(watched: Watch):
    assert watched.as_of == last_event(fitted().ledger)
    assert [one.target for one in watched.targets] == ["late30", "default12"]
    for one in watched.targets:
        assert one.age_days == (watched.as_of - one.learnt_until).days > 0
        assert one.rows >= one.customers > 0
        assert len(one.inputs) > 20
        assert len(one.checks) == 8
    assert watched.targets[0].learnt_until <= SEEN
    assert watched.targets[0].realised is not None


def test_late_payment_is_spread_over_payer_grades_and_default_over_grades(watched: Watch):
    late, default = watched.targets
    assert [band.code for band in default.scores.bands] == ["A", "B", "C", "D", "E"]
    assert len(late.scores.bands) == 5
    for one in watched.targets:
        assert sum(band.now for band in one.scores.bands) == pytest.approx(1)
        assert sum(band.before for band in one.scores.bands) == pytest.approx(1)


def test_scores_are_compared_by_one_model_whatever_another_answered_out_of_time(
    registry: Kept, watched: Watch, tmp_path: Path
):
    for target in registry.models:
        for name in ("reference", "test"):
            saved = read_rows(registry.folder / target / f"rows/{name}.parquet")
            answers = {"probability": np.sqrt(saved.answers["probability"])} if name == "test" else {}
            save_rows(saved.rows, tmp_path / target / f"rows/{name}.parquet", answers=answers)
    other = look(Kept(tmp_path, registry.models))
    same = look(registry)
    assert [one.scores for one in other.targets] == [one.scores for one in same.targets]
    assert other.targets[0].expected[0].test != same.targets[0].expected[0].test


def test_as_of_an_earlier_day_less_is_told_and_nothing_that_came_later(registry: Kept, watched: Watch):
    earlier = look(registry, watched.as_of - dt.timedelta(days=120))
    now, then = watched.targets[0].realised, earlier.targets[0].realised
    assert now is not None
    assert then is not None
    assert then.whole.rows < now.whole.rows
    assert all(month.month <= earlier.as_of for month in then.months if month.month)


def test_a_champion_that_has_learnt_from_what_came_after_the_day_is_refused(registry: Kept):
    with pytest.raises(ModelError, match="give a later --as-of"):
        look(registry, dt.date(2025, 3, 31))


def test_without_a_champion_there_is_nothing_to_watch(registry: Kept):
    none = replace(registry, aliases={"late30": (CHAMPION,), "default12": ()})
    with pytest.raises(NoChampionError, match="`encours train default`, then `encours promote default`"):
        look(none)
    with pytest.raises(NoChampionError, match="late30"):
        champion(Kept(registry.folder, {}), "late30")


def test_a_champion_recorded_without_its_rows_is_refused(registry: Kept, tmp_path: Path):
    with pytest.raises(ModelError, match="recorded without rows/test"):
        look(Kept(tmp_path, registry.models))


def test_a_ledger_that_ended_long_before_the_day_is_refused(registry: Kept):
    ledger = fitted().ledger
    none = replace(ledger, invoices=ledger.invoices.iloc[:0], payments=ledger.payments.iloc[:0])
    with pytest.raises(NotEnoughDataError, match="nothing can be asked"):
        look(registry, None, none)


def test_amounts_that_were_imported_in_cents_are_found_among_the_inputs(registry: Kept, watched: Watch):
    ledger = fitted().ledger
    recent = ledger.invoices["issued_on"] >= "2026-01-01"
    cents = ledger.invoices["amount_cents"].where(~recent, ledger.invoices["amount_cents"] * 100)
    found = look(registry, None, replace(ledger, invoices=ledger.invoices.assign(amount_cents=cents)))
    index = {one.name: one.shift.index for one in found.targets[0].inputs}["amount_eur"]
    before = {one.name: one.shift.index for one in watched.targets[0].inputs}["amount_eur"]
    assert before < 0.25
    assert index > 1


def test_alerts_that_call_for_training_again_come_first(watched: Watch):
    order = [check.due for check in watched.alerts]
    assert order == sorted(order, reverse=True)
    assert watched.due == any(order)
