"""What `encours registers` shows: where rows went, what was found, and what a person must look at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.console import console

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipelines.sources.registers.summary import RegisterSummary

_SHOWN = 10


def registers(summary: RegisterSummary) -> None:
    """Show what reading a register did."""
    console.say(
        f"{summary.source}: {summary.read:,} read, {summary.kept:,} kept, "
        f"{summary.elsewhere:,} about other companies, {summary.without_effect:,} without effect, "
        f"{summary.refused:,} refused"
    )
    console.say(f"found: {summary.found:,}")
    _named("not found", summary.not_found)
    _named("ceased", summary.ceased)
    _named("new proceedings", summary.new_proceedings)
    for words, count in summary.unknown.items():
        console.say(f"not understood, {count:,} times: {words}")
    for register, reason in summary.away.items():
        console.say(f"away: {register}: {reason}")
    console.currencies(summary.currencies)
    for path in summary.quarantine_files:
        console.say(f"refused rows are in {path}")


def _named(what: str, sirens: Sequence[str]) -> None:
    if sirens:
        more = f" and {len(sirens) - _SHOWN:,} more" if len(sirens) > _SHOWN else ""
        console.say(f"{what}: {len(sirens):,}: {', '.join(sirens[:_SHOWN])}{more}")
