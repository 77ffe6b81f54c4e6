"""A registry of our own: versions with their test rows on disk, and an alias."""

from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pandas as pd

from models.errors import ModelError
from models.learning.registry import CHAMPION, Version
from models.learning.rows import TrainingRows
from pipelines.training.row_files import save_rows
from tests.pipelines.training.builders import customers_asked

TARGET = "default12"


@dataclass(frozen=True)
class FakeModel:
    """A model that has learnt from every row there is, so that it can be asked nothing new."""

    answer: float = 0.1
    target: str = TARGET
    version: str = "learnt"
    rests_on: str = "own"
    features: tuple[str, ...] = ("n_paid_all",)
    facts: dict[str, object] = field(
        default_factory=lambda: {"period_ends": {"test": "2200-01-01"}, "parameters": {}}
    )

    def probability(self, frame: pd.DataFrame) -> np.ndarray:
        return np.full(len(frame), self.answer)


@dataclass
class FakeModels:
    """Versions by number, and which of them answers."""

    folder: Path
    numbers: list[int] = field(default_factory=list)
    champion: int | None = None
    set_to: list[int] = field(default_factory=list)
    unreadable: set[int] = field(default_factory=set)
    answer: float = 0.1

    def add(self, rows: TrainingRows, probability: np.ndarray) -> int:
        """Record another version with what it answered on its test rows."""
        number = len(self.numbers) + 1
        save_rows(rows, self.folder / str(number) / "rows/test.parquet", answers={"probability": probability})
        self.numbers.append(number)
        return number

    def versions(self, target: str) -> list[Version]:
        made = [
            Version(target, n, f"hash{n}", f"run{n}", (CHAMPION,) if n == self.champion else (), n)
            for n in reversed(self.numbers)
        ]
        return made if target == TARGET else []

    def promote(self, target: str, number: int) -> None:
        self.champion = number
        self.set_to.append(number)

    def load(self, version: Version) -> FakeModel:
        if version.number in self.unreadable:
            raise ModelError(f"version {version.number} holds no readable model")
        return FakeModel(self.answer)

    def files(self, version: Version) -> dict[str, str]:
        return {"model.json": f"the files of version {version.number}"}

    def file(self, version: Version, path: str) -> Path:
        found = self.folder / str(version.number) / path
        if not found.is_file():
            raise ModelError(f"version {version.number} was recorded without {path}")
        return found


def a_period(size: int = 600, seed: int = 0) -> tuple[TrainingRows, np.ndarray]:
    """Return customers asked about and the true probabilities their outcomes follow."""
    rng = np.random.default_rng(seed)
    truth = 1 / (1 + np.exp(-(-2.5 + 1.5 * rng.normal(size=size))))
    return customers_asked((rng.random(size) < truth).astype(float).tolist()), truth


def backwards(probability: np.ndarray) -> np.ndarray:
    """Return the same probabilities given to the wrong customers."""
    return np.sort(probability)[np.argsort(np.argsort(-probability))]


def reordered(rows: TrainingRows) -> TrainingRows:
    """Return rows of other customers than any version was asked about."""
    return replace(rows, subject=np.array([f"other {s}" for s in rows.subject], dtype=object))
