"""Execution of the rules on a ledger: rows and references by table, and changes since the last run.

`expectations` evaluates a rule; `results` defines the report.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

import pandas as pd

from models.errors import LedgerError
from pipelines.validation import data_docs, expectations, history
from pipelines.validation.comparison import figures_of
from pipelines.validation.derived import with_derived
from pipelines.validation.loading import load_rules
from pipelines.validation.results import N_EXAMPLES, CheckReport, CheckResult
from pipelines.validation.rules import MEASURED, TableRule

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence
    from pathlib import Path

    from models.ledger.ledger import Ledger
    from pipelines.validation.comparison import RunComparison

__all__ = ["CheckReport", "CheckResult", "check_ledger", "check_run", "require_sound"]


def check_ledger(
    ledger: Ledger,
    rules: Sequence[TableRule] | None = None,
    comparison: RunComparison | None = None,
    docs: Path | None = None,
) -> CheckReport:
    """Run rules on a ledger.

    On an empty table, only the rule that requires rows can fail; a rule on a missing figure passes and is
    marked as not compared.

    Parameters
    ----------
    rules
        The packaged suites if None.
    comparison
        The ledger's figures with the last run's; no comparison if None.
    docs
        Folder to write Data Docs to.

    Raises
    ------
    LedgerError
        Data Docs cannot be written to the folder.
    """
    rules = load_rules() if rules is None else rules
    found: dict[TableRule, CheckResult] = {}
    with data_docs.drafting(docs) as draft:
        evaluate = _Evaluation(draft)
        for table, own in _by_table(rules).items():
            found |= _check_rows(evaluate, table, ledger, [one for one in own if one.what not in MEASURED])
            found |= _check_figures(evaluate, table, comparison, [one for one in own if one.what in MEASURED])
        report = CheckReport(tuple(found[rule] for rule in rules))
        if draft is not None and docs is not None:
            expectations.escape_values(evaluate.context())
            evaluate.context().build_data_docs(site_names=[expectations.SITE])
            data_docs.publish(draft, docs, report)
    return report


def check_run(
    ledger: Ledger,
    folder: Path,
    as_of: dt.date,
    data: str,
    rules: Sequence[TableRule] | None = None,
    *,
    only_until: bool = False,
    accept: bool = False,
    docs: Path | None = None,
) -> CheckReport:
    """Check a ledger against the last run and record the check in the ledger's folder.

    Parameters
    ----------
    folder
        The ledger's folder.
    as_of, data
        The day of the check and the fingerprint of the tables.
    only_until
        Ignore runs of days after `as_of`.
    accept
        Accept the current figures: the run is compared with itself, and later runs with it.

    Raises
    ------
    LedgerError
        The runs cannot be read or written, or Data Docs cannot be written to the folder.
    """
    now = figures_of(ledger, history.payment_notes(folder))
    if accept:
        history.keep(folder, history.CheckRun(as_of, data, now, ok=True, accepted=True))
    comparison = history.compare(now, folder, as_of, data, only_until=only_until)
    report = check_ledger(ledger, rules, comparison, docs)
    history.keep(folder, history.CheckRun(as_of, data, comparison.now, ok=report.ok, accepted=accept))
    return report


def check_figures(comparison: RunComparison, rules: Sequence[TableRule]) -> CheckReport:
    """Run the rules that compare the figures of whole tables, in the order of the rules."""
    evaluate = _Evaluation(None)
    found: dict[TableRule, CheckResult] = {}
    for table, own in _by_table(rules).items():
        found |= _check_figures(evaluate, table, comparison, own)
    return CheckReport(tuple(found[rule] for rule in rules))


def require_sound(report: CheckReport) -> CheckReport:
    """Return a report that has no errors.

    Raises
    ------
    LedgerError
        Rules of level error are broken; all are listed.
    """
    if not report.ok:
        raise LedgerError("; ".join(result.sentence for result in report.errors))
    return report


class _Evaluation:
    """Runs suites in one library context, created for the first suite."""

    def __init__(self, site: Path | None) -> None:
        self._site = site
        self._context: Any = None

    def context(self) -> Any:  # noqa: ANN401  # the library's own type
        if self._context is None:
            self._context = expectations.new_context(str(self._site) if self._site else None)
        return self._context

    def run(self, name: str, frame: pd.DataFrame, rules: Sequence[TableRule]) -> dict[TableRule, Any]:
        return expectations.run_rules(self.context(), name, frame, rules)


def _by_table(rules: Sequence[TableRule]) -> dict[str, list[TableRule]]:
    by_table: dict[str, list[TableRule]] = defaultdict(list)
    for rule in rules:
        by_table[rule.table].append(rule)
    return by_table


def _check_rows(
    evaluate: _Evaluation, table: str, ledger: Ledger, rules: Sequence[TableRule]
) -> dict[TableRule, CheckResult]:
    frame = with_derived(ledger, table)
    asked = [rule for rule in rules if len(frame) or rule.what == "some_rows"]
    found = {rule: _passed(rule, 0) for rule in rules if rule not in asked}
    if asked:
        results = evaluate.run(table, frame, asked)
        found |= {rule: _result(rule, result, len(frame)) for rule, result in results.items()}
    return found


def _check_figures(
    evaluate: _Evaluation, table: str, comparison: RunComparison | None, rules: Sequence[TableRule]
) -> dict[TableRule, CheckResult]:
    found = {rule: _passed(rule, 0, compared=False) for rule in rules}
    if comparison is None:
        return found
    measured = {rule: comparison.measure(table, rule.what) for rule in rules}
    asked = [rule for rule in rules if measured[rule].value is not None]
    if asked:
        frame = pd.DataFrame({rule.what: [measured[rule].value] for rule in asked}, dtype="float64")
        for rule, result in evaluate.run(f"{table}_figures", frame, asked).items():
            words = (measured[rule].words,)
            found[rule] = _of(rule, ok=bool(result.success), n_rows=1, n_bad=not result.success, words=words)
    return found


def _of(rule: TableRule, *, ok: bool, n_rows: int, n_bad: int, words: tuple[str, ...] = ()) -> CheckResult:
    return CheckResult(rule.table, rule.name, rule.level, ok, n_rows, int(n_bad), words, rule.name_fr)


def _passed(rule: TableRule, n_rows: int, *, compared: bool = True) -> CheckResult:
    return CheckResult(
        rule.table,
        rule.name,
        rule.level,
        ok=True,
        n_rows=n_rows,
        n_bad=0,
        rule_fr=rule.name_fr,
        compared=compared,
    )


def _result(rule: TableRule, result: Any, n_rows: int) -> CheckResult:  # noqa: ANN401  # the library's own type
    values = result.result.get("partial_unexpected_list", [])
    n_bad = int(result.result.get("unexpected_count", 0 if result.success else n_rows))
    examples = tuple(dict.fromkeys(_text(value) for value in values))[:N_EXAMPLES]
    return _of(rule, ok=bool(result.success), n_rows=n_rows, n_bad=n_bad, words=examples)


def _text(value: object) -> str:
    """Format a faulty value; a composite key or a pair of dates as its parts."""
    if isinstance(value, dict):
        return ", ".join(f"{name} {_text(part)}" for name, part in value.items())
    if isinstance(value, (tuple, list)):
        return ", ".join(_text(part) for part in value)
    return str(value).removesuffix(".000000").removesuffix("T00:00:00").removesuffix(" 00:00:00")
