"""A backup: the store, the ledger's version, the registry of models and the policy in one folder.

The parts are read in the order in which they refer to one another: the store first, whose answers name models
and whose runs name data, so that what it refers to is in the backup too. The folder appears under its name
when it is whole; a killed backup leaves a draft, which the next one of that name removes.
"""

from __future__ import annotations

import importlib.metadata
import os
import shutil
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING

from models.errors import BackupError
from models.learning.registry_files import ARTIFACTS
from models.ledger.file_lock import locked
from models.ledger.files import has_ledger
from models.ledger.versions import POINTER, VERSIONS, flush, reading
from models.sqlite_files import copy_database
from pipelines.maintenance.manifest import LEDGER, POLICY, REGISTRY, STORE, Manifest, described, paths_in
from pipelines.validation.history import FOLDER as CHECKS

if TYPE_CHECKING:
    from pipelines.maintenance.installation import Installation
    from serving.store import Store

DATABASE = "mlflow.db"
"""The registry's database in its folder."""


def back_up(folder: Path, installation: Installation, store: Store) -> Manifest:
    """Write a backup of an installation, which may be in use.

    Parameters
    ----------
    folder
        Made; an empty one is used.
    store
        The installation's store, open.

    Raises
    ------
    BackupError
        The folder is not empty, lies in the ledger, or cannot be written.
    StoreError, LedgerError
        A part cannot be read.
    """
    folder = folder.resolve()
    if folder.is_relative_to(installation.ledger):
        raise BackupError(f"{folder} lies in the ledger that it would back up; give another folder")
    draft, lock = folder.with_name(f".{folder.name}.draft"), folder.with_name(f".{folder.name}.lock")
    try:
        with locked(lock):
            _require_empty(folder)
            shutil.rmtree(draft, ignore_errors=True)
            draft.mkdir(mode=0o700)
            try:
                manifest = _fill(draft, installation, store)
                if folder.exists():
                    folder.rmdir()
                draft.rename(folder)
                flush(folder.parent)
            finally:
                shutil.rmtree(draft, ignore_errors=True)
                lock.unlink(missing_ok=True)
    except (OSError, shutil.Error, sqlite3.Error) as error:
        raise BackupError(f"the backup {folder} cannot be written: {error}") from error
    return manifest


def _require_empty(folder: Path) -> None:
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise BackupError(f"{folder} is not empty; give a new folder, such as one named by the day")


def _fill(draft: Path, installation: Installation, store: Store) -> Manifest:
    made_at = store.now().isoformat(timespec="seconds")
    store.back_up(draft / STORE)
    _copy_ledger(installation.ledger, draft)
    if installation.registry is not None and installation.registry.is_file():
        _copy_registry(installation, draft / REGISTRY)
    if installation.policy is not None:
        shutil.copyfile(installation.policy, draft / POLICY)
    _make_private(draft)
    files = tuple(described(draft, path) for path in paths_in(draft))
    manifest = Manifest(made_at, importlib.metadata.version("encours"), store.revision(), files)
    manifest.write(draft)
    _make_private(draft)
    return manifest


def _copy_ledger(ledger: Path, draft: Path) -> None:
    """Copy the ledger's current version, and its past checks."""
    if not has_ledger(ledger):
        return
    with reading(ledger) as version:

        def left_out(place: str, names: list[str]) -> set[str]:
            others = {CHECKS, VERSIONS, POINTER} if Path(place) == ledger else set()
            return {name for name in names if name.startswith(".") or name in others}

        shutil.copytree(version, draft / LEDGER, copy_function=shutil.copyfile, ignore=left_out)
    if (ledger / CHECKS).is_dir():
        shutil.copytree(ledger / CHECKS, draft / CHECKS, copy_function=shutil.copyfile)


def _copy_registry(installation: Installation, folder: Path) -> None:
    """Copy the database first: artifacts that it names are written before their rows."""
    registry, artifacts = installation.registry, installation.artifacts
    if registry is None or artifacts is None:
        return
    folder.mkdir()
    copy_database(registry, folder / DATABASE)
    if artifacts.is_dir():
        shutil.copytree(artifacts, folder / ARTIFACTS, copy_function=shutil.copyfile)


def _make_private(folder: Path) -> None:
    """Restrict a folder to its owner, and flush it to disk."""
    for place, _, names in os.walk(folder):
        for path in (*(Path(place, name) for name in names), Path(place)):
            path.chmod(0o700 if path.is_dir() else 0o600)
            flush(path)
