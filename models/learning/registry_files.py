"""Files of a local registry: MLflow's SQLite database, and the folder of artifacts next to it.

Owns their places. MLflow stores absolute addresses of artifacts; `relocate` replaces them by those of the
folder in which the database is, so that a copied, moved or restored registry finds its models.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

ARTIFACTS = "mlartifacts"
URI_VARIABLE = "MLFLOW_TRACKING_URI"
_SQLITE = "sqlite:///"
_ADDRESSES = (
    ("experiments", "artifact_location"),
    ("runs", "artifact_uri"),
    ("logged_models", "artifact_location"),
    ("model_versions", "storage_location"),
)


def default_uri() -> str:
    """Return the address of the registry: `MLFLOW_TRACKING_URI`, else a database under `data/`."""
    return os.environ.get(URI_VARIABLE) or f"{_SQLITE}{Path('data').resolve()}/mlflow.db"


def database_of(uri: str) -> Path | None:
    """Return the absolute path of a local registry's database; None for a tracking server.

    Examples
    --------
    >>> database_of("sqlite:////srv/mlflow.db"), database_of("https://mlflow.example.com")
    (PosixPath('/srv/mlflow.db'), None)
    """
    return Path(uri.removeprefix(_SQLITE)).resolve() if uri.startswith(_SQLITE) else None


def relocate(database: Path) -> None:
    """Replace addresses of artifacts by those of the folder next to the database; usually nothing to do.

    Addresses of other stores, such as S3, and a registry without the folder are left alone.

    Raises
    ------
    sqlite3.Error
        The database cannot be read or written.
    """
    here = database.parent / ARTIFACTS
    if not database.is_file() or not here.is_dir():
        return
    with closing(sqlite3.connect(database)) as connection, connection:
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
        known = [(table, column) for table, column in _ADDRESSES if table in tables]
        if known:
            for former in _folders(connection) - {here.as_uri()}:
                for table, column in known:
                    connection.execute(
                        f"UPDATE {table} SET {column} = ? || substr({column}, ?) "  # noqa: S608  # names of ours
                        f"WHERE {column} = ? OR substr({column}, 1, ?) = ?",
                        (here.as_uri(), len(former) + 1, former, len(former) + 1, f"{former}/"),
                    )


def _folders(connection: sqlite3.Connection) -> set[str]:
    """Return the folders of artifacts that experiments name."""
    query = "SELECT artifact_location FROM experiments WHERE artifact_location LIKE ?"
    return {address for (address,) in connection.execute(query, (f"file:///%/{ARTIFACTS}",))}
