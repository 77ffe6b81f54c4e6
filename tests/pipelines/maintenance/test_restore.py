"""A restored installation is the one that was backed up; damage or a full target changes nothing."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from models.errors import BackupError, StoreError
from pipelines.maintenance import restore as module
from pipelines.maintenance.restore import restore
from serving.store import open_store
from tests.pipelines.maintenance.installations import a_full_installation, an_installation, parts
from tests.pipelines.maintenance.test_backup import backed_up


def test_a_new_installation_is_the_one_that_was_backed_up(tmp_path: Path):
    made, target = a_full_installation(tmp_path / "here"), an_installation(tmp_path / "there")
    backed_up(made, tmp_path / "backup")
    before = parts(made)
    assert restore(tmp_path / "backup", target).files
    assert parts(target) == before == parts(made)
    assert not [path for path in (tmp_path / "there").rglob(".*") if path.name != ".lock"]


def test_data_that_are_there_are_replaced_only_on_demand(tmp_path: Path):
    made, target = a_full_installation(tmp_path / "here"), a_full_installation(tmp_path / "there", word="two")
    backed_up(made, tmp_path / "backup")
    before = parts(target)
    with pytest.raises(BackupError, match=r"there are data already: ENCOURS_STORE_URL, .*--replace"):
        restore(tmp_path / "backup", target)
    assert parts(target) == before
    for _ in range(2):
        restore(tmp_path / "backup", target, replace=True)
        assert parts(target) == parts(made)


def test_a_flipped_byte_anywhere_is_found_before_anything_is_changed(tmp_path: Path):
    made, target = a_full_installation(tmp_path / "here"), an_installation(tmp_path / "there")
    backup = tmp_path / "backup"
    backed_up(made, backup)
    for path in [path for path in backup.rglob("*") if path.is_file()]:
        sound = path.read_bytes()
        path.write_bytes(sound[:-3] + bytes([sound[-3] ^ 1]) + sound[-2:])
        with pytest.raises(BackupError, match=r"changed|cannot be read"):
            restore(backup, target)
        path.write_bytes(sound)
    assert not (tmp_path / "there").exists()
    restore(backup, target)


@pytest.mark.parametrize("fault", ["missing", "unknown", "link"])
def test_files_other_than_the_manifest_names_are_refused(tmp_path: Path, fault: str):
    made, backup = a_full_installation(tmp_path / "here"), tmp_path / "backup"
    backed_up(made, backup)
    file = backup / "policy.toml"
    if fault != "unknown":
        file.unlink()
    if fault == "unknown":
        (backup / "ledger" / "more.parquet").touch()
    if fault == "link":
        assert made.policy is not None
        file.symlink_to(made.policy)
    with pytest.raises(BackupError, match="is damaged"):
        restore(backup, an_installation(tmp_path / "there"))
    assert not (tmp_path / "there").exists()


def test_a_backup_of_a_newer_program_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    made, backup = a_full_installation(tmp_path / "here"), tmp_path / "backup"
    manifest = backed_up(made, backup)
    replace(manifest, schema="9999").write(backup)
    with pytest.raises(BackupError, match="schema 9999, newer than this program; upgrade, then restore"):
        restore(backup, an_installation(tmp_path / "there"))
    with monkeypatch.context() as newer:
        newer.setattr("pipelines.maintenance.manifest.FORMAT", 2)
        manifest.write(backup)
    with pytest.raises(BackupError, match="of a newer Encours; upgrade"):
        restore(backup, an_installation(tmp_path / "there"))
    assert not (tmp_path / "there").exists()


def test_a_store_in_use_leaves_every_part_as_it_was(tmp_path: Path):
    made, target = a_full_installation(tmp_path / "here"), a_full_installation(tmp_path / "there", word="two")
    backed_up(made, tmp_path / "backup")
    before, server = parts(target), open_store(target.store_url)
    assert server.current_run()
    with pytest.raises(StoreError, match="is in use"):
        restore(tmp_path / "backup", target, replace=True)
    server.close()
    assert parts(target) == before


class KilledError(BaseException):
    """Stands for the end of the process."""


@pytest.mark.parametrize("step", ["restore_store", "_restore_registry", "_replace_file", "_replace_folder"])
def test_a_restoration_killed_anywhere_is_done_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
):
    def killed(*_: object) -> None:
        raise KilledError

    made, target = a_full_installation(tmp_path / "here"), a_full_installation(tmp_path / "there", word="two")
    backed_up(made, tmp_path / "backup")
    with monkeypatch.context() as dying:
        dying.setattr(module, step, killed)
        with pytest.raises(KilledError):
            restore(tmp_path / "backup", target, replace=True)
    restore(tmp_path / "backup", target, replace=True)
    assert parts(target) == parts(made)


def test_models_in_use_are_named(tmp_path: Path):
    made, target = a_full_installation(tmp_path / "here"), a_full_installation(tmp_path / "there", word="two")
    backed_up(made, tmp_path / "backup")
    assert target.registry is not None
    before = parts(target)
    with closing(sqlite3.connect(target.registry)) as training:
        training.execute("BEGIN EXCLUSIVE")
        with pytest.raises(BackupError, match=r"models in .* are in use"):
            restore(tmp_path / "backup", target, replace=True)
    assert parts(target) == before
    restore(tmp_path / "backup", target, replace=True)
    assert parts(target) == parts(made)


def test_a_policy_needs_a_place(tmp_path: Path):
    made = a_full_installation(tmp_path / "here")
    backed_up(made, tmp_path / "backup")
    target = an_installation(tmp_path / "there")
    with pytest.raises(BackupError, match="set ENCOURS_POLICY_PATH"):
        restore(tmp_path / "backup", replace(target, policy=None))
    assert not (tmp_path / "there").exists()
