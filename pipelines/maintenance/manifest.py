"""The manifest of a backup: its files with their hashes, and what wrote them.

Owns its document, and the verification of a folder against it.
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from models.errors import BackupError

FORMAT = 1
MANIFEST = "manifest.json"
STORE, LEDGER, REGISTRY, POLICY = "store.db", "ledger", "registry", "policy.toml"
"""Parts of an installation in a backup's folder."""
_FAULTS_SHOWN = 5


@dataclass(frozen=True, slots=True)
class BackupFile:
    """A file of a backup: its path in the folder, its size and its SHA-256."""

    path: str
    size_bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup contains.

    Parameters
    ----------
    made_at
        The time of its start, UTC, ISO 8601.
    program
        The version of Encours.
    schema
        The revision of the store's tables.
    """

    made_at: str
    program: str
    schema: str
    files: tuple[BackupFile, ...]

    @property
    def size_bytes(self) -> int:
        """The size of all files."""
        return sum(one.size_bytes for one in self.files)

    @property
    def parts(self) -> tuple[str, ...]:
        """The first names in the paths of the files, sorted: one for each part of the installation."""
        return tuple(sorted({one.path.split("/")[0] for one in self.files}))

    def write(self, folder: Path) -> None:
        """Write it to a backup's folder, with a hash of itself."""
        document = {"format": FORMAT, **asdict(self)}
        text = json.dumps({**document, "sha256": _hash(document)}, indent=1)
        (folder / MANIFEST).write_text(text, "utf-8")

    @classmethod
    def read(cls, folder: Path) -> Manifest:
        """Read the manifest of a backup.

        Raises
        ------
        BackupError
            There is none, it was changed, or it is of a newer program.
        """
        try:
            document = json.loads((folder / MANIFEST).read_text("utf-8"))
        except FileNotFoundError as error:
            raise BackupError(f"{folder} holds no backup: {MANIFEST} is missing") from error
        except (OSError, ValueError) as error:
            raise BackupError(f"the manifest of the backup {folder} cannot be read: {error}") from error
        if not isinstance(document, dict) or document.pop("sha256", None) != _hash(document):
            raise BackupError(f"the manifest of the backup {folder} was changed; take another backup")
        if document.pop("format") != FORMAT:
            raise BackupError(f"the backup {folder} is of a newer Encours; upgrade, then restore")
        files = tuple(BackupFile(**one) for one in document.pop("files"))
        return cls(**document, files=files)

    def verify(self, folder: Path) -> None:
        """Check that a backup's folder holds exactly the files of the manifest.

        Raises
        ------
        BackupError
            Files are missing, changed or unknown; nothing may be restored.
        """
        there, named = set(paths_in(folder)), {one.path for one in self.files}
        faults = [f"{path} is unknown" for path in sorted(there - named)]
        faults += [f"{path} is missing" for path in sorted(named - there)]
        faults += [
            f"{one.path} was changed"
            for one in self.files
            if one.path in there and not _is_unchanged(folder, one)
        ]
        if faults:
            shown = ", ".join(faults[:_FAULTS_SHOWN])
            raise BackupError(
                f"the backup {folder} is damaged: {shown} ({len(faults)} in all); nothing was restored: take "
                "another backup"
            )


def paths_in(folder: Path) -> list[str]:
    """Return the paths of a backup's files, without the manifest, sorted; links count as files."""
    found = [
        Path(place, name).relative_to(folder).as_posix()
        for place, folders, names in os.walk(folder)
        for name in [*names, *(one for one in folders if Path(place, one).is_symlink())]
    ]
    return sorted(set(found) - {MANIFEST})


def described(folder: Path, path: str) -> BackupFile:
    """Return a file of a backup with its present size and hash."""
    with (folder / path).open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        return BackupFile(path, os.fstat(file.fileno()).st_size, digest)


def _is_unchanged(folder: Path, file: BackupFile) -> bool:
    """Return whether a file is as the manifest says; a link or an unreadable one is not."""
    try:
        return not (folder / file.path).is_symlink() and described(folder, file.path) == file
    except OSError:
        return False


def _hash(document: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(document, sort_keys=True).encode()).hexdigest()
