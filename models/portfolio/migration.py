"""Grade migration between two nightly runs: the grade mix of one run, and the transition matrix.

Owns the counts; the caller provides the grades.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from models.policy.grades import GRADES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

NEW = "new"
GONE = "gone"


@dataclass(frozen=True, slots=True)
class ClassLine:
    """One grade's part of the portfolio: customers, exposure and expected loss."""

    grade: str
    customers: int
    customer_share: float
    open_eur: float
    open_share: float
    expected_loss_eur: float


@dataclass(frozen=True, slots=True)
class Graded:
    """One customer's grade, exposure and expected loss, in euros."""

    grade: str
    open_eur: float
    expected_loss_eur: float


@dataclass(frozen=True, slots=True)
class Migration:
    """Transition matrix of grades between two nightly runs.

    Parameters
    ----------
    counts
        Customers by grade before, then by grade after: rows are `GRADES` and `new`, columns `GRADES` and
        `gone`.
    better, worse
        Customers whose grade rose and fell.
    """

    counts: Mapping[str, Mapping[str, int]]
    better: int
    worse: int

    def document(self) -> dict[str, Any]:
        """Return the matrix as plain JSON values."""
        rows = {before: dict(row) for before, row in self.counts.items()}
        return {"counts": rows, "better": self.better, "worse": self.worse}


def class_mix(customers: Iterable[Graded]) -> tuple[ClassLine, ...]:
    """Return one line per grade, empty grades included; exposures below 0 count as 0."""
    count, owed = Counter[str](), Counter[str]()
    losses: dict[str, float] = dict.fromkeys(GRADES, 0.0)
    for customer in customers:
        count[customer.grade] += 1
        owed[customer.grade] += max(round(customer.open_eur * 100), 0)
        losses[customer.grade] += customer.expected_loss_eur
    everybody, total = max(count.total(), 1), max(owed.total(), 1)
    return tuple(
        ClassLine(
            grade,
            count[grade],
            count[grade] / everybody,
            owed[grade] / 100,
            owed[grade] / total,
            losses[grade],
        )
        for grade in GRADES
    )


def mix_document(lines: Iterable[ClassLine]) -> list[dict[str, Any]]:
    """Return a grade mix as plain JSON values."""
    return [asdict(line) for line in lines]


def migration(before: Mapping[str, str], after: Mapping[str, str]) -> Migration:
    """Count customers by their grades in two runs.

    Parameters
    ----------
    before, after
        Grades by customer id; a customer in only one of them is `new` or `gone`.

    Examples
    --------
    >>> found = migration({"C1": "A", "C2": "B", "C3": "E"}, {"C1": "C", "C2": "B", "C4": "A"})
    >>> found.counts["A"]["C"], found.counts["new"]["A"], found.counts["E"]["gone"], found.worse
    (1, 1, 1, 1)
    """
    pairs = Counter((before.get(who, NEW), after.get(who, GONE)) for who in before.keys() | after.keys())
    counts = {row: {column: pairs[row, column] for column in (*GRADES, GONE)} for row in GRADES}
    counts[NEW] = {column: pairs[NEW, column] for column in GRADES} | {GONE: 0}
    both = [(GRADES.index(before[who]), GRADES.index(after[who])) for who in before.keys() & after.keys()]
    return Migration(counts, sum(new < old for old, new in both), sum(new > old for old, new in both))
