"""Makes rows, findings and a registry on disk for the tests of monitoring."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

from models.errors import ModelError
from models.learning.artifact import FittedModel, with_facts
from models.learning.registry import CHAMPION, Version
from models.learning.rows import TrainingRows
from pipelines.monitoring.drift import InputDrift, ScoreDrift
from pipelines.monitoring.estimate import Expected, ExpectedPerformance
from pipelines.monitoring.realised import Cohort, Realised
from pipelines.monitoring.verdict import TargetFindings
from pipelines.training.row_files import save_rows
from pipelines.training.stability import Shift
from tests.models.fitted import fitted

SEEN = dt.date(2025, 6, 30)
"""The last day that the models of `a_registry` say they have learnt from."""


def some_rows(
    label: np.ndarray, owner: np.ndarray | None = None, day: np.ndarray | None = None
) -> TrainingRows:
    """Return rows without features, each of a customer of its own and all of one day where not told."""
    count = len(label)
    return TrainingRows(
        pd.DataFrame(index=range(count)),
        label.astype(float),
        np.arange(count) if owner is None else owner,
        np.full(count, 20_000) if day is None else day,
        np.full(count, np.nan),
        np.array([f"S{place}" for place in range(count)], dtype=object),
        np.full(count, np.nan),
        np.full(count, np.nan),
    )


def outcomes(probability: np.ndarray, seed: int) -> np.ndarray:
    """Draw outcomes for which the probabilities are calibrated."""
    return (np.random.default_rng(seed).random(len(probability)) < probability).astype(float)


def probabilities(count: int, seed: int, mean: float = -2.0, spread: float = 1.5) -> np.ndarray:
    """Draw probabilities, normal in log-odds."""
    return 1 / (1 + np.exp(-np.random.default_rng(seed).normal(mean, spread, count)))


def a_cohort(
    month: int | None, predicted: float, realised: float, half: float = 0.01, **more: object
) -> Cohort:
    """Return what came of 1,000 questions; months are counted from January 2026."""
    told: dict[str, object] = {
        "month": None if month is None else dt.date(2026, month, 1),
        "rows": 1_000,
        "customers": 500,
        "bad": round(1_000 * realised),
        "predicted": predicted,
        "realised": realised,
        "low": realised - half,
        "high": realised + half,
        "auc": 0.8,
        "brier": 0.08,
        "calibration_error": 0.01,
        "calibration_noise": 0.01,
    }
    return Cohort(**(told | more))  # type: ignore[arg-type]


def a_realised(*months: Cohort, whole: Cohort | None = None, high: float = 0.82) -> Realised:
    return Realised(whole or a_cohort(None, 0.1, 0.1), months, 0.78, high)


def an_input(name: str, index: float, outside: float = 0.0) -> InputDrift:
    return InputDrift(
        name, f"variable {name}", f"input {name}", 0.5, Shift(index, 0.02, 10), 0.1, 0.2, outside
    )


def the_scores(index: float, bar: float = 0.02) -> ScoreDrift:
    return ScoreDrift(Shift(index, bar, 10), 0.1, 0.12, (0.1,), (0.5, 0.5), (0.4, 0.6), ())


def an_expected(now: float | None = 0.8) -> Expected:
    test = ExpectedPerformance(1_000, 0.1, 0.08, 0.3, 0.81)
    return Expected(
        "all", 1_000, 0.1, 0.08, 0.8, 0.77, 0.83, test, ExpectedPerformance(900, 0.1, 0.08, 0.3, now)
    )


def sound(**changes: object) -> TargetFindings:
    """Return findings of which nothing asks for anything."""
    told: dict[str, object] = {
        "target": "late30",
        "inputs": [an_input("a", 0.01), an_input("b", 0.01)],
        "scores": the_scores(0.05),
        "realised": a_realised(a_cohort(1, 0.1, 0.1), a_cohort(2, 0.1, 0.1)),
        "expected": an_expected(),
        "age_days": 30,
    }
    return TargetFindings(**(told | changes))  # type: ignore[arg-type]


@dataclass
class Kept:
    """A registry on disk: one version a target, with its rows."""

    folder: Path
    models: dict[str, FittedModel]
    aliases: Mapping[str, tuple[str, ...]] = field(
        default_factory=lambda: {"late30": (CHAMPION,), "default12": (CHAMPION,)}
    )

    def versions(self, target: str) -> list[Version]:
        if target not in self.models:
            return []
        return [Version(target, 3, self.models[target].version, "run", self.aliases[target], 1)]

    def load(self, version: Version) -> FittedModel:
        return self.models[version.target]

    def file(self, version: Version, path: str) -> Path:
        found = self.folder / version.target / path
        if not found.is_file():
            raise ModelError(f"version {version.number} was recorded without {path}")
        return found


def a_registry(folder: Path, seen: dt.date = SEEN) -> Kept:
    """Keep small models that have answered the newest fifth of what they say they have seen."""
    last = (seen - dt.date(1970, 1, 1)).days
    models = {}
    for model, rows in ((fitted().late, fitted().late_rows), (fitted().default, fitted().default_rows)):
        known = rows.take(rows.day <= last)
        test = known.take(known.day > np.quantile(known.day, 0.8))
        facts = {"period_ends": {"test": str(np.datetime64(int(known.day.max()), "D"))}, "parameters": {}}
        models[model.target] = with_facts(model, **facts)
        answers = {"probability": model.probability(test.frame)}
        save_rows(known, folder / model.target / "rows/reference.parquet")
        save_rows(test, folder / model.target / "rows/test.parquet", answers=answers)
    return Kept(folder, models)
