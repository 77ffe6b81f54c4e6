"""What a kind of file offers so that a ledger can be imported from it; a new kind implements `Source`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


class ImportResult(Protocol):
    """What became of every row of an import, for the terminal to print."""

    @property
    def exit_code(self) -> int:
        """0 where the import is good, 3 where too many rows were refused."""


class Source(Protocol):
    """A kind of file that a ledger is imported from, with the options of one import."""

    def why_not(self, path: Path, ledger: Path) -> str | None:
        """Return why a file is not of this kind, None where it may be; only its beginning is read."""

    def import_files(self, files: Sequence[Path], ledger: Path) -> ImportResult:
        """Import files into a ledger, all or nothing.

        Raises
        ------
        LedgerError
            A file or the ledger cannot be used; then nothing was changed.
        """
