"""Interface of a file format that a ledger can be imported from; a new format implements `Source`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


class ImportResult(Protocol):
    """Outcome of every row of an import, for the terminal to print."""

    @property
    def exit_code(self) -> int:
        """Exit code: 0 on success, 3 when too many rows were refused."""


class Source(Protocol):
    """A file format for ledger imports, with the options of one import."""

    def why_not(self, path: Path, ledger: Path) -> str | None:
        """Return why a file is not in this format, None if it may be; reads only its beginning."""

    def import_files(self, files: Sequence[Path], ledger: Path) -> ImportResult:
        """Import files into a ledger, all or nothing.

        Raises
        ------
        LedgerError
            A file or the ledger cannot be used; then nothing was changed.
        """
