"""The commands that the documentation shows: every line of its shell blocks."""

import re
import shlex
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
BLOCK = re.compile(r"^```(?:sh|console)\n(.*?)^```", re.MULTILINE | re.DOTALL)
INSIDE = re.compile(r"\$\((uv run encours [^)]*)\)")


@dataclass(frozen=True)
class Shown:
    """A command with the page that shows it; its words begin behind `uv run`."""

    page: str
    words: tuple[str, ...]

    @property
    def encours(self) -> tuple[str, ...] | None:
        """The words behind `encours`; None where another program is called."""
        return self.words[1:] if self.words[0] == "encours" else None


def pages() -> list[Path]:
    """Every page that is written by hand."""
    ours = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), ROOT / "data" / "README.md"]
    generated = re.compile(
        r"docs/(project/|reference/(commands|settings|api|policy|mapping|features)(\.fr)?\.md$)"
    )
    return [page for page in ours if not generated.search(page.as_posix())]


def commands() -> list[Shown]:
    """Return every command shown, page by page."""
    found = []
    for page in pages():
        name = page.relative_to(ROOT).as_posix()
        for block in BLOCK.findall(page.read_text(encoding="utf-8")):
            for line in block.replace("\\\n", " ").splitlines():
                found += [Shown(name, tuple(_words(text))) for text in _commands(line) if text]
    return found


def of_encours() -> list[tuple[str, ...]]:
    """Return the distinct commands of our own, each once."""
    return list(dict.fromkeys(words for shown in commands() if (words := shown.encours) is not None))


def _commands(line: str) -> list[str]:
    plain = line.split(" #", 1)[0].strip()
    if plain.startswith("#"):
        return []
    return [*INSIDE.findall(plain), INSIDE.sub("", plain)]


def _words(text: str) -> list[str]:
    words = shlex.split(text)
    return words[2:] if words[:2] == ["uv", "run"] else words
