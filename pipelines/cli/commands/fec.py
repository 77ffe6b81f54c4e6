"""The command `encours import fec`; `pipelines.cli.app` registers it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.cli import wiring
from pipelines.cli.console import console

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

NAME = "fec"
"""The word that stands in a mapping's place."""


def import_years(
    files: Sequence[Path],
    ledger: Path,
    terms: int | None,
    old_after: int | None,
    lang: str,
    *,
    replace: bool = False,
) -> int:
    """Import FEC files, say what came of it, and return the exit code."""
    from pipelines.cli.console import fec as console_fec
    from pipelines.sources.bookkeeping.building import Terms
    from pipelines.sources.fec.importing import DEFAULT_TERMS, import_fec

    if lang not in console.WORDS:
        wiring.refuse(f"--lang is {lang!r}; fr and en are spoken")
    chosen = Terms(
        DEFAULT_TERMS.default_days if terms is None else terms,
        DEFAULT_TERMS.old_after_days if old_after is None else old_after,
    )
    with wiring.changing(ledger, lang, makes=True) as draft:
        summary = import_fec(files, draft, chosen, replace_year=replace)
    console_fec.imported(summary, lang)
    return summary.exit_code
