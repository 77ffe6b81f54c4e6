"""Atomic changes of a ledger's folder, by numbered versions and one pointer.

```
data/ledger/CURRENT               number of the current version, switched by one rename
data/ledger/versions/000007/      all files of that version; immutable once current
data/ledger/.lock                 held by the one writing process
data/ledger/checks/               results of checks, not part of a version
```

A writer works in a draft, the next version, which starts with hard links to the files of the current version:
code that writes there must replace a file (write another one, rename it over), never modify one in place. A
draft left by a killed process is never pointed to, and the next writer removes it. A reader locks the folder
it reads (a shared lock, released with its process), and the next writer removes versions without readers. A
folder without a pointer is a version itself: drafts are, and so are ledgers from before versioning, whose
files move into the first version at the next write.

The files' contents are not interpreted here, so that a table may become a folder of partitions.
"""

from __future__ import annotations

import fcntl
import os
import re
import shutil
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from models.errors import CreditError, LedgerError
from models.ledger.file_lock import PATIENCE_S, locked
from models.ledger.tables import TABLES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

POINTER, VERSIONS, LOCK = "CURRENT", "versions", ".lock"
_NUMBER = re.compile(r"\d{6,}")
_FLAT = frozenset(
    (
        *(f"{name}.parquet" for name in TABLES),
        *("fec_lines.parquet", "fec_notes.parquet", "fec_old.csv", "fec_terms.json"),
        *("entities.csv", "originals.parquet", "import_notes.csv", "quarantine", "registers"),
    )
)
"""Contents of ledgers from before versioning, whose folder may also contain unrelated files."""


def current(folder: Path) -> Path:
    """Return the folder of a ledger's files: the current version, or `folder` where it has no pointer.

    Raises
    ------
    LedgerError
        The pointer cannot be read, or names a missing version.
    """
    pointer = folder / POINTER
    try:
        number = pointer.read_text("ascii").strip()
    except (FileNotFoundError, NotADirectoryError):
        return folder
    except (OSError, ValueError) as error:
        raise LedgerError(f"{pointer} cannot be read: {error}; take the latest backup") from error
    if not _NUMBER.fullmatch(number):
        raise LedgerError(f"{pointer} holds {number[:40]!r}; a version's number, such as 000007, is allowed")
    return folder / VERSIONS / number


def root_of(version: Path) -> Path:
    """Return the ledger's folder of a version or a draft; any other folder unchanged."""
    return version.parent.parent if version.parent.name == VERSIONS else version


def require_draft(folder: Path) -> None:
    """Check that files may be written to a folder: a draft, or a folder without versions.

    Raises
    ------
    LedgerError
        It has versions, which are immutable.
    """
    if (folder / POINTER).exists():
        raise LedgerError(f"{folder} has versions ({VERSIONS}/); open it with `ledger_versions.writing`")


@contextmanager
def reading(folder: Path) -> Iterator[Path]:
    """Open the current version for reading; it remains complete and unchanged for the block.

    Yields
    ------
        The folder of its files; `folder` itself where there is no ledger.

    Raises
    ------
    LedgerError
        The pointer cannot be read, or names a missing version.
    """
    version, pin = _pinned(folder)
    try:
        yield version
    finally:
        if pin is not None:
            os.close(pin)


@contextmanager
def writing(
    folder: Path, *, waits: Callable[[str], None] = lambda _: None, patience_s: float = PATIENCE_S
) -> Iterator[Path]:
    """Open a ledger for a change: read, merge and write in the yielded folder.

    Only one process writes a ledger at a time. The change is committed at the end of the block and visible to
    readers that open the ledger afterwards; an error in the block changes nothing.

    Parameters
    ----------
    folder
        Created if missing.
    waits
        Called once with the name of the current writer before waiting.
    patience_s
        Largest waiting time in seconds.

    Yields
    ------
        The draft, with the ledger's current contents.

    Raises
    ------
    LedgerError
        The folder cannot be written to.
    LockHeldError
        Another process has been writing for longer than `patience_s`.
    """
    if folder.exists() and not folder.is_dir():
        raise LedgerError(f"{folder} is a file; a ledger is a folder")
    is_new = not folder.exists()
    try:
        with locked(folder / LOCK, waits=waits, patience_s=patience_s):
            before = current(folder)
            draft = _draft(folder, before)
            with _told_of(before, draft, is_new=is_new and before == folder):
                yield draft
            _settle(draft)
            _switch(folder, draft)
            _sweep(folder)
    except (OSError, shutil.Error) as error:
        raise LedgerError(f"{folder} cannot be written: {error}") from error


