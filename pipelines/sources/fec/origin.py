"""Origin of a file's lines: its bytes, its original name, and the lines corrected since.

Owns the text of a file in UTF-8, block by block, with corrected lines in place of the original ones, for text
and XML files (`xml_form`); `rows` and `reading` interpret the lines.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from models.errors import LedgerError
from pipelines.source_files import ImportBounds
from pipelines.sources.fec import stream
from pipelines.sources.fec.encoding import BOM, decode
from pipelines.sources.fec.layout import read_layout
from pipelines.sources.fec.xml_form import looks_like_xml, text_form

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from pathlib import Path

    from pipelines.sources.fec.layout import FecLayout

SNIFFED_BYTES = 512


@dataclass(frozen=True, slots=True)
class Origin:
    """A file to read.

    Parameters
    ----------
    path
        Where its bytes lie.
    named
        The path it was given by, which messages, the quarantine and its closing date go by.
    digest
        Hash of the original file.
    corrections
        Cells of lines that take the place of the file's own, by the number of the line.
    bounds
        How far it may unpack.
    """

    path: Path
    named: Path
    digest: str
    corrections: Mapping[int, list[str]] = field(default_factory=dict)
    bounds: ImportBounds = field(default_factory=ImportBounds)


class OriginalText(NamedTuple):
    """Whole lines in UTF-8, the number of the first, and their original encodings."""

    layout: FecLayout
    data: bytes
    first_line: int
    cut: bool
    encodings: Counter[str]


def texts(origin: Origin) -> Iterator[OriginalText]:
    """Read a file block by block, without the header; yields nothing for an empty file.

    Raises
    ------
    LedgerError
        The file is no FEC or cannot be read.
    """
    if _is_xml(origin):
        yield from _of_xml(origin)
        return
    layout = None
    with stream.opened(origin.path, origin.bounds) as source:
        for block in stream.blocks(origin.named, source):
            data, line = block.data, block.first_line
            if layout is None:
                header, _, data = data.removeprefix(BOM).partition(b"\n")
                layout, line = read_layout(origin.named, header), line + 1
            decoded = decode(data)
            corrected = _corrected(decoded.data, line, layout.separator, origin.corrections)
            yield OriginalText(layout, corrected, line, block.cut, decoded.lines)


def _is_xml(origin: Origin) -> bool:
    with stream.opened(origin.path, origin.bounds) as source:
        return looks_like_xml(source.read(SNIFFED_BYTES))


def _of_xml(origin: Origin) -> Iterator[OriginalText]:
    line = 2
    with stream.opened(origin.path, origin.bounds) as source:
        for layout, data in text_form(origin.named, source):
            corrected = _corrected(data, line, layout.separator, origin.corrections)
            yield OriginalText(layout, corrected, line, cut=False, encodings=Counter())
            line += data.count(b"\n")


def _corrected(data: bytes, first_line: int, separator: str, corrections: Mapping[int, list[str]]) -> bytes:
    mine = corrections.keys() & range(first_line, first_line + data.count(b"\n"))
    if not mine:
        return data
    lines = data.split(b"\n")
    for line in mine:
        # An end of line within a cell would make two lines of one, a separator two cells.
        cells = (" ".join(cell.replace(separator, "\n").splitlines()) for cell in corrections[line])
        lines[line - first_line] = separator.join(cells).encode()
    return b"\n".join(lines)


class Cells(NamedTuple):
    """A file's header, and the original cells of some of its lines."""

    header: list[str]
    rows: dict[int, list[str]]


def cells_of(origin: Origin, lines: Collection[int]) -> Cells:
    """Return the cells of some lines of a file, by line number.

    Raises
    ------
    LedgerError
        The file is no FEC or cannot be read.
    """
    header: list[str] = []
    rows: dict[int, list[str]] = {}
    for text in texts(origin):
        header = list(text.layout.names)
        found = text.data.split(b"\n")
        for line in sorted(lines):
            if 0 <= line - text.first_line < len(found) - 1:
                rows[line] = found[line - text.first_line].decode("utf-8").split(text.layout.separator)
    if not header:
        raise LedgerError(f"{origin.named} is empty; a header and entries were expected: export it again")
    return Cells(header, rows)
