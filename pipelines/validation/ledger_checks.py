"""Entry points of the checks for commands and the nightly run: by day, with the rules in force."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pandas as pd

from models.ledger.files import fingerprint, joint_fingerprint
from models.ledger.ledger import as_known_on, last_event
from pipelines.validation.checks import check_figures, check_ledger, check_run, require_sound
from pipelines.validation.comparison import figures_of, inferred_share, summed
from pipelines.validation.history import CheckRun, compare, keep, payment_notes
from pipelines.validation.loading import load_rules
from pipelines.validation.results import CheckReport
from pipelines.validation.rules import MEASURED

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from models.ledger.ledger import Ledger
    from pipelines.ledger_parts import LedgerParts
    from pipelines.validation.comparison import LedgerFigures
    from pipelines.validation.rules import TableRule
    from pipelines.workers import Workers


def check_folder(
    ledger: Ledger,
    folder: Path,
    as_of: dt.date | None = None,
    suites: Path | None = None,
    *,
    accept: bool = False,
    docs: Path | None = None,
) -> CheckReport:
    """Check a ledger as known on a day, compare it with the last run and store the run.

    A ledger without events has no day, and is not compared.

    Parameters
    ----------
    folder
        The ledger's folder.
    as_of
        The day of the last event if None.
    suites
        A folder of custom rules; the packaged ones if None.

    Raises
    ------
    LedgerError
        The rules or the runs cannot be read, or something cannot be written.
    """
    rules = load_rules(suites)
    known = ledger if as_of is None else as_known_on(ledger, as_of)
    if as_of is None and not figures_of(ledger).newest:
        return check_ledger(known, rules, docs=docs)
    return check_run(
        known,
        folder,
        as_of or last_event(ledger),
        fingerprint(known),
        rules,
        only_until=as_of is not None,
        accept=accept,
        docs=docs,
    )


def night_check(
    folder: Path, suites: Path | None = None, *, only_until: bool
) -> Callable[[LedgerParts, Workers], CheckReport]:
    """Return the nightly check, which stores its run and raises where the ledger cannot be scored.

    Parameters
    ----------
    folder
        The ledger's folder.
    only_until
        Ignore runs of later days, as the day was chosen explicitly.
    """
    rules = load_rules(suites)

    def check(parts: LedgerParts, workers: Workers) -> CheckReport:
        return require_sound(_check_parts(parts, workers, folder, rules, only_until=only_until))

    return check


@dataclass(frozen=True, slots=True)
class _PartCheck:
    """Check of one part: its rows, its figures, and the fingerprint of its data."""

    report: CheckReport
    figures: LedgerFigures
    data: str


def _check_parts(
    parts: LedgerParts, workers: Workers, folder: Path, rules: Sequence[TableRule], *, only_until: bool
) -> CheckReport:
    """Check a ledger part by part, then its figures against the last run, and store the run."""
    by_row = [rule for rule in rules if rule.what not in MEASURED]
    measured = [rule for rule in rules if rule.what in MEASURED]
    found = list(workers.run(_check_part, (parts, by_row), range(parts.count)))
    now, data = summed([one.figures for one in found]), joint_fingerprint([one.data for one in found])
    notes = payment_notes(folder)
    if notes is not None:
        ids = pd.Series([who for part in range(parts.count) for who in parts.payment_ids(part)], dtype="str")
        now = replace(now, inferred=inferred_share(ids, notes))
    comparison = compare(now, folder, parts.as_of, data, only_until=only_until)
    rows = CheckReport.summed([one.report for one in found], [rule.what == "some_rows" for rule in by_row])
    results = dict(zip(by_row, rows.results, strict=True))
    results |= dict(zip(measured, check_figures(comparison, measured).results, strict=True))
    report = CheckReport(tuple(results[rule] for rule in rules))
    keep(folder, CheckRun(parts.as_of, data, now, ok=report.ok))
    return report


def _check_part(job: tuple[LedgerParts, Sequence[TableRule]], part: int) -> _PartCheck:
    parts, rules = job
    known = parts.read(part)
    return _PartCheck(check_ledger(known, rules), figures_of(known), fingerprint(known))
