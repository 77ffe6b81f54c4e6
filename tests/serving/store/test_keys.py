import datetime as dt
from pathlib import Path

import pytest

from models.errors import StoreError
from serving.store import Store, open_store
from tests.serving.store.builders import NOW, Clock


def test_a_key_is_found_by_its_plaintext_alone(store: Store):
    plaintext = store.add_key("claire", "sales")
    assert plaintext.startswith("enc_")
    assert len(plaintext) == 47
    found = store.find_key(plaintext)
    assert found is not None
    assert (found.name, found.role, found.created_at, found.revoked_at) == ("claire", "sales", NOW, None)
    for wrong in (
        "",
        "enc_",
        plaintext[:-1],
        plaintext + "x",
        plaintext.upper(),
        "é" * 43,
        "\udc80",
        "x" * 9999,
    ):
        assert store.find_key(wrong) is None


def test_the_plaintext_is_nowhere_in_the_database(tmp_path: Path):
    store = open_store(f"sqlite:///{tmp_path}/encours.db")
    plaintext = store.add_key("claire", "sales")
    store.close()
    for file in tmp_path.iterdir():
        assert plaintext.encode() not in file.read_bytes()


def test_a_revoked_key_opens_nothing_and_frees_its_name(store: Store):
    old = store.add_key("night", "batch")
    store.revoke_key("night")
    assert store.find_key(old) is None
    new = store.add_key("night", "batch")
    assert store.find_key(new) is not None
    assert [(key.name, key.revoked_at) for key in store.list_keys()] == [("night", NOW), ("night", None)]


def test_two_active_keys_never_share_a_name(store: Store):
    store.add_key("claire", "sales")
    with pytest.raises(StoreError, match="'claire'"):
        store.add_key("claire", "analyst")


@pytest.mark.parametrize(("name", "role"), [(" ", "sales"), ("a\x1b[2J", "sales"), ("x", "root")])
def test_a_key_needs_a_name_and_a_known_role(store: Store, name: str, role: str):
    with pytest.raises(StoreError):
        store.add_key(name, role)  # type: ignore[arg-type]  # wrong on purpose


def test_revoking_what_is_not_there_is_an_error(store: Store):
    with pytest.raises(StoreError, match="no active key"):
        store.revoke_key("nobody")


def test_a_key_opens_nothing_from_its_end_on(timed: Store, clock: Clock):
    plaintext = timed.add_key("claire", "sales", dt.timedelta(days=30))
    clock.pass_by(days=29, hours=23)
    assert timed.find_key(plaintext) is not None
    clock.pass_by(hours=1)
    assert timed.find_key(plaintext) is None
    with pytest.raises(StoreError, match="'claire'; rotate or revoke"):
        timed.add_key("claire", "sales")
    new = timed.rotate_key("claire")
    assert timed.find_key(new) is not None
    assert timed.find_key(plaintext) is None


def test_a_rotated_key_opens_until_the_grace_is_over(timed: Store, clock: Clock):
    old = timed.add_key("erp", "batch")
    new = timed.rotate_key("erp", dt.timedelta(days=2), dt.timedelta(days=90))
    assert old != new
    for plaintext in (old, new):
        found = timed.find_key(plaintext)
        assert found is not None
        assert (found.name, found.role) == ("erp", "batch")
    clock.pass_by(days=2)
    assert timed.find_key(old) is None
    assert timed.find_key(new) is not None
    before, after = timed.list_keys()
    assert (before.rotated_at, before.expires_at) == (NOW, NOW + dt.timedelta(days=2))
    assert (after.rotated_at, after.expires_at) == (None, NOW + dt.timedelta(days=90))


def test_a_grace_never_lengthens_a_key(timed: Store):
    timed.add_key("erp", "batch", dt.timedelta(days=1))
    timed.rotate_key("erp", dt.timedelta(days=7))
    assert timed.list_keys()[0].expires_at == NOW + dt.timedelta(days=1)


def test_revoking_ends_the_rotated_key_too(store: Store):
    keys = [store.add_key("erp", "batch"), store.rotate_key("erp")]
    store.revoke_key("erp")
    assert [store.find_key(key) for key in keys] == [None, None]


def test_nothing_is_rotated_that_is_not_there(store: Store):
    with pytest.raises(StoreError, match="no active key is called 'nobody'"):
        store.rotate_key("nobody")


def test_the_day_of_use_is_written_once_a_day(timed: Store, clock: Clock):
    plaintext = timed.add_key("claire", "sales")
    assert timed.list_keys()[0].last_used_on is None
    for hours in (0, 1, 24):
        clock.pass_by(hours=hours)
        timed.find_key(plaintext)
        assert timed.list_keys()[0].last_used_on == clock.now.date()


def test_a_key_that_would_have_ended_already_is_not_made(store: Store):
    with pytest.raises(StoreError, match="a moment to come"):
        store.add_key("claire", "sales", dt.timedelta(days=-1))
