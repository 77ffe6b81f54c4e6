"""Console output of `encours monitor`: every check with its threshold, alerts, and whether to retrain."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.box import SIMPLE
from rich.table import Table

from pipelines.cli.console import console
from pipelines.cli.console.marking import escape
from pipelines.monitoring.words import figure

if TYPE_CHECKING:
    from pathlib import Path

    from pipelines.monitoring.monitor import Watch
    from pipelines.monitoring.verdict import MonitoringCheck


def watched(found: Watch, out: Path) -> None:
    """Print the checks of both targets in one table, then each alert as a sentence."""
    console.say(f"as of {found.as_of}, questions of the last {found.window_days} days")
    for one in found.targets:
        console.say(
            f"{one.target}: version {one.version.number}, learnt until {one.learnt_until}; "
            f"{one.rows:,} questions about {one.customers:,} customers"
        )
    table = Table("check", box=SIMPLE, pad_edge=False)
    for one in found.targets:
        table.add_column(one.target, justify="right")
        table.add_column("bar", justify="right")
        table.add_column("")
    for checks in zip(*(one.checks for one in found.targets), strict=True):
        cells = [cell for check in checks for cell in _cells(check)]
        table.add_row(escape(checks[0].rule.label_en), *cells)
    console.show(table)
    for check in found.alerts:
        console.say(f"{check.target}: {'' if check.due else 'worth a look: '}{check.text_en}")
    console.say("retraining is due" if found.due else "nothing calls for retraining")
    console.say(f"report.html, monitoring.json and encours.prom in {out}")


def _cells(check: MonitoringCheck) -> tuple[str, str, str]:
    """Return value, threshold and mark."""
    value = figure(check.value, check.rule.unit, "en")
    if check.bar is None:
        return value, "", ""
    sign = "≥" if check.rule.least else "≤"
    mark = "[red]✗[/red]" if check.due else "[yellow]![/yellow]" if check.fired else "[green]✓[/green]"
    return value, f"{sign} {figure(check.bar, check.rule.unit, 'en')}", mark
