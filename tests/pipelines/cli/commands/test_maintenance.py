"""The commands of upkeep say in either language what they did, and refuse in one line."""

from pathlib import Path

from models.ledger.files import write_ledger
from models.wording.numerals import SPACE
from tests.builders import a_ledger
from tests.serving.fakes import a_published_store


def test_a_backup_is_restored_elsewhere_and_refused_where_data_are(place: Path, run):
    a_published_store(place / "data").close()
    done = run("backup", "backups/monday")
    assert done.code == 0, done.err
    assert "sauvegarde" in done.out
    assert "ENCOURS_AUDIT_KEY" in done.out
    assert "attention : sans comptes clients" in done.out.replace(SPACE, " ")
    assert "attention : sans les versions d'entraînement" in done.out.replace(SPACE, " ")
    refused = run("restore", "backups/monday")
    assert refused.code == 2
    assert "il y a déjà des données" in refused.err
    done = run("restore", "backups/monday", "--replace", "--lang", "en")
    assert done.code == 0, done.err
    assert "verified and restored" in done.out
    refused = run("restore", "backups/none", "--lang", "en")
    assert refused.code == 2
    assert "holds no backup" in refused.err
    assert run("backup", "backups/monday").code == 2


def test_a_backup_says_what_is_in_it_and_a_named_ledger_must_be_there(place: Path, run):
    write_ledger(a_ledger(), place / "elsewhere")
    done = run("backup", "monday", "--ledger", "elsewhere", "--lang", "en")
    assert done.code == 0, done.err
    assert "(ledger, store.db)" in done.out
    assert "without a ledger" not in done.out
    refused = run("backup", "tuesday", "--ledger", "typo")
    assert refused.code == 2
    assert "ne contient pas de grand livre" in refused.err
    assert not (place / "tuesday").exists()


def test_pruning_says_what_went_and_what_stays(place: Path, run):
    a_published_store(place / "data").close()
    done = run("prune", "--dry-run", "--lang", "en")
    assert done.code == 0, done.err
    assert "dry run: nothing was removed" in done.out
    assert "what stays: the audit log" in done.out
    done = run("prune", "--keep", "1")
    assert done.code == 0, done.err
    assert "base" in done.out
    assert "Mo avant" in done.out
    assert run("prune", "--keep", "0").code == 2
