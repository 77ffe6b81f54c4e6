import pytest

from models.errors import AccessError, StoreError
from serving.callers import Caller
from serving.store import Store
from serving.usecases.access import ChangeAccess

ADMIN = Caller("sacha", "admin", "session")
PASSWORD = "un mot de passe assez long"


@pytest.fixture
def access(store: Store) -> ChangeAccess:
    store.add_user("sacha", "admin", PASSWORD)
    return ChangeAccess(lambda: store)


def test_every_change_is_in_the_audit_log_without_a_secret(access: ChangeAccess, store: Store):
    access.add_user("camille", "sales", PASSWORD, ADMIN)
    access.set_role("camille", "analyst", ADMIN)
    access.set_password("camille", PASSWORD * 2, ADMIN)
    access.end_sessions("camille", ADMIN)
    access.disable_user("camille", ADMIN)
    key = access.add_key("erp", "batch", 30, ADMIN)
    access.revoke_key("erp", ADMIN)
    entries = store.audit().items[::-1]
    assert [one.question["change"] for one in entries] == [
        "add", "role", "password", "end_sessions", "disable", "add", "revoke",
    ]  # fmt: skip
    assert {one.who for one in entries} == {"sacha"}
    assert not any(secret in str(one.question) for one in entries for secret in (PASSWORD, key))
    assert store.check_audit().sound


def test_a_role_and_the_end_of_a_session_hold_in_sessions_that_are_open(access: ChangeAccess, store: Store):
    access.add_user("camille", "sales", PASSWORD, ADMIN)
    token = store.begin_session("camille")
    access.set_role("camille", "analyst", ADMIN)
    found = store.find_session(token)
    assert found is not None
    assert found.role == "analyst"
    assert [one.name for one in store.list_sessions()] == ["camille"]
    access.end_sessions("camille", ADMIN)
    assert store.find_session(token) is None
    assert store.list_sessions() == ()


def test_nobody_takes_away_their_own_access(access: ChangeAccess, store: Store):
    for change in (
        lambda: access.disable_user(" sacha ", ADMIN),
        lambda: access.set_role("sacha", "sales", ADMIN),
    ):
        with pytest.raises(AccessError):
            change()
    assert [(one.name, one.role, one.disabled_at) for one in store.list_users()] == [("sacha", "admin", None)]


@pytest.mark.parametrize("name", ["nobody", "", "x" * 200])
def test_what_does_not_exist_cannot_be_changed(access: ChangeAccess, store: Store, name: str):
    changes = (
        lambda: access.set_role(name, "sales", ADMIN),
        lambda: access.end_sessions(name, ADMIN),
        lambda: access.disable_user(name, ADMIN),
        lambda: access.revoke_key(name, ADMIN),
    )
    for change in changes:
        with pytest.raises(StoreError):
            change()
    assert store.audit().items == ()


def test_an_unknown_role_is_refused(access: ChangeAccess):
    for change in (
        lambda: access.add_user("camille", "owner", PASSWORD, ADMIN),
        lambda: access.set_role("sacha", "owner", Caller("root", "system", "command")),
        lambda: access.add_key("erp", "owner", None, ADMIN),
    ):
        with pytest.raises(StoreError, match="roles are"):
            change()
