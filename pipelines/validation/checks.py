"""The rules run on a ledger with Great Expectations, which no other code knows.

It runs in memory: nothing is stored, shown or sent.
"""

from __future__ import annotations

import json
import warnings
from collections import defaultdict
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from models.errors import LedgerError
from pipelines.validation.derived import with_derived
from pipelines.validation.rules import RULES, Level, Rule, What

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import pandas as pd

    from models.ledger import Ledger

N_EXAMPLES = 5


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What a rule found.

    Parameters
    ----------
    rule
        The rule's sentence, true where `ok`.
    n_rows, n_bad
        Rows looked at, and rows at fault.
    examples
        A few of the values at fault, as text.
    """

    table: str
    rule: str
    level: Level
    ok: bool
    n_rows: int
    n_bad: int
    examples: tuple[str, ...] = ()

    @property
    def sentence(self) -> str:
        """The finding in one line."""
        shown = f" ({', '.join(self.examples)})" if self.examples else ""
        return f"{self.table}: {self.rule}: {self.n_bad:,} of {self.n_rows:,} rows break it{shown}"


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What all rules found, in the order of the rules."""

    results: tuple[CheckResult, ...]

    @property
    def errors(self) -> tuple[CheckResult, ...]:
        """Broken rules that make the ledger doubtful."""
        return tuple(result for result in self.results if not result.ok and result.level == "error")

    @property
    def warnings(self) -> tuple[CheckResult, ...]:
        """Broken rules worth a look."""
        return tuple(result for result in self.results if not result.ok and result.level == "warning")

    @property
    def ok(self) -> bool:
        """Whether no error was found."""
        return not self.errors

    def to_json(self) -> str:
        """Write the report as JSON: whether it is ok, and every result."""
        return json.dumps(
            {"ok": self.ok, "results": [asdict(result) for result in self.results]},
            ensure_ascii=False,
            indent=2,
        )


def check_ledger(ledger: Ledger, rules: Sequence[Rule] = RULES) -> CheckReport:
    """Run the rules on a ledger.

    An empty table breaks none but the rule that it has rows.
    """
    by_table: dict[str, list[Rule]] = defaultdict(list)
    for rule in rules:
        by_table[rule.table].append(rule)
    found: dict[Rule, CheckResult] = {}
    context = None
    for table, own in by_table.items():
        frame = with_derived(ledger, table)
        asked = [rule for rule in own if len(frame) or rule.what == "some_rows"]
        found |= {rule: _passed(rule, 0) for rule in own if rule not in asked}
        if asked:
            context = context or _context()
            found |= _run(context, table, frame, asked)
    return CheckReport(tuple(found[rule] for rule in rules))


def require_sound(ledger: Ledger) -> tuple[str, ...]:
    """Check a ledger; return its warnings in words.

    Raises
    ------
    LedgerError
        A rule whose breach makes the ledger doubtful is broken; each is named.
    """
    report = check_ledger(ledger)
    if not report.ok:
        raise LedgerError("; ".join(result.sentence for result in report.errors))
    return tuple(result.sentence for result in report.warnings)


def _passed(rule: Rule, n_rows: int) -> CheckResult:
    return CheckResult(rule.table, rule.name, rule.level, ok=True, n_rows=n_rows, n_bad=0)


