"""The log is read over by a command, and its key made by one."""

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from pipelines.cli import app as cli
from serving.store import AuditKeys, Store, open_store
from serving.store.engine import transaction
from tests.serving.store.builders import an_entry
from tests.serving.store.templated import record_one


def run_command(*words: str) -> Result:
    return CliRunner().invoke(cli.app, list(words))


def the_store(place: Path, key: str = "") -> Store:
    return open_store(f"sqlite:///{place}/data/encours.db", audit_keys=AuditKeys.read(key))


def test_a_key_is_made_and_links_what_is_written(place: Path, monkeypatch: pytest.MonkeyPatch):
    key = run_command("audit", "key").output.strip()
    assert key != run_command("audit", "key").output.strip()
    monkeypatch.setenv("ENCOURS_AUDIT_KEY", key)
    run_command("keys", "add", "erp", "--role", "batch")
    done = run_command("audit", "verify")
    assert done.exit_code == 0
    assert "1 held by the key" in done.output
    assert "the log is as it was written" in done.output
    assert key not in done.output


def test_a_log_that_was_changed_ends_with_2_and_names_the_place(place: Path):
    store = the_store(place)
    store.record_answers([an_entry("1" * 32), an_entry("2" * 32)])
    newest = run_command("audit", "verify").output.strip().splitlines()[-1]
    assert run_command("audit", "verify", "--newest", newest).exit_code == 0
    with transaction(store._engine, writes=True) as connection:
        connection.exec_driver_sql("DROP TRIGGER audit_no_delete")
        connection.exec_driver_sql("DELETE FROM audit WHERE audit_id = 2")
    store.close()
    assert run_command("audit", "verify").exit_code == 0
    done = run_command("audit", "verify", "--newest", newest)
    assert done.exit_code == 2
    assert "2: it does not stand there as at the earlier check" in done.output


def test_an_answer_whose_form_is_gone_ends_with_2_and_is_named(place: Path):
    store = the_store(place)
    record_one(store, "1" * 32)
    assert run_command("audit", "verify").exit_code == 0
    with transaction(store._engine, writes=True) as connection:
        connection.exec_driver_sql("DROP TRIGGER kept_forms_no_delete")
        connection.exec_driver_sql("DELETE FROM kept_forms")
    store.close()
    done = run_command("audit", "verify")
    assert done.exit_code == 2
    assert (
        "1: what its answer shares with others about the same customer is gone or was changed" in done.output
    )


@pytest.mark.parametrize("newest", ["", "/", "12", "x:y", ":abc", "1:a/x", "x/1:a"])
def test_what_is_no_earlier_check_is_refused(place: Path, newest: str):
    done = run_command("audit", "verify", "--newest", newest)
    assert done.exit_code != 0
    assert "NUMBER:LINK" in str(done.exception)
