"""Source files of imports with quarantined rows, stored so that corrected rows can be imported.

Next to the quarantine's lists, in `kept/`: the original file, compressed, and how it was read; files of one
import stay together, as a payment may refer to an invoice in another of them. In `mended/`: rows corrected by
a person, which replace the file's own in every import. File names are hashes.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, Protocol

from models.errors import LedgerError
from pipelines.source_files import ImportBounds, unpacked
from pipelines.validation.quarantine import FOLDER

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

STORED, CORRECTED = "kept", "mended"
_HASH = re.compile(r"[0-9a-f]{12}")
_SHORT = re.compile(r"\.([0-9a-f]{12})\.csv$")


class _Content(Protocol):
    """A file: its name, its hash and its content."""

    @property
    def path(self) -> Path: ...
    @property
    def digest(self) -> str: ...
    @property
    def data(self) -> bytes: ...


class _File(Protocol):
    def model_dump_json(self) -> str: ...


class _Mapping(Protocol):
    """A mapping: its text, and the file's format, which may be detected."""

    @property
    def text(self) -> str: ...
    @property
    def file(self) -> _File: ...


class ImportedFile(NamedTuple):
    """A file of an import, by name and hash."""

    name: str
    digest: str


@dataclass(frozen=True, slots=True)
class StoredReading:
    """How the files of one import were read.

    Parameters
    ----------
    mapping, shape
        The TOML of the mapping and, as JSON, the format of the files.
    mapping_digest
        Hash of both.
    files
        All files of the import, in reading order.
    """

    mapping: str
    shape: str
    mapping_digest: str
    files: tuple[ImportedFile, ...]


def store(ledger: Path, contents: Sequence[_Content], mapping: _Mapping, *, refused: bool) -> None:
    """Store the files of an import with refused rows; delete files that are no longer needed.

    Raises
    ------
    LedgerError
        They cannot be written.
    """
    folder = ledger / FOLDER / STORED
    try:
        if refused and mapping.text:
            folder.mkdir(parents=True, exist_ok=True)
            shape = mapping.file.model_dump_json()
            mapping_digest = hashlib.sha256(f"{mapping.text}\0{shape}".encode()).hexdigest()
            files = tuple(ImportedFile(content.path.name, content.digest) for content in contents)
            for content in contents:
                if not (folder / f"{content.digest}.gz").is_file():
                    _write(folder / f"{content.digest}.gz", gzip.compress(content.data, 3, mtime=0))
                write_reading(
                    ledger, content.digest, StoredReading(mapping.text, shape, mapping_digest, files)
                )
        sweep(ledger)
    except OSError as error:
        raise LedgerError(f"{folder} cannot be written: {error.strerror}") from error


def sweep(ledger: Path) -> None:
    """Delete the files of imports without quarantined rows."""
    folder = ledger / FOLDER / STORED
    if not folder.is_dir():
        return
    waiting = {found[1] for path in (ledger / FOLDER).glob("*.csv") if (found := _SHORT.search(path.name))}
    needed: set[str] = set()
    for path in folder.glob("*.json"):
        if path.stem[:12] in waiting:
            needed |= {path.stem} | {one.digest for one in read_reading(ledger, path.stem).files}
    for path in folder.iterdir():
        if path.name.split(".")[0] not in needed:
            path.unlink()


def find(ledger: Path, folder: str, short: str) -> str | None:
    """Return the full hash of a stored file by its first twelve digits, None if there is none."""
    if not _HASH.fullmatch(short):
        return None
    found = sorted((ledger / FOLDER / folder).glob(f"{short}*.json"))
    return found[0].stem if found else None


def read_reading(ledger: Path, digest: str) -> StoredReading:
    """Read how a file was read on import.

    Raises
    ------
    LedgerError
        It was not stored, or cannot be read.
    """
    path = ledger / FOLDER / STORED / f"{digest}.json"
    try:
        raw = json.loads(path.read_bytes())
        files = tuple(ImportedFile(str(name), str(one)) for name, one in raw["files"])
        return StoredReading(str(raw["mapping"]), str(raw["shape"]), str(raw["mapping_digest"]), files)
    except FileNotFoundError as error:
        raise LedgerError(
            "the rows of this file were not kept with it; correct them in the program that exports it, "
            "export it again and import it: what it replaces leaves the quarantine"
        ) from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise LedgerError(f"{path} cannot be read: {error}; import the file again") from error


def write_reading(ledger: Path, digest: str, how: StoredReading) -> None:
    """Write how a file was read, next to the file.

    Raises
    ------
    LedgerError
        It cannot be written.
    """
    path = ledger / FOLDER / STORED / f"{digest}.json"
    document = {
        "mapping": how.mapping,
        "shape": how.shape,
        "mapping_digest": how.mapping_digest,
        "files": [list(one) for one in how.files],
    }
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _write(path, json.dumps(document, indent=1).encode())
    except OSError as error:
        raise LedgerError(f"{path} cannot be written: {error.strerror}") from error


def read_content(ledger: Path, digest: str) -> bytes:
    """Return the content of a stored file.

    Raises
    ------
    LedgerError
        It cannot be read, or differs from the original.
    """
    path = ledger / FOLDER / STORED / f"{digest}.gz"
    try:
        data = unpacked(path, path.read_bytes(), ImportBounds().of_our_own())
    except OSError as error:
        raise LedgerError(f"{path} cannot be read: {error}; import the file again") from error
    if hashlib.sha256(data).hexdigest() != digest:
        raise LedgerError(f"{path} was changed since it was kept; import the file again")
    return data


def read_corrections(ledger: Path, digest: str) -> dict[int, list[str]]:
    """Return the corrected rows of a file: their cells by line; empty without corrections.

    Raises
    ------
    LedgerError
        They cannot be read.
    """
    path = ledger / FOLDER / CORRECTED / f"{digest}.json"
    if not path.is_file():
        return {}
    try:
        raw = json.loads(path.read_bytes())
        return {int(line): [str(cell) for cell in cells] for line, cells in raw.items()}
    except (OSError, ValueError, AttributeError, TypeError) as error:
        raise LedgerError(f"{path} cannot be read: {error}; delete it and correct the rows again") from error


def write_corrections(ledger: Path, digest: str, corrections: dict[int, list[str]]) -> None:
    """Store the corrected rows of a file.

    Raises
    ------
    LedgerError
        They cannot be written.
    """
    path = ledger / FOLDER / CORRECTED / f"{digest}.json"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _write(path, json.dumps(corrections, ensure_ascii=False, indent=1, sort_keys=True).encode())
    except OSError as error:
        raise LedgerError(f"{path} cannot be written: {error.strerror}") from error


def _write(path: Path, data: bytes) -> None:
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.write_bytes(data)
    draft.replace(path)
