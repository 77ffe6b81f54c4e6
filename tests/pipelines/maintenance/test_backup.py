"""A backup is whole or not there: of one moment, private, and never taken for whole where it was killed."""

import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from models.errors import BackupError
from models.ledger.files import write_ledger
from models.ledger.versions import reading
from pipelines.maintenance.backup import back_up
from pipelines.maintenance.installation import Installation
from pipelines.maintenance.manifest import Manifest
from serving.store import open_store
from tests.builders import a_ledger
from tests.pipelines.maintenance.installations import a_full_installation, an_installation, files

KILLED = """
import sys, time
from pathlib import Path
from pipelines.maintenance import backup
from serving.store import open_store
from tests.pipelines.maintenance.installations import an_installation

def wait(*_):
    print("waiting", flush=True)
    time.sleep(60)

backup.Manifest.write = wait
made = an_installation(Path(sys.argv[1]))
backup.back_up(Path(sys.argv[2]), made, open_store(made.store_url))
"""


def backed_up(made: Installation, folder: Path) -> Manifest:
    store = open_store(made.store_url)
    try:
        return back_up(folder, made, store)
    finally:
        store.close()


def test_each_part_is_in_it_and_only_the_owner_reads_it(tmp_path: Path):
    made, folder = a_full_installation(tmp_path / "here"), tmp_path / "deep" / "backup"
    folder.parent.mkdir()
    manifest = backed_up(made, folder)
    assert Manifest.read(folder) == manifest
    manifest.verify(folder)
    assert {Path(one.path).parts[0] for one in manifest.files} == {
        "store.db",
        "ledger",
        "checks",
        "registry",
        "policy.toml",
    }
    with reading(made.ledger) as version:
        assert files(folder / "ledger") == files(version)
    modes = {path.is_dir(): stat.S_IMODE(path.stat().st_mode) for path in [folder, *folder.rglob("*")]}
    assert modes == {True: 0o700, False: 0o600}
    assert sorted(path.name for path in folder.parent.iterdir()) == ["backup"]


def test_what_an_installation_lacks_is_left_out(tmp_path: Path):
    made = Installation(tmp_path / "none", f"sqlite:///{tmp_path}/encours.db", None, None)
    assert [one.path for one in backed_up(made, tmp_path / "backup").files] == ["store.db"]


def test_a_ledger_of_before_versions_is_backed_up(tmp_path: Path):
    made = a_full_installation(tmp_path / "here")
    flat = Installation(tmp_path / "flat", made.store_url, None, None)
    write_ledger(a_ledger(), flat.ledger)
    backed_up(flat, tmp_path / "backup")
    assert files(tmp_path / "backup" / "ledger") == files(flat.ledger)


def test_a_folder_with_files_or_in_the_ledger_is_refused(tmp_path: Path):
    made = a_full_installation(tmp_path / "here")
    (tmp_path / "used").mkdir()
    (tmp_path / "used" / "file").touch()
    with pytest.raises(BackupError, match="is not empty"):
        backed_up(made, tmp_path / "used")
    with pytest.raises(BackupError, match="is not empty"):
        backed_up(made, tmp_path / "used" / "file")
    with pytest.raises(BackupError, match="lies in the ledger"):
        backed_up(made, made.ledger / "backup")
    with pytest.raises(BackupError, match="cannot be written"):
        backed_up(made, Path("/proc/none/backup"))
    (tmp_path / "empty").mkdir()
    assert backed_up(made, tmp_path / "empty").files


def test_a_killed_backup_is_not_there_and_the_next_one_is_whole(tmp_path: Path):
    made, folder = a_full_installation(tmp_path / "here"), tmp_path / "backup"
    command = [sys.executable, "-c", KILLED, str(tmp_path / "here"), str(folder)]
    with subprocess.Popen(command, cwd=Path(__file__).parents[3], stdout=subprocess.PIPE) as killed:
        assert killed.stdout is not None
        assert killed.stdout.readline() == b"waiting\n"
        killed.send_signal(signal.SIGKILL)
    assert not folder.exists()
    draft = tmp_path / ".backup.draft"
    assert draft.exists()
    with pytest.raises(BackupError, match="holds no backup"):
        Manifest.read(draft)
    backed_up(made, folder).verify(folder)
    assert not draft.exists()
    assert an_installation(tmp_path / "here") == made
