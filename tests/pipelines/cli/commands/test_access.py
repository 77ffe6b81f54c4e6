"""Keys and users are made, shown once, changed and ended by commands, and the log says who did it."""

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from pipelines.cli import app as cli
from serving.store import AuditEntry, Store, open_store

PASSWORD = "correct horse battery"


def run_command(*words: str, typed: str | None = None) -> Result:
    return CliRunner().invoke(cli.app, list(words), input=typed)


@pytest.fixture
def store(place: Path) -> Store:
    return open_store(f"sqlite:///{place}/data/encours.db")


def log(store: Store) -> list[AuditEntry]:
    return list(store.audit().items)[::-1]


def test_a_key_is_shown_once_listed_without_its_secret_and_revoked(store: Store):
    made = run_command("keys", "add", "erp", "--role", "batch", "--expires", "30")
    plaintext = made.output.strip()
    assert store.find_key(plaintext) is not None
    listed = run_command("keys", "list").output
    assert "erp" in listed
    assert plaintext not in listed
    key = store.list_keys()[0]
    assert key.expires_at is not None
    assert (key.expires_at - key.created_at).days == 30
    assert run_command("keys", "revoke", "erp").exit_code == 0
    assert store.find_key(plaintext) is None


def test_a_rotated_key_and_its_successor_both_open(store: Store):
    old = run_command("keys", "add", "erp", "--role", "batch").output.strip()
    new = run_command("keys", "rotate", "erp", "--grace", "3").output.strip()
    assert store.find_key(old) is not None
    assert store.find_key(new) is not None
    assert "rotated" in run_command("keys", "list").output


def test_a_password_is_typed_unseen_and_twice(store: Store):
    done = run_command("users", "add", "anne", "--role", "analyst", typed=f"{PASSWORD}\n{PASSWORD}\n")
    assert done.exit_code == 0, done.output
    assert PASSWORD not in done.output
    assert store.check_password("anne", PASSWORD) is not None


def test_a_generated_password_is_shown_once_and_works(store: Store):
    done = run_command("users", "add", "anne", "--role", "sales", "--generate")
    assert store.check_password("anne", done.output.split()[-1]) is not None
    changed = run_command("users", "password", "anne", "--generate").output.split()[-1]
    assert changed != done.output.split()[-1]
    assert store.check_password("anne", changed) is not None
    assert "anne" in run_command("users", "list").output


def test_no_command_takes_a_password_as_an_argument():
    for command in ("add", "password"):
        assert "--password" not in run_command("users", command, "--help").output


def test_a_disabled_user_is_shut_out(store: Store):
    password = run_command("users", "add", "anne", "--role", "sales", "--generate").output.split()[-1]
    assert run_command("users", "disable", "anne").exit_code == 0
    assert store.check_password("anne", password) is None


def test_every_change_is_in_the_log_without_its_secret(store: Store):
    secrets = [
        run_command("keys", "add", "erp", "--role", "batch").output.strip(),
        run_command("keys", "rotate", "erp").output.strip(),
        run_command("users", "add", "anne", "--role", "sales", "--generate").output.split()[-1],
    ]
    run_command("keys", "revoke", "erp")
    run_command("users", "disable", "anne")
    found = log(store)
    assert [(entry.action, entry.question["change"]) for entry in found] == [
        ("key", "add"),
        ("key", "rotate"),
        ("user", "add"),
        ("key", "revoke"),
        ("user", "disable"),
    ]
    assert {entry.via for entry in found} == {"command"}
    assert not any(secret in str(found) for secret in secrets)


def test_what_cannot_be_done_is_refused_in_words_and_not_logged(run, store: Store):
    for words, told in (
        (("keys", "add", "erp", "--role", "boss"), "sales, analyst, batch, admin"),
        (("keys", "rotate", "nobody"), "aucune clé active"),
        (("users", "disable", "nobody"), "aucun utilisateur ne s'appelle 'nobody'"),
    ):
        done = run(*words)
        assert (done.code, told in done.err) == (2, True)
    assert log(store) == []
