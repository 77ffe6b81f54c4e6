"""CSV or Excel lists as a ledger source, read through a mapping."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipelines.sources.mapping.importing import import_files

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from pipelines.sources.mapping.importing import ImportSummary


@dataclass(frozen=True, slots=True)
class MappingSource:
    """One import of lists, a `pipelines.sources.source.Source`.

    Parameters
    ----------
    mapping
        The TOML that maps the columns.
    """

    mapping: Path

    def why_not(self, path: Path, ledger: Path) -> str | None:  # noqa: ARG002  # the protocol's
        """Return None: missing columns are detected only when the whole import is read."""
        return None

    def import_files(self, files: Sequence[Path], ledger: Path) -> ImportSummary:
        """Import the files; see `pipelines.sources.mapping.importing.import_files`."""
        return import_files(self.mapping, files, ledger)
