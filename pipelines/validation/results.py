"""Results of checks as data: as text, as JSON, and as a summary stored with a run."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipelines.validation.rules import Level

N_EXAMPLES = 5
"""Largest number of faulty values shown for a rule."""


@dataclass(frozen=True, slots=True)
class CheckResult:
    """Result of one rule.

    Parameters
    ----------
    rule, rule_fr
        The rule's sentence in English and in French, true where `ok`.
    n_rows, n_bad
        Rows checked, and faulty rows; for a rule on the whole table, one row.
    examples
        A few of the faulty values, as text; for a rule on the whole table, the measured figure.
    compared
        False where the rule needs a missing figure, such as the last run's in a first run: it passes without
        significance.
    """

    table: str
    rule: str
    level: Level
    ok: bool
    n_rows: int
    n_bad: int
    examples: tuple[str, ...] = ()
    rule_fr: str = ""
    compared: bool = True

    @property
    def sentence(self) -> str:
        """The result in one line."""
        shown = f" ({', '.join(self.examples)})" if self.examples else ""
        return f"{self.table}: {self.rule}: {self.n_bad:,} of {self.n_rows:,} rows break it{shown}"


@dataclass(frozen=True, slots=True)
class CheckReport:
    """Results of all rules, in the order of the rules."""

    results: tuple[CheckResult, ...]

    @property
    def errors(self) -> tuple[CheckResult, ...]:
        """Broken rules that make the ledger unreliable."""
        return tuple(result for result in self.results if not result.ok and result.level == "error")

    @property
    def warnings(self) -> tuple[CheckResult, ...]:
        """Broken rules to review."""
        return tuple(result for result in self.results if not result.ok and result.level == "warning")

    @property
    def ok(self) -> bool:
        """Whether there are no errors."""
        return not self.errors

    @property
    def sentences(self) -> tuple[str, ...]:
        """The warnings as text."""
        return tuple(result.sentence for result in self.warnings)

    @classmethod
    def summed(cls, reports: Sequence[CheckReport], some: Sequence[bool]) -> CheckReport:
        """Add up the reports of the parts of a ledger, by the same rules.

        Parameters
        ----------
        some
            For each rule whether one part that keeps it suffices, as for a table that needs rows.
        """
        if len(reports) == 1:
            return reports[0]
        rules = zip(zip(*(report.results for report in reports), strict=True), some, strict=True)
        return cls(tuple(_summed(results, suffices=suffices) for results, suffices in rules))

    def to_json(self) -> str:
        """Serialize the report as JSON: whether it is ok, and every result."""
        return json.dumps(
            {"ok": self.ok, "results": [asdict(result) for result in self.results]},
            ensure_ascii=False,
            indent=2,
        )

    def summary(self) -> dict[str, Any]:
        """Return every rule's outcome without the faulty values, as JSON values.

        Returns
        -------
            `ok`, and `rules`: table, rule, level, outcome (`ok`, `broken` or `not_compared`), number of
            faulty rows and of checked rows of each.
        """
        return {
            "ok": self.ok,
            "rules": [
                [one.table, one.rule, one.level, _outcome(one), one.n_bad, one.n_rows] for one in self.results
            ],
        }


def _summed(results: Sequence[CheckResult], *, suffices: bool) -> CheckResult:
    ok = any(one.ok for one in results) if suffices else all(one.ok for one in results)
    examples = dict.fromkeys(text for one in results for text in one.examples)
    return replace(
        results[0],
        ok=ok,
        n_rows=sum(one.n_rows for one in results),
        n_bad=0 if ok and suffices else sum(one.n_bad for one in results),
        examples=() if ok else tuple(examples)[:N_EXAMPLES],
    )


def _outcome(result: CheckResult) -> str:
    if not result.compared:
        return "not_compared"
    return "ok" if result.ok else "broken"
