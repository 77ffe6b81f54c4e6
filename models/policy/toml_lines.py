"""The line of each key of a TOML text, which neither `tomllib` nor tomlkit reports.

Owns finding places in a text that `tomllib` has accepted already; values are `tomllib`'s. It reads TOML 1.0:
tables, arrays of tables, dotted and quoted keys, inline tables, strings and arrays over several lines.
"""

from __future__ import annotations

import bisect
import re
import tomllib
from dataclasses import dataclass, field
from itertools import accumulate
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

Path = tuple[str | int, ...]
"""Keys from the root down; a whole number is a place in a list, from 0."""

_BARE: Final = re.compile(r"[A-Za-z0-9_-]+")
_BARE_ENDS: Final = "=.]}, \t\r\n#"
_SCALAR_ENDS: Final = ",]}#\r\n"


def key_lines(text: str) -> Mapping[Path, int]:
    r"""Return the line, from 1, where each key and each table of a TOML text first occurs.

    Parameters
    ----------
    text
        A text that `tomllib.loads` accepts; of any other the lines mean nothing.

    Examples
    --------
    >>> lines = key_lines("# bands\n[grades]\nA = 1\nmore.B = {x = 2}\n")
    >>> lines[("grades", "A")], lines[("grades", "more", "B", "x")]
    (3, 4)
    """
    scan = _Scan(text.replace("\r\n", "\n"))
    scan.document()
    return MappingProxyType(scan.implied | scan.lines)


def line_of(path: Path, lines: Mapping[Path, int]) -> int:
    """Return the line of a key, or of its nearest enclosing table where the key is missing; else 1."""
    return next((lines[path[:size]] for size in range(len(path), 0, -1) if path[:size] in lines), 1)


def key_of(path: Path) -> str:
    """Return the dotted key of a path.

    Examples
    --------
    >>> key_of(("starter", "steps", 1, "odd.key"))
    'starter.steps[1]."odd.key"'
    """
    parts = (
        f"[{part}]" if isinstance(part, int) else f".{part}" if _BARE.fullmatch(part) else f'."{part}"'
        for part in path
    )
    return "".join(parts).removeprefix(".")


@dataclass(slots=True)
class _Scan:
    """Scanner of a TOML text that records the lines of keys and of implied tables."""

    text: str
    at: int = 0
    lines: dict[Path, int] = field(default_factory=dict)
    implied: dict[Path, int] = field(default_factory=dict)
    counts: dict[Path, int] = field(default_factory=dict)
    starts: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.starts = [0, *accumulate(len(line) + 1 for line in self.text.split("\n"))]

    def document(self) -> None:
        table: Path = ()
        while self.skip():
            if self.text[self.at] == "[":
                table = self.header()
            else:
                self.pair(table)

    def header(self) -> Path:
        """Read `[a.b]` or `[[a.b]]` and return the table it opens."""
        begin, many = self.at, self.text.startswith("[[", self.at)
        self.at += 2 if many else 1
        names = self.key()
        self.at += 2 if many else 1
        path: Path = ()
        for name in names[:-1]:
            path = self.inside((*path, name))
            self.implied.setdefault(path, self.line(begin))
        path = (*path, names[-1])
        self.note(path, begin)
        if not many:
            return path
        self.counts[path] = self.counts.get(path, -1) + 1
        path = (*path, self.counts[path])
        self.note(path, begin)
        return path

    def inside(self, path: Path) -> Path:
        """Return a table's path, the last one's where there is a list of them."""
        return (*path, self.counts[path]) if path in self.counts else path

    def pair(self, table: Path) -> None:
        """Read `key = value`."""
        begin = self.at
        names = self.key()
        path = table
        for name in names:
            path = (*path, name)
            self.note(path, begin)
        self.at = self.text.index("=", self.at) + 1
        self.value(path)

    def key(self) -> list[str]:
        """Read a key of one or more parts with points between them."""
        names: list[str] = []
        while True:
            self.blanks()
            names.append(self.part())
            self.blanks()
            if self.text[self.at] != ".":
                return names
            self.at += 1

    def part(self) -> str:
        begin = self.at
        if self.text[self.at] in "\"'":
            self.string()
            named: str = tomllib.loads(f"key = {self.text[begin : self.at]}")["key"]
            return named
        self.upto(_BARE_ENDS)
        return self.text[begin : self.at]

    def value(self, path: Path) -> None:
        self.skip()
        first = self.text[self.at]
        if first in "\"'":
            self.string()
        elif first == "[":
            self.items(path, "]")
        elif first == "{":
            self.items(path, "}")
        else:
            self.upto(_SCALAR_ENDS)

    def items(self, path: Path, end: str) -> None:
        """Read a list's values or an inline table's pairs."""
        self.at += 1
        place = 0
        while self.skip() and self.text[self.at] != end:
            if end == "}":
                self.pair(path)
            else:
                self.note((*path, place), self.at)
                self.value((*path, place))
                place += 1
            self.skip()
            if self.text[self.at] == ",":
                self.at += 1
        self.at += 1

    def string(self) -> None:
        """Skip a string; a basic one may escape its quotes."""
        quote = self.text[self.at]
        long = self.text.startswith(quote * 3, self.at)
        end = quote * 3 if long else quote
        self.at += len(end)
        while not self.text.startswith(end, self.at):
            self.at += 2 if quote == '"' and self.text[self.at] == "\\" else 1
        self.at += len(end)
        while long and self.text.startswith(quote, self.at):
            self.at += 1  # up to two quotes may stand before the closing three

    def skip(self) -> bool:
        """Skip blanks, line ends and comments; return False at the end of the text."""
        while self.at < len(self.text):
            if self.text[self.at] == "#":
                self.upto("\n")
            elif self.text[self.at] in " \t\r\n":
                self.at += 1
            else:
                return True
        return False

    def blanks(self) -> None:
        while self.text[self.at] in " \t":
            self.at += 1

    def upto(self, ends: str) -> None:
        while self.at < len(self.text) and self.text[self.at] not in ends:
            self.at += 1

    def note(self, path: Path, place: int) -> None:
        self.lines.setdefault(path, self.line(place))

    def line(self, place: int) -> int:
        return bisect.bisect_right(self.starts, place)
