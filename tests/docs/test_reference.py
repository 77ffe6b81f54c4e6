"""The reference is generated whole, and refuses what lacks its documentation."""

import re

import pytest
import typer

from docs.generator import commands, keys, pages, settings
from docs.generator.french import check_translations
from docs.generator.tables import UndocumentedError


def test_every_page_is_generated_and_none_is_empty():
    found = pages.pages()
    names = (
        "commands.md",
        "commands.fr.md",
        "settings.md",
        "settings.fr.md",
        "api.md",
        "policy.fr.md",
        "mapping.md",
        "features.fr.md",
    )
    assert {f"reference/{name}" for name in names} <= set(found)
    assert [name for name, text in found.items() if len(text) < 1_000] == []


def test_an_option_without_help_is_refused_by_name(monkeypatch: pytest.MonkeyPatch):
    app = typer.Typer()

    @app.command()
    def quiet(loud: bool = False) -> None:
        """Do nothing."""

    @app.command()
    def other() -> None:
        pass

    monkeypatch.setattr(commands, "app", app)
    with pytest.raises(UndocumentedError, match=r"(?s)other.*quiet loud"):
        commands.page("en")


def test_a_text_without_its_french_and_french_of_no_text_are_refused():
    known = [*commands.texts(), *settings.texts()]
    check_translations(known)
    with pytest.raises(UndocumentedError) as refused:
        check_translations([*known[1:], "Do something new."])
    assert "without documentation: Do something new." in str(refused.value)
    assert f"does not exist: {known[0]}" in str(refused.value)


def test_french_pages_have_the_commands_and_variables_of_the_english_ones():
    for page in (commands.page, settings.page):
        english, french = (
            re.findall(r"^(?:## .*|\| `[^|]+)", page(lang), re.MULTILINE) for lang in ("en", "fr")
        )
        assert english == french


def test_a_setting_without_a_meaning_is_refused(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(settings, "_meanings", lambda doc: {})
    settings.variables.cache_clear()
    with pytest.raises(UndocumentedError, match="ENCOURS_STORE_URL"):
        settings.page("en")
    settings.variables.cache_clear()


def test_a_variable_that_no_settings_class_knows_is_refused(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(settings, "_named", lambda: {"ENCOURS_NEW_ONE"})
    with pytest.raises(UndocumentedError, match="ENCOURS_NEW_ONE"):
        settings.page("en")


@pytest.mark.parametrize(
    ("listed", "page", "new"),
    [("policy_keys", keys.policy_page, "alerts.new"), ("mapping_keys", keys.mapping_page, "file.new")],
)
def test_a_key_without_a_meaning_and_a_meaning_without_its_key_are_refused(
    monkeypatch: pytest.MonkeyPatch, listed: str, page, new: str
):
    found = list(getattr(keys, listed)())
    gone = next(key for key in found if "." in key)
    changed = dict.fromkeys([*(key for key in found if key != gone), new], "")
    monkeypatch.setattr(keys, listed, lambda: changed)
    with pytest.raises(UndocumentedError) as refused:
        page("en")
    assert f"without documentation: {new}" in str(refused.value)
    assert f"does not exist: {gone}" in str(refused.value)


def test_a_variable_is_described_with_its_default():
    found = settings.variables()["ENCOURS_REGISTERS_CACHE_DAYS"]
    assert found.default == "7.0"
    assert found.meaning == "Days for which a cached answer is used without a new call."
