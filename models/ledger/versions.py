"""A ledger's folder as numbered versions and one pointer: a change is seen whole or not at all.

```
data/ledger/CURRENT               the number of the version in force, switched by one rename
data/ledger/versions/000007/      all files of that version; never changed once it is in force
data/ledger/.lock                 held by the one process that writes
data/ledger/checks/               the runs of the checks, which are no part of a version
```

A writer works in a draft, the next version, which begins with hard links to the files of the version in
force: code that writes there must replace a file (write another one, rename it over), never open one in
place. A draft that a kill leaves behind is never pointed at, and the next writer removes it. A reader locks
the folder it reads (a shared lock, which ends with its process), and versions that nobody reads are removed
by the next writer. A folder without a pointer is a version itself: drafts are, and so are ledgers written
before there were versions, whose files move into the first version at the next write.

What the files are is not known here, so that a table may become a folder of partitions.
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
"""What ledgers of before held in their folder, which may hold other people's files too."""


def current(folder: Path) -> Path:
    """Return where the files of a ledger are: the version in force, or `folder` where it has no pointer.

    Raises
    ------
    LedgerError
        The pointer cannot be read, or names a version that is not there.
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
    """Return the folder of the ledger that a version or a draft is of; any other folder is its own."""
    return version.parent.parent if version.parent.name == VERSIONS else version


def require_draft(folder: Path) -> None:
    """Check that files may be written into a folder: a draft, or a folder without versions.

    Raises
    ------
    LedgerError
        It has versions, whose files never change.
    """
    if (folder / POINTER).exists():
        raise LedgerError(f"{folder} has versions ({VERSIONS}/); open it with `ledger_versions.writing`")


@contextmanager
def reading(folder: Path) -> Iterator[Path]:
    """Open the version in force for reading; it stays, whole and unchanged, until the end of the block.

    Yields
    ------
        Where its files are; `folder` itself where there is no ledger.

    Raises
    ------
    LedgerError
        The pointer cannot be read, or names a version that is not there.
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
    """Open a ledger for a change: read, merge and write in the folder that this yields.

    One process at a time writes a ledger. The change is in force when the block ends, and readers see it from
    the next time they open the ledger; an error in the block changes nothing.

    Parameters
    ----------
    folder
        Made where it lacks.
    waits
        Called once with a name for who writes now, where this has to wait.
    patience_s
        For how many seconds at most.

    Yields
    ------
        The draft, which holds what the ledger holds.

    Raises
    ------
    LedgerError
        The folder cannot be written.
    LockHeldError
        Another process has been writing it for too long.
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
    """Remove a draft that failed, and let the message name the file where whoever reads it finds it.

    Parameters
    ----------
    is_new
        The ledger's folder was made for this draft, and goes with it.
    """
    try:
        yield
    except CreditError as error:
        shutil.rmtree(before if is_new else draft, ignore_errors=True)
        error.args = tuple(str(one).replace(str(draft), str(before)) for one in error.args)
        raise


def _pinned(folder: Path) -> tuple[Path, int | None]:
    """Return the version in force, and the descriptor that keeps it until it is closed."""
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
        # A writer may have switched, and swept the version, before it was locked.
        if current(folder) == version:
            return version, pin
        os.close(pin)


def _draft(folder: Path, before: Path) -> Path:
    """Make the next version out of the files of the one before; remove what is left of earlier writers."""
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
    """Let two names stand for one file; copy it where the file system cannot."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)


def _settle(draft: Path) -> None:
    """Let a draft's files be read by their owner alone, and have the disk hold them before they count."""
    for place, _, names in os.walk(draft):
        Path(place).chmod(0o700)
        for name in names:
            path = Path(place, name)
            path.chmod(0o600)
            if path.stat().st_nlink == 1:  # those of the version before are on the disk
                _sync(path)
        _sync(Path(place))
    _sync(draft.parent)


def _switch(folder: Path, draft: Path) -> None:
    """Put a draft in force: the one step between what was and what is."""
    pointer = folder / f".{POINTER}.new"
    pointer.write_text(f"{draft.name}\n", "ascii")
    pointer.chmod(0o600)
    _sync(pointer)
    pointer.replace(folder / POINTER)
    _sync(folder)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _sweep(folder: Path) -> None:
    """Remove versions and drafts that are not in force and that nobody reads; the writer's lock is held."""
    kept, versions = current(folder), folder / VERSIONS
    for version in versions.iterdir() if versions.is_dir() else ():
        if version != kept:
            _remove(version, [version])
    if kept != folder:
        _remove(folder, [folder / name for name in _FLAT])


def _remove(version: Path, paths: list[Path]) -> None:
    """Remove files of a version, unless somebody reads it; then the next writer does."""
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
