"""Markdown tables, and the one fault of the generator: something lacks its documentation."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

WRITTEN = {
    "en": "This page is generated from the code when the site is built.",
    "fr": "Cette page est générée à partir du code à la construction du site.",
}


class UndocumentedError(Exception):
    """Names what lacks its documentation, and what is documented but does not exist."""

    @classmethod
    def check(cls, what: str, missing: Iterable[str], unknown: Iterable[str] = ()) -> None:
        """Raise where anything is missing or unknown."""
        faults = [f"{what} without documentation: {name}" for name in missing]
        faults += [f"documentation of {what} that does not exist: {name}" for name in unknown]
        if faults:
            raise cls("\n".join(faults))


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> list[str]:
    """Return the lines of a Markdown table; signs that would end a cell are escaped."""
    lines = [_line(head), "|" + "---|" * len(head)]
    return [*lines, *(_line(row) for row in rows), ""]


def code(value: object) -> str:
    """Return a value as code; nothing where it is empty."""
    text = str(value)
    return f"`{text}`" if text else ""


def text_of(title: str, lang: str, lines: Iterable[str]) -> str:
    """Return a whole page."""
    return "\n".join([f"# {title}", "", f"*{WRITTEN[lang]}*", "", *lines]).rstrip() + "\n"


def _line(cells: Sequence[object]) -> str:
    texts = [" ".join(str(cell).split()).replace("|", "\\|") for cell in cells]
    return "| " + " | ".join(texts) + " |"
