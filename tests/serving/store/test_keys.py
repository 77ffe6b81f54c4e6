from pathlib import Path

import pytest

from models.errors import StoreError
from serving.store import Store, open_store
from tests.serving.store.builders import NOW


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


@pytest.mark.parametrize(("name", "role"), [(" ", "sales"), ("x", "root")])
def test_a_key_needs_a_name_and_a_known_role(store: Store, name: str, role: str):
    with pytest.raises(StoreError):
        store.add_key(name, role)  # type: ignore[arg-type]  # wrong on purpose


def test_revoking_what_is_not_there_is_an_error(store: Store):
    with pytest.raises(StoreError, match="no active key"):
        store.revoke_key("nobody")
