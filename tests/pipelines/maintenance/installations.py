"""Small installations of every part, and all that is in one."""

import hashlib
import sqlite3
from contextlib import closing
from pathlib import Path

from models.ledger.files import write_ledger
from models.ledger.versions import current, writing
from pipelines.maintenance.installation import Installation
from serving.store import open_store
from tests.builders import a_customer, a_ledger
from tests.serving.store.filled import KEYS, content, filled


def an_installation(folder: Path, store_url: str | None = None) -> Installation:
    """Return the places of an installation, none of which exists."""
    url = store_url or f"sqlite:///{folder}/encours.db"
    return Installation(folder / "ledger", url, folder / "mlflow.db", folder / "policy.toml")


def a_full_installation(folder: Path, store_url: str | None = None, word: str = "one") -> Installation:
    """Make an installation of which each part says a word."""
    made = an_installation(folder, store_url)
    with writing(made.ledger) as draft:
        write_ledger(a_ledger(customers=[a_customer("C1", name=word)]), draft)
        (draft / "quarantine").mkdir()
        (draft / "quarantine" / "rows.csv").write_text(word)
    (made.ledger / "checks").mkdir()
    (made.ledger / "checks" / "runs.json").write_text(word)
    filled(made.store_url).close()
    assert made.registry is not None
    assert made.artifacts is not None
    assert made.policy is not None
    (made.artifacts / "models" / word).mkdir(parents=True)
    (made.artifacts / "models" / word / "model.json").write_text(word)
    with closing(sqlite3.connect(made.registry)) as connection, connection:
        connection.execute("CREATE TABLE experiments (artifact_location)")
        connection.execute("INSERT INTO experiments VALUES (?)", (made.artifacts.as_uri(),))
    made.policy.write_text(word)
    return made


def parts(made: Installation) -> dict[str, object]:
    """Return everything that an installation consists of."""
    assert made.registry is not None
    assert made.artifacts is not None
    assert made.policy is not None
    store = open_store(made.store_url, audit_keys=KEYS)
    rows = content(store)
    store.close()
    with closing(sqlite3.connect(made.registry)) as connection:
        (location,) = connection.execute("SELECT artifact_location FROM experiments").fetchone()
    return {
        "store": rows,
        "ledger": files(current(made.ledger)),
        "checks": files(made.ledger / "checks"),
        "artifacts": files(made.artifacts),
        "own": location == made.artifacts.as_uri(),
        "policy": made.policy.read_text(),
    }


def files(folder: Path) -> dict[str, str]:
    """Return the hash of each file below a folder."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
