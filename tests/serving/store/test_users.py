from pathlib import Path

import pytest

from models.errors import StoreError
from serving.store import Store, User, open_store
from tests.serving.store.builders import NOW, Clock

PASSWORD = "correct horse battery"


def test_a_user_is_known_by_name_and_password(store: Store):
    made = store.add_user(" anne ", "analyst", PASSWORD)
    assert made == User("anne", "analyst", NOW, None, NOW)
    assert store.check_password("anne", PASSWORD) == made
    assert store.list_users() == (made,)
    for name, password in (("anne", "another password"), ("bruno", PASSWORD), ("", ""), ("ANNE", PASSWORD)):
        assert store.check_password(name, password) is None


def test_neither_password_nor_token_is_in_the_database(tmp_path: Path):
    store = open_store(f"sqlite:///{tmp_path}/encours.db")
    store.add_user("anne", "analyst", PASSWORD)
    token = store.begin_session("anne")
    store.close()
    for file in tmp_path.iterdir():
        assert PASSWORD.encode() not in file.read_bytes()
        assert token.encode() not in file.read_bytes()


def test_a_changed_password_replaces_the_old_one_and_ends_every_session(timed: Store, clock: Clock):
    timed.add_user("anne", "sales", PASSWORD)
    token = timed.begin_session("anne")
    clock.pass_by(minutes=5)
    timed.set_password("anne", "another password")
    assert timed.check_password("anne", PASSWORD) is None
    assert timed.check_password("anne", "another password") is not None
    assert timed.find_session(token) is None
    assert timed.list_users()[0].password_changed_at == clock.now


def test_a_disabled_user_is_shut_out_and_keeps_the_name(timed: Store, clock: Clock):
    timed.add_user("anne", "sales", PASSWORD)
    token = timed.begin_session("anne")
    timed.disable_user("anne")
    assert timed.check_password("anne", PASSWORD) is None
    assert timed.find_session(token) is None
    assert timed.list_users()[0].disabled_at == clock.now
    with pytest.raises(StoreError, match="is or was called 'anne'"):
        timed.add_user("anne", "sales", PASSWORD)
    for change in (
        lambda: timed.disable_user("anne"),
        lambda: timed.set_password("anne", PASSWORD),
        lambda: timed.begin_session("anne"),
    ):
        with pytest.raises(StoreError, match="no user is called 'anne'"):
            change()


@pytest.mark.parametrize(
    ("name", "role"), [(" ", "sales"), ("x" * 101, "sales"), ("an\nne", "sales"), ("anne", "root")]
)
def test_a_user_needs_a_name_and_a_known_role(store: Store, name: str, role: str):
    with pytest.raises(StoreError):
        store.add_user(name, role, PASSWORD)  # type: ignore[arg-type]  # wrong on purpose
