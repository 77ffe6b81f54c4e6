"""Restoration of a backup into an installation, new or replaced.

Every hash is verified, and every target looked at, before anything is changed. The store is replaced first,
for it may be in use; the ledger changes as a whole at the end. A killed restoration is repeated with
`--replace`.
"""

from __future__ import annotations

import shutil
import sqlite3
from typing import TYPE_CHECKING

from models.errors import BackupError
from models.learning.registry_files import ARTIFACTS, relocate
from models.ledger.files import has_ledger
from models.ledger.versions import writing
from models.sqlite_files import copy_database, take_alone
from pipelines.maintenance.backup import DATABASE
from pipelines.maintenance.manifest import LEDGER, POLICY, REGISTRY, STORE, Manifest
from pipelines.validation.history import FOLDER as CHECKS
from serving.store import is_empty, is_known_revision, restore_store

if TYPE_CHECKING:
    from pathlib import Path

    from pipelines.maintenance.installation import Installation


def restore(folder: Path, installation: Installation, *, replace: bool = False) -> Manifest:
    """Restore a backup; parts that it lacks are left as they are.

    Parameters
    ----------
    replace
        Whether targets that hold data are replaced; else they are refused.

    Raises
    ------
    BackupError
        The backup is damaged or of a newer program, or a target holds data.
    StoreError, LedgerError
        A target cannot be written, or is in use.
    """
    manifest = Manifest.read(folder)
    manifest.verify(folder)
    if not is_known_revision(manifest.schema):
        raise BackupError(
            f"the backup {folder} is of Encours {manifest.program}, whose store has the schema "
            f"{manifest.schema}, newer than this program; upgrade, then restore"
        )
    _require_place_for_policy(folder, installation)
    if not replace and (full := _targets_with_data(folder, installation)):
        raise BackupError(
            f"there are data already: {', '.join(full)}; restore into a new installation, or give --replace"
        )
    registry = installation.registry
    try:
        if registry is not None and registry.is_file() and not take_alone(registry):
            raise BackupError(f"the models in {registry} are in use; end what uses them, then restore")
        _restore_parts(folder, installation)
    except (OSError, shutil.Error, sqlite3.Error) as error:
        raise BackupError(
            f"the backup {folder} cannot be restored: {error}; give --replace to do it again"
        ) from error
    return manifest


def _require_place_for_policy(folder: Path, installation: Installation) -> None:
    if (folder / POLICY).is_file() and installation.policy is None:
        raise BackupError(
            f"the backup {folder} has a policy of its own; set ENCOURS_POLICY_PATH to the file that it is "
            "restored to"
        )


def _targets_with_data(folder: Path, installation: Installation) -> list[str]:
    """Return the targets that a restoration would replace."""
    found = []
    if not is_empty(installation.store_url):
        found.append("ENCOURS_STORE_URL")
    if (folder / LEDGER).is_dir() and has_ledger(installation.ledger):
        found.append(str(installation.ledger))
    registry = installation.registry
    if (folder / REGISTRY).is_dir() and registry is not None and registry.exists():
        found.append(str(registry))
    saved, policy = folder / POLICY, installation.policy
    if policy is not None and _differ(policy, saved):
        found.append(str(policy))
    return found


def _differ(file: Path, saved: Path) -> bool:
    return file.exists() and saved.exists() and file.read_bytes() != saved.read_bytes()


def _restore_parts(folder: Path, installation: Installation) -> None:
    if not (folder / LEDGER).is_dir():
        _restore_others(folder, installation)
        return
    with writing(installation.ledger) as draft:
        _fill(draft, folder / LEDGER)
        _restore_others(folder, installation)
    if (folder / CHECKS).is_dir():
        _replace_folder(folder / CHECKS, installation.ledger / CHECKS)


def _restore_others(folder: Path, installation: Installation) -> None:
    restore_store(folder / STORE, installation.store_url)
    if (folder / REGISTRY).is_dir():
        _restore_registry(folder / REGISTRY, installation)
    if (folder / POLICY).is_file() and installation.policy is not None:
        _replace_file(folder / POLICY, installation.policy)


def _fill(draft: Path, saved: Path) -> None:
    """Replace the files of a ledger's draft; linked ones are removed, never written to."""
    for one in draft.iterdir():
        if one.is_dir():
            shutil.rmtree(one)
        else:
            one.unlink()
    shutil.copytree(saved, draft, copy_function=shutil.copyfile, dirs_exist_ok=True)


def _restore_registry(saved: Path, installation: Installation) -> None:
    registry, artifacts = installation.registry, installation.artifacts
    if registry is None or artifacts is None:
        return
    registry.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = registry.with_name(f".{registry.name}.restored")
    copy_database(saved / DATABASE, draft)
    if (saved / ARTIFACTS).is_dir():
        _replace_folder(saved / ARTIFACTS, artifacts)
    draft.replace(registry)
    relocate(registry)


def _replace_file(saved: Path, target: Path) -> None:
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = target.with_name(f".{target.name}.restored")
    shutil.copyfile(saved, draft)
    draft.chmod(0o600)
    draft.replace(target)


def _replace_folder(saved: Path, target: Path) -> None:
    draft, former = (target.with_name(f".{target.name}.{word}") for word in ("restored", "former"))
    for leftover in (draft, former):
        shutil.rmtree(leftover, ignore_errors=True)
    shutil.copytree(saved, draft, copy_function=shutil.copyfile)
    draft.chmod(0o700)
    if target.exists():
        target.rename(former)
    draft.rename(target)
    shutil.rmtree(former, ignore_errors=True)