@contextmanager
def _told_of(before: Path, draft: Path, *, is_new: bool) -> Iterator[None]:
    """Remove a draft after an error, and replace its path in the message by the previous one.

    Parameters
    ----------
    is_new
        Whether the ledger's folder was created for this draft, and is removed with it.
    """
    try:
        yield
    except CreditError as error:
        shutil.rmtree(before if is_new else draft, ignore_errors=True)
        error.args = tuple(str(one).replace(str(draft), str(before)) for one in error.args)
        raise


def _pinned(folder: Path) -> tuple[Path, int | None]:
    """Return the current version, and a descriptor that pins it until closed."""
    while True:
        version = current(folder)
        try:
            pin = os.open(version, os.O_RDONLY)
        except OSError as error:
            if version == folder:
                return folder, None
            if current(folder) != version:
                continue
            raise LedgerError(
                f"{version} cannot be read: {error.strerror}; take the latest backup"
            ) from error
        with suppress(OSError):  # a file system without locks
            fcntl.flock(pin, fcntl.LOCK_SH)
        # A writer may have switched versions and removed this one before it was locked.
        if current(folder) == version:
            return version, pin
        os.close(pin)


def _draft(folder: Path, before: Path) -> Path:
    """Create the next version from the files of the current one; remove leftovers of earlier writers."""
    _sweep(folder)
    versions = folder / VERSIONS
    taken = [int(one.name) for one in versions.glob("*") if _NUMBER.fullmatch(one.name)]
    draft = versions / f"{max(taken, default=0) + 1:06}"

    def left_out(place: str, names: list[str]) -> set[str]:
        drafts = {name for name in names if name.startswith(".")}
        return drafts | (set(names) - _FLAT if Path(place) == folder else set())

    versions.mkdir(mode=0o700, exist_ok=True)
    shutil.copytree(before, draft, copy_function=_link, ignore=left_out)
    draft.chmod(0o700)
    return draft


def _link(source: str, target: str) -> None:
    """Hard-link a file, or copy it where the file system has no links."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)


def _settle(draft: Path) -> None:
    """Restrict a draft's files to their owner, and flush them to disk before the switch."""
    for place, _, names in os.walk(draft):
        Path(place).chmod(0o700)
        for name in names:
            path = Path(place, name)
            path.chmod(0o600)
            if path.stat().st_nlink == 1:  # linked files are on disk already
                flush(path)
        flush(Path(place))
    flush(draft.parent)


def _switch(folder: Path, draft: Path) -> None:
    """Make a draft the current version, atomically."""
    pointer = folder / f".{POINTER}.new"
    pointer.write_text(f"{draft.name}\n", "ascii")
    pointer.chmod(0o600)
    flush(pointer)
    pointer.replace(folder / POINTER)
    flush(folder)


def flush(path: Path) -> None:
    """Flush a file or a folder to disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _sweep(folder: Path) -> None:
    """Remove versions and drafts that are neither current nor read; requires the writer's lock."""
    in_force, versions = current(folder), folder / VERSIONS
    for version in versions.iterdir() if versions.is_dir() else ():
        if version != in_force:
            _remove(version, [version])
    if in_force != folder:
        _remove(folder, [folder / name for name in _FLAT])


def _remove(version: Path, paths: list[Path]) -> None:
    """Remove files of a version unless it has readers; the next writer tries again."""
    try:
        pin = os.open(version, os.O_RDONLY)
    except OSError:
        return
    try:
        fcntl.flock(pin, fcntl.LOCK_EX | fcntl.LOCK_NB)
        for path in paths:
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)
    except OSError:
        return
    finally:
        os.close(pin)
