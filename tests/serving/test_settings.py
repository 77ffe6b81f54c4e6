from pathlib import Path

import pytest
from pydantic import ValidationError

from serving.settings import Settings


def test_settings_come_from_the_environment(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("ENCOURS_STORE_URL", "sqlite:///elsewhere.db")
    monkeypatch.setenv("ENCOURS_POLICY_PATH", "mine.toml")
    settings = Settings(_env_file=None)
    assert settings.store_url == "sqlite:///elsewhere.db"
    assert settings.policy_path == Path("mine.toml")


def test_without_an_environment_the_store_is_a_local_file(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("ENCOURS_STORE_URL", raising=False)
    monkeypatch.delenv("ENCOURS_POLICY_PATH", raising=False)
    assert Settings(_env_file=None) == Settings(store_url="sqlite:///data/encours.db", policy_path=None)


@pytest.mark.parametrize(
    "password", ["changeme", "Change-Me", "password1", "postgres", "<password>", "secret"]
)
def test_a_placeholder_password_is_refused_without_showing_it(password: str):
    with pytest.raises(ValidationError, match="placeholder") as caught:
        Settings(store_url=f"postgresql+psycopg://encours:{password}@db/encours")
    assert "@db" not in str(caught.value)


def test_a_real_password_and_a_url_without_one_are_accepted():
    for url in ("postgresql+psycopg://encours:kT9%21vq2Lw@db/encours", "sqlite:///x.db", "nonsense [::"):
        assert Settings(store_url=url).store_url == url


@pytest.mark.parametrize("key", ["short", f"{'k' * 40},short"])
def test_a_short_key_of_the_log_is_refused_without_being_shown(key: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("ENCOURS_AUDIT_KEY", key)
    with pytest.raises(ValidationError, match="fewer than 32 characters") as caught:
        Settings(_env_file=None)  # type: ignore[call-arg]  # pydantic-settings' own
    assert key not in str(caught.value)


def test_the_key_of_the_log_is_not_shown_where_settings_are_printed(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("ENCOURS_AUDIT_KEY", "k" * 40)
    settings = Settings(_env_file=None)  # type: ignore[call-arg]  # pydantic-settings' own
    assert "k" * 40 not in repr(settings)
    assert "k" * 40 not in str(settings.model_dump())
