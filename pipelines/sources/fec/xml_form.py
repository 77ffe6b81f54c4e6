"""The XML form of a FEC (art. A47 A-1, VI LPF; schema formatA47A-I-VII-1) as the lines of its text form.

`comptabilite` holds `exercice` (with DateCloture), that holds `journal`, `ecriture` and `ligne`: each `ligne`
becomes one line with the 18 columns, preceded by the fields of its entry and journal. Line n of the text form
is `ligne` n - 1 of the file.

The file is parsed incrementally by expat. A document type is refused, so that no entity is declared and no
external resource is read; depth, texts and unfinished tokens are bounded, and so is memory.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.parsers import expat

from models.errors import LedgerError
from pipelines.sources.fec.cells import day_of
from pipelines.sources.fec.encoding import BOM
from pipelines.sources.fec.layout import (
    SPELLINGS,
    TEXTS,
    TWO_COLUMNS,
    UNREAD,
    WITH_SIDE,
    FecLayout,
    plain_name,
)
from pipelines.sources.fec.stream import BLOCK_BYTES, LONGEST_LINE, UTF16_MARKS

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator
    from pathlib import Path

    from pipelines.sources.fec.stream import Readable

PIECE_BYTES = 1 << 16
LONGEST_TOKEN = 1 << 20
"""Bytes that expat may buffer without a complete token: a tag of a FEC needs some dozens."""
DEEPEST = 16
ROOT = "comptabilite"
COLUMNS = (*TEXTS[:11], *TWO_COLUMNS, *TEXTS[11:], *UNREAD)
_LEVELS = ("exercice", "journal", "ecriture", "ligne")
_NAMES = {plain_name(name): name for name in (*COLUMNS, *WITH_SIDE, "DateCloture")}
_NAMES |= {plain_name(one): name for name, ones in SPELLINGS.items() if name in COLUMNS for one in ones}
_DEBITS, _CREDITS = frozenset({"D", "+1", "1", "+", "DEBIT"}), frozenset({"C", "-1", "-", "CREDIT"})
_TIMED = re.compile(r"^(\d{4}-\d{2}-\d{2})(?:T|Z|[+-]\d{2}:).*$")


def looks_like_xml(head: bytes) -> bool:
    """Return whether a file begins as XML does, by its first bytes."""
    if head.startswith(UTF16_MARKS):
        head = head.decode("utf-16", errors="ignore").encode()
    return head.removeprefix(BOM).lstrip().startswith(b"<")


def text_form(path: Path, source: Readable) -> Iterator[tuple[FecLayout, bytes]]:
    """Return the lines of a file in XML, block by block, each line ended by a line feed.

    Raises
    ------
    LedgerError
        The file is no FEC in XML, is damaged or truncated, has a document type, or exceeds the bounds.
    """
    reader = _Reader(path)
    fed = 0
    while piece := source.read(PIECE_BYTES):
        reader.feed(piece)
        fed += len(piece)
        if fed - max(reader.parser.CurrentByteIndex, 0) > LONGEST_TOKEN:
            raise reader.refusal(f"has a tag of more than {LONGEST_TOKEN:,} bytes; this is no FEC")
        if reader.size >= BLOCK_BYTES:
            yield reader.layout(), reader.take()
    reader.feed(b"", last=True)
    yield reader.layout(), reader.take()


class _Reader:
    """Handlers for expat: the open levels, their values, and the lines built from them."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._open: list[str] = []
        self._values: dict[str, dict[str, str]] = {level: {} for level in _LEVELS}
        self._text: list[str] = []
        self._length = 0
        self._rows: list[bytes] = []
        self._closes: dt.date | None = None
        self.size = 0
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._characters
        self.parser.StartDoctypeDeclHandler = self._doctype

    def feed(self, piece: bytes, *, last: bool = False) -> None:
        """Parse a chunk of the file."""
        try:
            self.parser.Parse(piece, last)
        except (expat.ExpatError, LookupError, ValueError) as error:
            raise self.refusal(f"is damaged or cut short ({error}); export it again") from error

    def take(self) -> bytes:
        """Return the lines completed since the last call."""
        made, self._rows, self.size = b"".join(self._rows), [], 0
        return made

    def layout(self) -> FecLayout:
        """Return the layout of the lines, with the closing date stated in the file."""
        columns = {name: place for place, name in enumerate(COLUMNS) if name not in UNREAD}
        return FecLayout("\t", COLUMNS, columns, with_side=False, quoted=False, closes_on=self._closes)

    def refusal(self, reason: str) -> LedgerError:
        """Return the error for a file, with the line reached."""
        return LedgerError(f"{self._path}, line {self.parser.CurrentLineNumber}: {reason}")

    def _doctype(self, *_: object) -> None:
        raise self.refusal("has a document type (DOCTYPE); a FEC has none: export it again")

    def _start(self, tag: str, _: dict[str, str]) -> None:
        name = tag.rpartition(":")[2]
        if not self._open and plain_name(name) != ROOT:
            raise self.refusal(f"the root element is {name[:60]!r}; that of a FEC is {ROOT!r}")
        self._open.append(name)
        if len(self._open) > DEEPEST:
            raise self.refusal(f"elements are nested more than {DEEPEST} deep; this is no FEC")
        if name in _LEVELS:
            for level in _LEVELS[_LEVELS.index(name) :]:
                self._values[level] = {}
        self._text, self._length = [], 0

    def _characters(self, text: str) -> None:
        self._length += len(text)
        if self._length > LONGEST_LINE:
            raise self.refusal(f"a text of more than {LONGEST_LINE:,} signs; this is no FEC")
        self._text.append(text)

    def _end(self, _: str) -> None:
        name = self._open.pop()
        if name == "ligne":
            self._line()
        elif (known := _NAMES.get(plain_name(name))) is not None:
            level = next((one for one in reversed(self._open) if one in _LEVELS), None)
            if level is not None:
                self._values[level][known] = " ".join("".join(self._text).split())
                if known == "DateCloture":
                    self._close(self._values[level][known])
        self._text, self._length = [], 0

    def _close(self, text: str) -> None:
        day = day_of(_TIMED.sub(r"\1", text))
        if day is None:
            raise self.refusal(f"DateCloture is {text[:60]!r}, which is no date")
        if self._closes not in {None, day}:
            raise self.refusal(f"two years in one file ({self._closes} and {day}); export each on its own")
        self._closes = day

    def _line(self) -> None:
        cells: dict[str, str] = {}
        for level in _LEVELS:
            cells |= {name: value for name, value in self._values[level].items() if value}
        if "Montant" in cells:
            side = cells.get("Sens", "").upper().replace("É", "E")
            cells |= {"Debit": cells["Montant"]} if side not in _CREDITS else {}
            cells |= {"Credit": cells["Montant"]} if side not in _DEBITS else {}
        row = "\t".join(_TIMED.sub(r"\1", cells.get(name, "")) for name in COLUMNS)
        self._rows.append(row.encode() + b"\n")
        self.size += len(self._rows[-1])
