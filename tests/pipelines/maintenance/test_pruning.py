"""What is too old goes, once; a dry run removes nothing, and what others use is left to them."""

import datetime as dt
import os
from pathlib import Path

import pytest

from models.ledger.files import fingerprint, read_ledger
from models.ledger.versions import VERSIONS, reading, writing
from pipelines.maintenance.installation import Installation
from pipelines.maintenance.pruning import PruneReport, prune
from serving.store import open_store
from tests.pipelines.maintenance.installations import a_full_installation
from tests.serving.store.builders import NOW

YEAR = dt.timedelta(days=365)


@pytest.fixture
def made(tmp_path: Path) -> Installation:
    return a_full_installation(tmp_path)


def pruned(made: Installation, *, dry: bool = False) -> PruneReport:
    store = open_store(made.store_url)
    try:
        return prune(
            store, made.ledger, made.ledger.parent / "registers", keep=1, answers_before=NOW, dry=dry
        )
    finally:
        store.close()


def answers(folder: Path) -> None:
    """Write an old and a new answer."""
    (folder / "ab").mkdir(parents=True)
    for name, age in (("old.json", YEAR), ("new.json", -YEAR), (".draft.1.2", YEAR)):
        (folder / "ab" / name).touch()
        at = (NOW - age).timestamp()
        os.utime(folder / "ab" / name, (at, at))


def test_answers_and_versions_go_once_and_a_dry_run_counts_them(made: Installation, tmp_path: Path):
    answers(tmp_path / "registers")
    with reading(made.ledger):
        for _ in range(2):
            with writing(made.ledger):
                pass
    before, content = len(list((made.ledger / VERSIONS).iterdir())), fingerprint(read_ledger(made.ledger))
    assert before == 2
    would = pruned(made, dry=True)
    assert (would.versions, would.answers, would.dry) == (1, 2, True)
    assert len(list((made.ledger / VERSIONS).iterdir())) == before
    done = pruned(made)
    assert (done.versions, done.answers) == (1, 2)
    assert [path.name for path in (tmp_path / "registers" / "ab").iterdir()] == ["new.json"]
    assert len(list((made.ledger / VERSIONS).iterdir())) == 1
    assert fingerprint(read_ledger(made.ledger)) == content
    again = pruned(made)
    assert (again.versions, again.answers, again.runs.thinned) == (0, 0, 0)


def test_a_ledger_that_is_being_written_or_read_is_left(made: Installation):
    with writing(made.ledger):
        assert pruned(made).versions == 0
    with reading(made.ledger):
        with writing(made.ledger):
            pass
        assert pruned(made).versions == 0
    assert pruned(made).versions > 0


def test_without_a_ledger_and_answers_there_is_nothing_to_do(made: Installation, tmp_path: Path):
    store = open_store(made.store_url)
    report = prune(store, tmp_path / "none", tmp_path / "nowhere", keep=7, answers_before=NOW)
    store.close()
    assert (report.versions, report.answers) == (0, 0)
    assert not (tmp_path / "none").exists()
