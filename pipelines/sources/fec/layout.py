"""The header of a FEC: its separator, where its columns stand, and which of the two ways it writes amounts.

The order and the names are those of art. A47 A-1, VII LPF; case does not matter, and columns may follow. An
amount stands under Debit or Credit, or under Montant with its side under Sens.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from models.errors import LedgerError
from pipelines.sources.fec.encoding import BOM, decode

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

SEPARATORS = {"\t": "a tab", "|": "a pipe"}
STRANGE = {";": "a semicolon", ",": "a comma"}
TEXTS = (
    "JournalCode",
    "JournalLib",
    "EcritureNum",
    "EcritureDate",
    "CompteNum",
    "CompteLib",
    "CompAuxNum",
    "CompAuxLib",
    "PieceRef",
    "PieceDate",
    "EcritureLib",
    "EcritureLet",
    "DateLet",
)
"""What is read besides the amounts; ValidDate, Montantdevise and Idevise say nothing that a ledger needs."""
NEEDED = frozenset(TEXTS) - {"JournalLib", "CompteLib", "EcritureLet", "DateLet"}
TWO_COLUMNS, WITH_SIDE = ("Debit", "Credit"), ("Montant", "Sens")


@dataclass(frozen=True, slots=True)
class Layout:
    """How the lines of a file are written.

    Parameters
    ----------
    names
        The header's names as they are written, without quotation marks.
    columns
        Position by the norm's name.
    with_side
        Whether amounts are one column, with their side in another.
    quoted
        Whether the header's names stand in quotation marks; they are then taken off every text.
    """

    separator: str
    names: tuple[str, ...]
    columns: Mapping[str, int]
    with_side: bool
    quoted: bool

    @property
    def width(self) -> int:
        """Number of columns of the header."""
        return len(self.names)

    @property
    def amounts(self) -> tuple[str, str]:
        """The two columns that amounts are read from."""
        return WITH_SIDE if self.with_side else TWO_COLUMNS


def read_layout(path: Path, header: bytes) -> Layout:
    """Read the first line of a file.

    Raises
    ------
    LedgerError
        The separator is none of the norm's, or columns lack; what to export instead is said.
    """
    text = decode(header.removeprefix(BOM)).data.decode("utf-8").rstrip("\n").rstrip()
    separator = max(SEPARATORS, key=text.count)
    names = text.split(separator)
    plain = [name.strip().strip('"').strip() for name in names]
    at = {name.casefold(): place for place, name in reversed(list(enumerate(plain)))}
    columns = {
        name: at[name.casefold()] for name in (*TEXTS, *TWO_COLUMNS, *WITH_SIDE) if name.casefold() in at
    }
    lacking = [name for name in TEXTS if name in NEEDED and name not in columns]
    with_side = not set(TWO_COLUMNS) <= set(columns) and set(WITH_SIDE) <= set(columns)
    if not with_side:
        lacking += [name for name in TWO_COLUMNS if name not in columns]
    if lacking:
        raise LedgerError(_lacking(path, text, lacking))
    return Layout(separator, tuple(plain), columns, with_side, names[0].strip().startswith('"'))


def _lacking(path: Path, text: str, lacking: list[str]) -> str:
    for sign, word in STRANGE.items():
        if text.count(sign) >= len(NEEDED):
            return (
                f"{path} separates its columns by {word}; the norm allows {' or '.join(SEPARATORS.values())}"
                ": export it again as a FEC (art. A47 A-1 LPF)"
            )
    if not any(name.casefold() in text.casefold() for name in TEXTS):
        return (
            f"{path} does not begin with the norm's header (JournalCode, JournalLib, EcritureNum, …); it "
            f"begins with {text[:60]!r}: export it again as a FEC, header included"
        )
    return (
        f"{path} lacks {', '.join(lacking)}; a FEC has the 18 columns of art. A47 A-1 LPF, Debit and Credit "
        "or Montant and Sens: export it again as a FEC"
    )
