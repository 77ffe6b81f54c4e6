"""FEC files as a ledger source, recognised by their content, never by their name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from models.errors import LedgerError
from pipelines.sources.fec.importing import DEFAULT_TERMS, import_fec
from pipelines.sources.fec.origin import texts
from pipelines.sources.fec.stored_file import origin_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from pipelines.sources.bookkeeping.building import BookkeepingOptions
    from pipelines.sources.fec.summary import FecSummary


@dataclass(frozen=True, slots=True)
class FecSource:
    """One import of FEC files, a `pipelines.sources.source.Source`.

    Parameters
    ----------
    terms
        The default terms, and from which age an opening item is old.
    replace_year
        Whether a file may delete more than half of the lines of the file that it replaces.
    """

    terms: BookkeepingOptions = DEFAULT_TERMS
    replace_year: bool = False

    def why_not(self, path: Path, ledger: Path) -> str | None:
        """Return why a file cannot be read as a FEC, None if its header is valid."""
        try:
            next(iter(texts(origin_of(path, ledger))), None)
        except LedgerError as error:
            return str(error)
        return None

    def import_files(self, files: Sequence[Path], ledger: Path) -> FecSummary:
        """Import the files, one financial year each; see `pipelines.sources.fec.importing.import_fec`."""
        return import_fec(files, ledger, self.terms, replace_year=self.replace_year)
