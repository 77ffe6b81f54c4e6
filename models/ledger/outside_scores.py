"""External scores on their providers' scales, each with a safety between its bad and its good end.

Owns the table of scales, `outside_scales.toml`. Scales are not calibrated on one another: a safety orders the
scores of one scale from bad to good; it is not a probability. No model reads it: people see it next to
our own.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from models.errors import LedgerError
from models.ledger.tables import SCORE_SCALES

_NUMBER = re.compile(r"^\d{1,3}([.,]\d{1,2})?$")


@dataclass(frozen=True, slots=True)
class ScoreScale:
    """A scale: numbers between two ends, or grades.

    Parameters
    ----------
    ends
        The worst and the best number, of a numerical scale.
    grades
        The grades from best to worst, of a scale of grades.
    unrated
        Codes that mean no grade.
    letters
        Letters, as in a character class, one of which may precede a grade.
    """

    name: str
    label_fr: str
    label_en: str
    ends: tuple[float, float] | None
    grades: tuple[str, ...] = ()
    unrated: tuple[str, ...] = ()
    letters: str = ""

    @property
    def allowed(self) -> str:
        """Description of the allowed scores."""
        if self.ends is None:
            return f"one of {', '.join((*self.grades, *self.unrated))}"
        return f"a number from {min(self.ends):g} to {max(self.ends):g}"

    @property
    def worst(self) -> str:
        """The worst score."""
        return self.grades[-1] if self.ends is None else f"{self.ends[0]:g}"

    @property
    def best(self) -> str:
        """The best score."""
        return self.grades[0] if self.ends is None else f"{self.ends[1]:g}"

    def safety(self, score: str) -> float | None:
        """Return the safety of a score: 0 at the bad end, 1 at the good one.

        Returns
        -------
            None where the score means no grade.

        Raises
        ------
        LedgerError
            The score is not on the scale.

        Examples
        --------
        >>> scales()["allianz"].safety("1"), scales()["creditsafe"].safety("71")
        (1.0, 0.71)
        """
        text = score.strip().upper()
        if self.ends is not None:
            worst, best = self.ends
            value = float(text.replace(",", ".")) if _NUMBER.match(text) else None
            if value is not None and min(self.ends) <= value <= max(self.ends):
                return (value - worst) / (best - worst)
        else:
            grade = re.sub(rf"^[{self.letters}](?=\S)", "", text) if self.letters else text
            if grade in self.unrated:
                return None
            if grade in self.grades:
                return 1 - self.grades.index(grade) / (len(self.grades) - 1)
        raise LedgerError(f"{score!r} is no score of {self.label_en}; allowed is {self.allowed}")


@cache
def scales() -> dict[str, ScoreScale]:
    """Return the scales by name.

    Raises
    ------
    LedgerError
        The table cannot be read, or lacks the ledger's scales.
    """
    path = Path(__file__).with_name("outside_scales.toml")
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        made = {name: _scale(name, row) for name, row in table.items()}
    except (OSError, KeyError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise LedgerError(f"the table of scales {path} cannot be read: {error}") from error
    if set(made) != set(SCORE_SCALES):
        raise LedgerError(f"{path} holds {', '.join(made)}; a ledger holds {', '.join(SCORE_SCALES)}")
    return made


def _scale(name: str, row: dict[str, Any]) -> ScoreScale:
    ends = None
    if "good" in row:
        low, high = float(row["lowest"]), float(row["highest"])
        ends = (low, high) if row["good"] == "high" else (high, low)
    return ScoreScale(
        name,
        row["label_fr"],
        row["label_en"],
        ends,
        tuple(row["best_to_worst"]) if ends is None else (),
        tuple(row.get("unrated", ())),
        row.get("letter_before", ""),
    )
