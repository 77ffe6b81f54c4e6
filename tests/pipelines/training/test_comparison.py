"""Versions are compared only on questions that neither could have learnt the answer of."""

import datetime as dt
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pytest

from models.errors import ModelError
from models.learning.artifact import FittedModel, with_facts
from models.learning.registry import Version
from pipelines.training.comparison import (
    TEST_ROWS,
    Common,
    ScoredRows,
    common_questions,
    scored_test_rows,
    unseen,
)
from pipelines.training.row_files import save_rows
from tests.models.fitted import fitted

CHAMPION = Version("default12", 3, "abc", "run", ("champion",), 0)


@dataclass
class Files:
    """A registry of our own: one model, and the rows it was recorded with."""

    model: FittedModel
    folder: Path
    asked: list[str] = field(default_factory=list)

    def load(self, version: Version) -> FittedModel:
        return self.model

    def file(self, version: Version, path: str) -> Path:
        self.asked.append(path)
        if not (self.folder / path).is_file():
            raise ModelError(f"recorded without {path}")
        return self.folder / path


def learnt_until(model: FittedModel, day: int, **parameters: int) -> FittedModel:
    text = str(np.datetime64(day, "D"))
    return with_facts(model, period_ends={"test": text}, parameters=parameters)


def challenger() -> ScoredRows:
    rows = fitted().default_rows
    return ScoredRows(rows, np.linspace(0.01, 0.2, len(rows)))


def test_an_invoice_issued_before_the_last_day_learnt_from_was_seen_even_if_asked_about_later():
    rows = fitted().late_rows
    last = int(np.median(rows.day))
    new = unseen(rows, learnt_until(fitted().late, last))
    issued = rows.day - rows.frame["invoice_age_days"].to_numpy()
    assert new.any()
    assert (issued[new] > last).all()
    assert (~new & (rows.day > last)).any()


@pytest.mark.parametrize(("every", "first"), [(1, dt.date(2026, 2, 1)), (3, dt.date(2026, 4, 1))])
def test_a_snapshot_is_unseen_once_the_last_outcome_learnt_was_known(every: int, first: dt.date):
    rows = fitted().default_rows
    last = (dt.date(2025, 1, 1) - dt.date(1970, 1, 1)).days
    day = (first - dt.date(1970, 1, 1)).days
    days = np.resize([day - 1, day], len(rows))
    model = learnt_until(fitted().default, last, every_months=every)
    assert (unseen(replace(rows, day=days), model) == (days == day)).all()


def test_a_model_that_does_not_say_what_it_learnt_from_is_not_compared(tmp_path: Path):
    with pytest.raises(ModelError, match="does not say"):
        unseen(fitted().late_rows, fitted().late)
    said = common_questions(Files(fitted().default, tmp_path), challenger(), CHAMPION, 1)
    assert isinstance(said, str)
    assert "version 3" in said
    assert "does not say" in said
    assert "recorded without" in said


def test_what_came_after_the_champion_is_answered_by_it(tmp_path: Path):
    asked, first = challenger(), int(fitted().default_rows.day.min())
    model = learnt_until(fitted().default, first - 400)
    files = Files(model, tmp_path)
    common = common_questions(files, asked, CHAMPION, 5)
    assert isinstance(common, Common)
    assert files.asked == []
    assert len(common.rows) == len(asked.rows)
    assert list(common.champion) == list(model.probability(asked.rows.frame))
    assert "had learnt" in common.chosen


def test_where_nothing_came_after_both_are_asked_what_is_in_both_test_periods(tmp_path: Path):
    asked = challenger()
    rows = asked.rows
    later = np.flatnonzero(rows.day > np.median(rows.day))[::-1]
    theirs = np.linspace(0.3, 0.4, len(later))
    save_rows(rows.take(later), tmp_path / TEST_ROWS, answers={"probability": theirs})
    files = Files(learnt_until(fitted().default, int(rows.day.max())), tmp_path)
    common = common_questions(files, asked, CHAMPION, 5)
    assert isinstance(common, Common)
    assert "both test periods" in common.chosen
    assert common.rows.subject.tolist() == rows.subject[np.sort(later)].tolist()
    assert list(common.champion) == list(theirs[::-1])
    assert list(common.challenger) == list(asked.probability[np.sort(later)])
    too_few = common_questions(files, asked, CHAMPION, len(rows))
    assert isinstance(too_few, str)
    assert "not comparable" in too_few


def test_outcomes_that_are_told_otherwise_now_are_counted_aloud(tmp_path: Path):
    asked = challenger()
    label = asked.rows.label.copy()
    label[:7] = 1 - label[:7]
    before = replace(asked.rows, label=label)
    save_rows(before, tmp_path / TEST_ROWS, answers={"probability": asked.probability})
    files = Files(learnt_until(fitted().default, int(asked.rows.day.max())), tmp_path)
    common = common_questions(files, asked, CHAMPION, 5)
    assert isinstance(common, Common)
    assert "7 of them told otherwise" in common.chosen
    assert list(common.rows.label) == list(asked.rows.label)


def test_a_champion_that_cannot_be_read_any_more_is_compared_by_what_it_answered(tmp_path: Path):
    asked = challenger()
    save_rows(asked.rows, tmp_path / TEST_ROWS, answers={"probability": asked.probability})

    @dataclass
    class Older(Files):
        def load(self, version: Version) -> FittedModel:
            raise ModelError("holds an older format")

    common = common_questions(Older(fitted().default, tmp_path), asked, CHAMPION, 5)
    assert isinstance(common, Common)
    assert len(common.rows) == len(asked.rows)


def test_a_version_without_answers_is_refused(tmp_path: Path):
    save_rows(challenger().rows, tmp_path / TEST_ROWS)
    with pytest.raises(ModelError, match="train it again"):
        scored_test_rows(Files(fitted().default, tmp_path), CHAMPION)
