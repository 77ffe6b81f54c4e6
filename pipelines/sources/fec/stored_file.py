"""Storage of a FEC, compressed and unchanged, while lines of it are in quarantine and can be corrected.

It is stored with the files of other imports; `validation.source_readings` deletes it when none of its lines
is pending.
"""

from __future__ import annotations

import gzip
import hashlib
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from models.errors import LedgerError
from pipelines.source_files import GZIP, UNREADABLE, ZIP, ImportBounds, opened
from pipelines.sources.fec import stream
from pipelines.sources.fec.origin import Origin
from pipelines.validation import source_readings
from pipelines.validation.quarantine import FOLDER

if TYPE_CHECKING:
    from pipelines.sources.mapping.reading import CorrectedRows

MAPPING = "FEC"
"""Placeholder for a mapping's text: the columns of a FEC are defined by law."""
_PLAIN, _PACKED = "plain", "packed"


def origin_of(path: Path, ledger: Path) -> Origin:
    """Return a given file with the lines corrected in `ledger` since its first import.

    Raises
    ------
    LedgerError
        The file cannot be read.
    """
    digest = stream.digest(path)
    return Origin(path, path, digest, source_readings.read_corrections(ledger, digest))


def is_stored(ledger: Path, short: str) -> bool:
    """Return whether a stored file with this short hash is a FEC."""
    digest = source_readings.find(ledger, source_readings.STORED, short)
    return digest is not None and _place(ledger, digest).is_file()


def store(ledger: Path, origin: Origin) -> None:
    """Store a file unless it is already stored.

    Raises
    ------
    LedgerError
        It cannot be written.
    """
    target = _place(ledger, origin.digest)
    if target.is_file():
        return
    try:
        with origin.path.open("rb") as source:
            packed = source.read(4).startswith((ZIP, GZIP))
        target.parent.mkdir(parents=True, exist_ok=True)
        draft = target.with_name(f".{target.name}.{os.getpid()}")
        if packed:
            shutil.copyfile(origin.path, draft)
        else:
            with origin.path.open("rb") as source, gzip.open(draft, "wb", compresslevel=1) as out:
                shutil.copyfileobj(source, out, stream.BLOCK_BYTES)
        draft.replace(target)
    except OSError as error:
        raise LedgerError(f"{target} cannot be written: {error.strerror}") from error
    name = source_readings.ImportedFile(origin.named.name, origin.digest)
    source_readings.write_reading(
        ledger,
        origin.digest,
        source_readings.StoredReading(MAPPING, _PACKED if packed else _PLAIN, "", (name,)),
    )


def stored_origin(ledger: Path, digest: str, corrections: CorrectedRows) -> Origin:
    """Return a stored file with its corrected lines.

    Raises
    ------
    LedgerError
        The file was not stored, cannot be read, or was changed since.
    """
    how, place, bounds = source_readings.read_reading(ledger, digest), _place(ledger, digest), ImportBounds()
    packed_here = how.shape == _PLAIN
    if packed_here:
        bounds = bounds.of_our_own()
    try:
        with opened(place, bounds) if packed_here else place.open("rb") as content:
            found = hashlib.file_digest(content, "sha256")
    except UNREADABLE as error:
        raise LedgerError(f"{place} cannot be read: {error}; import the file again") from error
    if found.hexdigest() != digest:
        raise LedgerError(f"{place} was changed since it was kept; import the file again")
    return Origin(place, Path(how.files[0].name), digest, corrections, bounds)


def _place(ledger: Path, digest: str) -> Path:
    return ledger / FOLDER / source_readings.STORED / f"{digest}.fec"
