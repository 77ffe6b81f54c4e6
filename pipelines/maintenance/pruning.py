"""Removal of what is too old: documents of past runs, versions of the ledger, answers of registers.

Nothing that an entry of the audit log needs for its replay is touched: states, policies and models. Neither
is what pages and monitoring show of the past: the figures of past runs, and their portfolios. Killed half-way
or run twice, it does no harm.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from models.errors import LockHeldError
from models.ledger.versions import VERSIONS, writing

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable
    from pathlib import Path

    from serving.store import PrunedRuns, Store


@dataclass(frozen=True, slots=True)
class PruneReport:
    """What was removed, or would be.

    Parameters
    ----------
    versions
        Versions of the ledger that are neither in force nor read; 0 where it is being written.
    answers
        Answers of registers.
    size_before_bytes, size_after_bytes
        Size of the store.
    """

    runs: PrunedRuns
    versions: int
    answers: int
    size_before_bytes: int
    size_after_bytes: int
    dry: bool


def prune(
    store: Store,
    ledger: Path,
    registers: Path,
    *,
    keep: int,
    answers_before: dt.datetime,
    dry: bool = False,
    waits: Callable[[str], None] = lambda _who: None,
) -> PruneReport:
    """Remove what is too old.

    Parameters
    ----------
    registers
        The folder of the registers' answers.
    keep
        Nights whose documents stay, at least 1.
    answers_before
        Answers of registers from before this moment are removed.
    dry
        Whether it only counts.
    waits
        Called once with who holds the store's night, before waiting for it.

    Raises
    ------
    StoreError, LedgerError
        The store or the ledger cannot be read or written.
    LockHeldError
        A nightly run takes too long.
    """
    before = store.size_bytes()
    if dry:
        runs = store.prunable(keep)
    else:
        with store.one_night(waits):
            runs = store.prune(keep)
        store.release_space()
    versions = _old_versions(ledger)
    if versions and not dry:
        versions -= _sweep(ledger)
    answers = _old_answers(registers, answers_before)
    if not dry:
        for path in answers:
            path.unlink(missing_ok=True)
    return PruneReport(runs, versions, len(answers), before, store.size_bytes(), dry)


def _old_versions(ledger: Path) -> int:
    """Return the number of versions and drafts besides the one in force."""
    versions = ledger / VERSIONS
    return max(sum(1 for _ in versions.iterdir()) - 1, 0) if versions.is_dir() else 0


def _sweep(ledger: Path) -> int:
    """Remove versions without readers; return how many are left.

    The ledger's next writer does the same: an empty change is enough. It is left to a writer at work.
    """
    with suppress(LockHeldError), writing(ledger, patience_s=0):
        pass
    return _old_versions(ledger)


def _old_answers(registers: Path, before: dt.datetime) -> list[Path]:
    """Return files of answers, and drafts of killed processes, written before a moment."""
    until, found = before.timestamp(), []
    for path in registers.glob("*/*"):
        with suppress(FileNotFoundError):  # another process removed it
            if path.stat().st_mtime < until:
                found.append(path)
    return found
