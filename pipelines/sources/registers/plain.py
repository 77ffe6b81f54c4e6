"""Plain CSVs with the ledger's column names: accounts and cover, through the bundled mappings.

Owns finding out how such a file is written: separated by commas with decimal points, or by semicolons with
decimal commas, as a French spreadsheet does it.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from models.errors import LedgerError
from pipelines.sources.mapping.importing import import_mapped
from pipelines.sources.mapping.loading import load_mapping
from pipelines.sources.registers.files import first_line

if TYPE_CHECKING:
    from pipelines.sources.mapping.importing import ImportSummary


def header_of(path: Path) -> list[str]:
    """Return the columns of a CSV.

    Raises
    ------
    LedgerError
        It cannot be read.
    """
    line = first_line(path)
    separator = max(";,\t", key=line.count)
    return [name.strip().strip('"') for name in line.strip().split(separator)]


def import_plain(table: str, path: Path, folder: Path) -> ImportSummary:
    """Import a plain CSV of a table through the mapping of the same name.

    Raises
    ------
    LedgerError
        The file or the ledger cannot be used; then nothing was changed.
    """
    mapping = load_mapping(Path(__file__).with_name("mappings") / f"{table}.toml")
    line = first_line(path)
    separator = max(";,\t", key=line.count)
    decimal = "," if separator == ";" else "."
    if not line.strip():
        raise LedgerError(f"{path} is empty; a header is needed")
    shape = mapping.file.model_copy(update={"separator": separator, "decimal": decimal})
    return import_mapped(replace(mapping, file=shape), [path], folder)
