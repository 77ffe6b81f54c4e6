"""Real processes, ended with a signal that nobody can answer."""

import subprocess
import sys

import pytest


@pytest.mark.slow
def test_imports_that_are_killed_leave_no_half_of_themselves():
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.killed_imports", "15"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 states that no import left" in done.stdout
