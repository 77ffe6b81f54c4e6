"""Writes every generated page; MkDocs runs it before it reads the folder (`hooks` in mkdocs.yml)."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from docs.generator import api, commands, features, keys, settings

FOLDER = Path(__file__).parents[1] / "reference"


def pages() -> dict[str, str]:
    """Return the text of every generated page by the name of its file.

    Raises
    ------
    UndocumentedError
        Something lacks its documentation.
    """
    return {
        "commands.md": commands.page(),
        "settings.md": settings.page(),
        "api.md": api.page(),
        "policy.md": keys.policy_page("en"),
        "policy.fr.md": keys.policy_page("fr"),
        "mapping.md": keys.mapping_page("en"),
        "mapping.fr.md": keys.mapping_page("fr"),
        "features.md": features.page("en"),
        "features.fr.md": features.page("fr"),
    }


@cache
def write() -> None:
    """Write the pages into the documentation's folder, once a process; git ignores them."""
    for name, text in pages().items():
        path = FOLDER / name
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")


def on_pre_build(**_: object) -> None:
    """Answer MkDocs' event: the pages are written before the folder is read."""
    write()
