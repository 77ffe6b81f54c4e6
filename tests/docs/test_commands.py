"""Every command that the documentation shows is one that can be given, and its benchmarks exist."""

import re

import pytest
import typer

from docs.generator.commands import commands as all_commands
from pipelines.cli.app import app
from tests.docs.shown import ROOT, commands, of_encours, pages

OTHERS = frozenset(
    {
        "pip",
        "uv",
        "git",
        "curl",
        "export",
        "dvc",
        "mkdocs",
        "pytest",
        "ruff",
        "mypy",
        "lint-imports",
        "python",
    }
)
BENCHMARK = re.compile(r"python -m (benchmarks\.\w+)")
CODE = re.compile(r"`encours ([a-z]+(?: [a-z]+)?)")
NAMES = frozenset(name for name, _ in all_commands())


@pytest.mark.parametrize("words", of_encours(), ids=" ".join)
def test_a_command_is_understood_to_its_last_word(words: tuple[str, ...]):
    command = typer.main.get_command(app)
    rest = list(words)
    while hasattr(command, "commands") and rest and not rest[0].startswith("-"):
        command = command.commands[rest.pop(0)]
    if rest == ["--help"]:
        return
    assert command.make_context(words[0], rest)


def test_every_other_program_is_a_known_one():
    assert {shown.words[0] for shown in commands()} - {"encours"} <= OTHERS


def test_a_command_named_in_a_sentence_exists():
    groups = {name.split()[0] for name in NAMES if " " in name}
    named = {(page.name, name) for page in pages() for name in CODE.findall(page.read_text(encoding="utf-8"))}
    unknown = {
        (page, name)
        for page, name in named
        if name not in NAMES and name.split()[0] not in {*groups, *(one.split()[0] for one in NAMES)}
    }
    assert unknown == set()


def test_every_benchmark_that_prints_a_figure_exists():
    named = {name for page in pages() for name in BENCHMARK.findall(page.read_text(encoding="utf-8"))}
    assert len(named) > 10
    assert [name for name in sorted(named) if not (ROOT / f"{name.replace('.', '/')}.py").is_file()] == []
