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
    return _lines(count, owed, losses)


def added_mixes(mixes: Iterable[Iterable[ClassLine]]) -> tuple[ClassLine, ...]:
    """Return the grade mix of disjoint sets of customers together.

    Examples
    --------
    >>> one, other = class_mix([Graded("A", 10.0, 0.1)]), class_mix([Graded("A", 5.0, 0.2)])
    >>> added_mixes([one, other]) == class_mix([Graded("A", 10.0, 0.1), Graded("A", 5.0, 0.2)])
    True
    """
    count, owed = Counter[str](), Counter[str]()
    losses: dict[str, float] = dict.fromkeys(GRADES, 0.0)
    for line in (line for mix in mixes for line in mix):
        count[line.grade] += line.customers
        owed[line.grade] += round(line.open_eur * 100)
        losses[line.grade] += line.expected_loss_eur
    return _lines(count, owed, losses)


def _lines(count: Counter[str], owed: Counter[str], losses: Mapping[str, float]) -> tuple[ClassLine, ...]:
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
    """
    return migration_of(Counter((before.get(who), after.get(who)) for who in before.keys() | after.keys()))


def migration_of(pairs: Mapping[tuple[str | None, str | None], int]) -> Migration:
    """Arrange numbers of customers by their grades in two runs.

    Parameters
    ----------
    pairs
        Customers by their grade before and after; None where they are missing.

    Examples
    --------
    >>> found = migration_of({("A", "C"): 1, ("B", "B"): 1, ("E", None): 1, (None, "A"): 1})
    >>> found.counts["A"]["C"], found.counts["new"]["A"], found.counts["E"]["gone"], found.worse
    (1, 1, 1, 1)
    """
    named = Counter({(old or NEW, new or GONE): count for (old, new), count in pairs.items()})
    counts = {row: {column: named[row, column] for column in (*GRADES, GONE)} for row in GRADES}
    counts[NEW] = {column: named[NEW, column] for column in GRADES} | {GONE: 0}
    steps = Counter[int]()
    for (old, new), count in pairs.items():
        if old is not None and new is not None:
            steps[GRADES.index(new) - GRADES.index(old)] += count
    better = sum(count for step, count in steps.items() if step < 0)
    return Migration(counts, better, sum(count for step, count in steps.items() if step > 0))
