"""A file lock holds between processes, ends with its process, and says who holds it."""

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from models.errors import LockHeldError
from models.ledger.file_lock import locked

HOLDS = (
    "import sys, pathlib; from models.ledger.file_lock import locked\n"
    "with locked(pathlib.Path(sys.argv[1])):\n"
    "    print('held', flush=True); sys.stdin.read()"
)


def holder(path: Path) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDS, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def test_another_process_is_named_and_waited_for(tmp_path: Path):
    path, waited = tmp_path / "lock", []
    with holder(path) as process:
        with (
            pytest.raises(LockHeldError, match=f"held by process {process.pid}"),
            locked(path, waits=waited.append, patience_s=0.0),
        ):
            pass
        assert waited == [f"process {process.pid}"]
        process.kill()
        process.wait()
        with locked(path, patience_s=5.0):
            assert path.read_text() == str(os.getpid())


def test_only_one_thread_is_in_the_block_at_a_time(tmp_path: Path):
    inside, most = [0], [0]

    def work() -> None:
        for _ in range(10):
            with locked(tmp_path / "lock", patience_s=30.0):
                inside[0] += 1
                most[0] = max(most[0], inside[0])
                inside[0] -= 1

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == [1]


def test_a_lock_whose_file_was_removed_is_taken_anew(tmp_path: Path):
    path = tmp_path / "lock"
    with locked(path):
        path.unlink()
    with locked(path, patience_s=0.0):
        assert path.exists()
