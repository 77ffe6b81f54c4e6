"""Writes every generated page; MkDocs runs it before it reads the folder (`hooks` in mkdocs.yml)."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from docs.generator import api, commands, features, keys, settings
from docs.generator.french import check_translations

DOCS = Path(__file__).parents[1]
PAPERS = ("CONTRIBUTING", "CHANGELOG", "SECURITY")
"""Files of the repository's root that are pages too."""


def pages() -> dict[str, str]:
    """Return the text of every generated page by its file within the documentation.

    Raises
    ------
    UndocumentedError
        Something lacks its documentation.
    """
    check_translations([*commands.texts(), *settings.texts()])
    return {
        "reference/commands.md": commands.page("en"),
        "reference/commands.fr.md": commands.page("fr"),
        "reference/settings.md": settings.page("en"),
        "reference/settings.fr.md": settings.page("fr"),
        "reference/api.md": api.page(),
        "reference/policy.md": keys.policy_page("en"),
        "reference/policy.fr.md": keys.policy_page("fr"),
        "reference/mapping.md": keys.mapping_page("en"),
        "reference/mapping.fr.md": keys.mapping_page("fr"),
        "reference/features.md": features.page("en"),
        "reference/features.fr.md": features.page("fr"),
        **{f"project/{name.lower()}.md": paper(name) for name in PAPERS},
    }


def paper(name: str) -> str:
    """Return a file of the root with its links as they are from a folder of the documentation."""
    return (DOCS.parent / f"{name}.md").read_text(encoding="utf-8").replace("](docs/", "](../")


@cache
def write() -> None:
    """Write the pages into the documentation's folder, once a process; git ignores them."""
    for name, text in pages().items():
        path = DOCS / name
        path.parent.mkdir(exist_ok=True)
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")


def on_pre_build(**_: object) -> None:
    """Answer MkDocs' event: the pages are written before the folder is read."""
    write()
