"""Console output of the commands on models: checks, euros, versions, history, searches."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from rich.box import SIMPLE
from rich.table import Table

from pipelines.cli.console import console
from pipelines.cli.console.marking import escape
from pipelines.training.gate import figure
from pipelines.training.params_file import lines_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from models.learning.registry import Version
    from pipelines.training.decision_value import Worth
    from pipelines.training.gate import Verdict
    from pipelines.training.promotion import PromotionResult
    from pipelines.training.tune import Tuning
    from serving.store import Promotion

MEASURES = {"AUC": "test.auc", "AP": "test.average_precision", "off by": "test.calibration_error"}
"""Columns of the list: AUC, average precision and calibration error on the test period."""


def outcome(found: PromotionResult) -> None:
    """Print a verdict with its checks, if any, and the result of the command."""
    if found.verdict is not None:
        _verdict(found.verdict)
    if found.action != "refused":
        console.say(found.words)


def versions(found: Sequence[tuple[Version, Mapping[str, float]]]) -> None:
    """Print registered versions with their metrics on the test period."""
    table = Table("target", "version", "model", *MEASURES, "alias", box=SIMPLE)
    for one, measured in found:
        figures = [f"{measured[name]:.4f}" if name in measured else "" for name in MEASURES.values()]
        table.add_row(one.target, str(one.number), one.model_version, *figures, ", ".join(one.aliases))
    console.show(table)


def history(found: Sequence[Promotion]) -> None:
    """Print the history of promotions: caller, version and time; the newest entry last."""
    if not found:
        console.say("no version was promoted yet")
        return
    table = Table(box=SIMPLE, pad_edge=False)
    table.add_column("when (UTC)", no_wrap=True)
    for title in ("target", "version", "what", "who", "before", "why"):
        table.add_column(title)
    for entry in found:
        who = entry.who if entry.second is None else f"{entry.who}, {entry.second}"
        before = "" if entry.previous is None else str(entry.previous)
        table.add_row(f"{entry.at:%Y-%m-%d %H:%M}", entry.target, str(entry.version),
                      entry.action.replace("_", " "), escape(who), before, escape(_why(entry)))  # fmt: skip
    console.show(table)


def tuned(found: Tuning, section: str, written: Path | None) -> None:
    """Print the result of a search, and what to write into `params.yaml` unless already written."""
    if found.interrupted:
        console.say("the search was ended by hand; what it found until then counts")
    ended = Counter(run.state for run in found.runs)
    told = ", ".join(f"{count} {state}" for state, count in ended.items())
    console.say(f"{found.target}, trials so far: {told or 'none'}")
    console.say(found.words)
    if not found.chosen:
        return
    if written is not None:
        console.say(f"written into {written}")
    else:
        console.say("params.yaml stays as it is; to train so again, --write-params or paste:")
        console.say(lines_of(section, found.chosen).rstrip())


def _verdict(verdict: Verdict) -> None:
    console.say(f"{verdict.target}: {verdict.outcome} ({verdict.compared})")
    table = Table("check", "measured", "95 %", "bar", "", box=SIMPLE, pad_edge=False)
    for check in verdict.checks:
        mark = "[green]✓[/green]" if check.passed else "[red]✗[/red]"
        table.add_row(check.name, figure(check.measured), check.drawn, escape(check.bar), mark)
    console.show(table)
    console.show(_euros(verdict.worth))


def _euros(found: Sequence[Worth]) -> Table:
    """Return the value of each decision rule compared with accepting all orders."""
    caption = "euros a year on the questions asked, at the policy's cut-offs; worth is margin less loss"
    table = Table(box=SIMPLE, pad_edge=False, caption=caption)
    table.add_column("decided by", no_wrap=True)
    for title in ("credit", "loss", "avoided", "margin lost", "worth"):
        table.add_column(title, justify="right")
    for one in found:
        figures = (
            one.granted_eur,
            one.realised_loss_eur,
            one.loss_avoided_eur,
            one.margin_lost_eur,
            one.value_eur,
        )
        table.add_row(one.strategy, *(f"{figure:,.0f}" for figure in figures))
    return table


def _why(entry: Promotion) -> str:
    """Return the given reason, or the failed checks."""
    if entry.reason or entry.verdict is None:
        return entry.reason
    failed = [check["name"] for check in entry.verdict.get("checks", []) if not check["passed"]]
    return ", ".join(failed)
