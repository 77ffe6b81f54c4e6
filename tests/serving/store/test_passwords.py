import pytest

from models.errors import StoreError
from serving.store import passwords


def test_a_password_is_right_for_its_own_hash_alone():
    password = passwords.make()
    kept = passwords.digest(password, "anne")
    assert kept.startswith("$argon2id$")
    assert passwords.is_right(password, kept)
    assert not passwords.is_right(password + "x", kept)
    assert not passwords.is_right(password, passwords.digest("another password", "anne"))


def test_two_hashes_of_one_password_differ():
    assert len({passwords.digest("one password twice", "anne") for _ in range(2)}) == 2


def test_nobodys_password_is_never_right():
    assert not passwords.is_right("whatever it may be", None)


@pytest.mark.parametrize("kept", ["", "no hash", "$argon2id$"])
def test_a_hash_that_cannot_be_read_opens_nothing(kept: str):
    assert not passwords.is_right("whatever it may be", kept)


@pytest.mark.parametrize("password", ["", "short", "x" * 11, "x" * 201, " Anne-Laure Martin "])
def test_a_weak_password_is_refused(password: str):
    with pytest.raises(StoreError, match="password"):
        passwords.digest(password, "anne-laure martin")


def test_a_password_beyond_all_length_costs_nothing_to_refuse():
    assert not passwords.is_right("x" * 1_000_000, passwords.digest("a real password", "anne"))
