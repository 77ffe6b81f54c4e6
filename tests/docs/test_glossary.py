"""The glossary says the same in both languages, and names what the code names."""

import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CODE = re.compile(r"`([^`]+)`")


@cache
def rows(name: str) -> list[list[str]]:
    """The cells of every concept of a glossary, its names without their bold signs."""
    lines = (ROOT / "docs" / name).read_text(encoding="utf-8").splitlines()
    cells = [
        [cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("| **")
    ]
    return [[cell.strip("*") for cell in row] for row in cells]


def english() -> list[list[str]]:
    return rows("glossary.md")


def french() -> list[list[str]]:
    return rows("glossary.fr.md")


@cache
def source() -> str:
    paths = [path for package in ("models", "serving", "pipelines") for path in (ROOT / package).rglob("*")]
    return "\n".join(
        path.read_text(encoding="utf-8") for path in paths if path.suffix in {".py", ".toml", ".html"}
    )


def test_both_languages_give_the_same_names():
    assert [(en, fr, code) for en, code, fr, *_ in english()] == [
        (en, fr, code) for fr, en, code, *_ in french()
    ]
    assert len(english()) > 60


@pytest.mark.parametrize("name", ["glossary.md", "glossary.fr.md"])
def test_a_name_stands_for_one_concept_and_every_concept_has_a_meaning(name: str):
    names = [row[0] for row in rows(name)]
    assert sorted(names) == sorted(set(names))
    assert [row[0] for row in rows(name) if len(row) != 5 or not row[3].endswith(".")] == []


def test_the_code_uses_the_names_that_are_said_to_be_its_own():
    words = {word for row in english() for word in CODE.findall(row[1])}
    assert [word for word in sorted(words) if not re.search(rf"\b{re.escape(word)}\b", source())] == []
