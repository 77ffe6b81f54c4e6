"""Imports from any source into the ledger's folder, for `encours import` and `encours start`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.cli import wiring

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from pipelines.sources.source import Source

FEC = "fec"
"""The word given instead of a mapping."""


def fec_source(terms: int | None, old_after: int | None = None, *, replace: bool = False) -> Source:
    """Return FEC files as a source, with default days where none are given."""
    from pipelines.sources.bookkeeping.building import BookkeepingOptions
    from pipelines.sources.fec.importing import DEFAULT_TERMS
    from pipelines.sources.fec.source import FecSource

    chosen = BookkeepingOptions(
        DEFAULT_TERMS.default_days if terms is None else terms,
        DEFAULT_TERMS.old_after_days if old_after is None else old_after,
    )
    return FecSource(chosen, replace)


def import_from(source: Source, files: Sequence[Path], ledger: Path, lang: str) -> int:
    """Import files, print the fates of their rows, and return the exit code."""
    from pipelines.cli.console import fec as console_fec
    from pipelines.cli.console import imports as console_imports
    from pipelines.sources.fec.summary import FecSummary
    from pipelines.sources.mapping.importing import ImportSummary

    with wiring.changing(ledger, lang, makes=True) as draft:
        found = source.import_files(files, draft)
    if isinstance(found, FecSummary):
        console_fec.imported(found, lang)
    elif isinstance(found, ImportSummary):
        console_imports.imported(found, lang)
    return found.exit_code
