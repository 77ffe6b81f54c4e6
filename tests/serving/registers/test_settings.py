"""Settings of the registers refuse what they should."""

import pytest
from pydantic import ValidationError

from serving.registers.identifiers import siren_in
from serving.registers.settings import RegisterSettings
from tests.serving.registers.samples import ONE, TWO


def test_made_up_numbers_have_a_sound_key():
    assert siren_in(ONE) == ONE != TWO == siren_in(TWO)


def test_a_register_is_asked_over_an_encrypted_line_only():
    with pytest.raises(ValidationError, match="https://"):
        RegisterSettings(bodacc_url="http://example.org")
    assert RegisterSettings(bodacc_url="https://example.org/").bodacc_url == "https://example.org"


def test_a_key_is_never_shown():
    assert "geheim" not in repr(RegisterSettings.model_validate({"sirene_key": "geheim"}))


def test_addresses_come_from_the_environment(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("ENCOURS_REGISTERS_OFFLINE", "1")
    monkeypatch.setenv("ENCOURS_REGISTERS_BODACC_URL", "https://mirror.example.org/v2.1")
    settings = RegisterSettings()
    assert settings.offline
    assert settings.bodacc_url == "https://mirror.example.org/v2.1"