def _library() -> Any:  # noqa: ANN401  # the library's module, untyped here
    """Import Great Expectations; what it imports warns of modules that Python deprecates."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "module 'sre_", DeprecationWarning)
        import great_expectations  # noqa: PLC0415  # costs seconds

        return great_expectations


def _context() -> Any:  # noqa: ANN401  # the library's own type
    """Make a context in memory that shows no progress and sends no statistics."""
    library = _library()
    from great_expectations.data_context.types.base import (  # noqa: PLC0415  # costs seconds
        ProgressBarsConfig,
    )

    context = library.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False, metric_calculations=False)
    context.variables.analytics_enabled = False
    return context


def _run(context: Any, table: str, frame: pd.DataFrame, rules: Sequence[Rule]) -> dict[Rule, CheckResult]:  # noqa: ANN401  # the library's own type
    library = _library()
    asset = context.data_sources.add_pandas(table).add_dataframe_asset(table)
    suite = library.ExpectationSuite(
        name=table, expectations=[_expectation(rule, at) for at, rule in enumerate(rules)]
    )
    definition = library.ValidationDefinition(
        name=table, data=asset.add_batch_definition_whole_dataframe(table), suite=context.suites.add(suite)
    )
    outcome = context.validation_definitions.add(definition).run(
        batch_parameters={"dataframe": frame},
        result_format={"result_format": "SUMMARY", "partial_unexpected_count": N_EXAMPLES},
    )
    return {
        rules[result.expectation_config.meta["rule"]]: _result(
            rules[result.expectation_config.meta["rule"]], result, len(frame)
        )
        for result in outcome.results
    }


def _result(rule: Rule, result: Any, n_rows: int) -> CheckResult:  # noqa: ANN401  # the library's own type
    values = result.result.get("partial_unexpected_list", [])
    n_bad = int(result.result.get("unexpected_count", 0 if result.success else n_rows))
    examples = dict.fromkeys(_text(value) for value in values)
    return CheckResult(
        rule.table, rule.name, rule.level, bool(result.success), n_rows, n_bad, tuple(examples)[:N_EXAMPLES]
    )


def _text(value: object) -> str:
    """Write a value at fault; a key of several columns or a pair of dates as its parts."""
    if isinstance(value, dict):
        return ", ".join(f"{name} {_text(part)}" for name, part in value.items())
    if isinstance(value, (tuple, list)):
        return ", ".join(_text(part) for part in value)
    return str(value).removesuffix(".000000").removesuffix("T00:00:00").removesuffix(" 00:00:00")


def _expectation(rule: Rule, at: int) -> Any:  # noqa: ANN401  # the library's own type
    """Say a rule in the library's words; `at` brings its result back to it."""
    kind, wanted = _IN_ITS_WORDS[rule.what]
    if rule.what == "unique" and len(rule.columns) > 1:
        kind, wanted = "ExpectCompoundColumnsToBeUnique", lambda rule: {"column_list": list(rule.columns)}
    return getattr(_library().expectations, kind)(**wanted(rule), meta={"rule": at})


def _column(rule: Rule) -> dict[str, Any]:
    return {"column": rule.columns[0]}


_IN_ITS_WORDS: dict[What, tuple[str, Callable[[Rule], dict[str, Any]]]] = {
    "some_rows": ("ExpectTableRowCountToBeBetween", lambda _: {"min_value": 1}),
    "unique": ("ExpectColumnValuesToBeUnique", _column),
    "filled": ("ExpectColumnValuesToNotBeNull", _column),
    "none": ("ExpectColumnValuesToBeNull", _column),
    "among": ("ExpectColumnValuesToBeInSet", lambda r: {**_column(r), "value_set": list(r.allowed)}),
    "not_equal": ("ExpectColumnValuesToNotBeInSet", lambda r: {**_column(r), "value_set": list(r.allowed)}),
    "between": (
        "ExpectColumnValuesToBeBetween",
        lambda r: {**_column(r), "min_value": r.low, "max_value": r.high},
    ),
    "above": (
        "ExpectColumnValuesToBeBetween",
        lambda r: {**_column(r), "min_value": r.low, "strict_min": True},
    ),
    "pattern": ("ExpectColumnValuesToMatchRegex", lambda r: {**_column(r), "regex": r.pattern}),
    "one_value": ("ExpectColumnUniqueValueCountToBeBetween", lambda r: {**_column(r), "max_value": 1}),
    "in_order": (
        "ExpectColumnPairValuesAToBeGreaterThanB",
        lambda r: {
            "column_A": r.columns[1],
            "column_B": r.columns[0],
            "or_equal": True,
            "ignore_row_if": "either_value_is_missing",
        },
    ),
}
