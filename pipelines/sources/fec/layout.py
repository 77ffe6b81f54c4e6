"""Header of a FEC: its separator, the positions of its columns, and which of the two amount formats it uses.

The names are those of art. A47 A-1, VII LPF, in any order; case, accents, spaces and underscores do not
matter, the spellings of `SPELLINGS` are read too, and columns may follow. An amount is under Debit or Credit,
or under Montant with its side under Sens.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from models.errors import LedgerError
from pipelines.sources.fec.encoding import BOM, decode

if TYPE_CHECKING:
    import datetime as dt
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
"""Columns read besides the amounts."""
UNREAD = ("ValidDate", "Montantdevise", "Idevise")
"""Standard columns that a ledger does not need."""
NEEDED = frozenset(TEXTS) - {"JournalLib", "CompteLib", "EcritureLet", "DateLet"}
TWO_COLUMNS, WITH_SIDE = ("Debit", "Credit"), ("Montant", "Sens")
DUE = "DateLimitReglmt"
"""The due date, absent from the standard and added by some programs; named as in Dolibarr."""
SPELLINGS: dict[str, tuple[str, ...]] = {
    "JournalLib": ("JournalLibelle",),
    "CompteLib": ("CompteLibelle",),
    "CompAuxNum": ("CompteAuxNum", "CompAux", "CompteAux"),
    "CompAuxLib": ("CompteAuxLib", "CompAuxLibelle", "CompteAuxLibelle"),
    "EcritureLib": ("EcritureLibelle", "LibelleEcriture"),
    "EcritureLet": (
        *("EcrtureLet", "EcrtureLettrage", "EcritureLettrage", "LettragePiece", "PieceLettrage"),
        *("Lettrage", "CodeLettrage", "Lettre", "Let"),
    ),
    "DateLet": ("DateLettrage", "LettrageDate"),
    DUE: (
        *("DateLimiteReglement", "DateLimiteReglmt", "DateLimiteDeReglement", "DateLimitePaiement"),
        *("DateEcheance", "DateDEcheance", "EcheanceDate", "Echeance", "DateEch", "DueDate"),
    ),
}
"""Other spellings of columns seen in exports, by standard name."""
EXPORTERS: dict[str, frozenset[str]] = {"Dolibarr": frozenset({"datelimitreglmt", "numfacture"})}
"""Programs recognised by their additional columns, as `plain_name` writes them."""


@dataclass(frozen=True, slots=True)
class FecLayout:
    """Format of a file's lines.

    Parameters
    ----------
    names
        The header's names as they are written, without quotation marks.
    columns
        Position by the norm's name.
    with_side
        Whether amounts are one column, with their side in another.
    quoted
        Whether the header's names are in quotation marks, which are then stripped from every text.
    closes_on
        The last day of the year if the content states it, as only the XML form does.
    """

    separator: str
    names: tuple[str, ...]
    columns: Mapping[str, int]
    with_side: bool
    quoted: bool
    closes_on: dt.date | None = None

    @property
    def width(self) -> int:
        """Number of columns of the header."""
        return len(self.names)

    @property
    def amounts(self) -> tuple[str, str]:
        """The two columns that amounts are read from."""
        return WITH_SIDE if self.with_side else TWO_COLUMNS

    @property
    def exporter(self) -> str | None:
        """The program that wrote the file, if its columns identify it."""
        have = {plain_name(name) for name in self.names}
        return next((program for program, columns in EXPORTERS.items() if columns <= have), None)

    def written(self, name: str) -> str | None:
        """Return the header's name of a column, None if absent."""
        place = self.columns.get(name)
        return None if place is None else self.names[place]


def plain_name(name: str) -> str:
    """Return a column's name in lower case, without accents or characters other than letters and digits.

    Examples
    --------
    >>> plain_name("Date d'échéance"), plain_name("ECRITURE_LET")
    ('datedecheance', 'ecriturelet')
    """
    bare = unicodedata.normalize("NFKD", name)
    return re.sub(r"[^a-z0-9]", "", bare.casefold())


def read_layout(path: Path, header: bytes) -> FecLayout:
    """Parse the first line of a file.

    Raises
    ------
    LedgerError
        Unknown separator or missing columns; the message says what to export instead.
    """
    text = decode(header.removeprefix(BOM)).data.decode("utf-8").rstrip("\n").rstrip()
    separator = max(SEPARATORS, key=text.count)
    names = text.split(separator)
    plain = [name.strip().strip('"').strip() for name in names]
    at = {plain_name(name): place for place, name in reversed(list(enumerate(plain)))}
    columns = {}
    for name in (*TEXTS, *TWO_COLUMNS, *WITH_SIDE, DUE):
        found = next((one for one in (name, *SPELLINGS.get(name, ())) if plain_name(one) in at), None)
        if found is not None:
            columns[name] = at[plain_name(found)]
    lacking = [name for name in TEXTS if name in NEEDED and name not in columns]
    with_side = not set(TWO_COLUMNS) <= set(columns) and set(WITH_SIDE) <= set(columns)
    if not with_side:
        lacking += [name for name in TWO_COLUMNS if name not in columns]
    if lacking:
        raise LedgerError(_lacking(path, text, lacking))
    return FecLayout(separator, tuple(plain), columns, with_side, names[0].strip().startswith('"'))


def _lacking(path: Path, text: str, lacking: list[str]) -> str:
    for sign, word in STRANGE.items():
        if text.count(sign) >= len(NEEDED):
            return (
                f"{path} separates its columns by {word}; the norm allows {' or '.join(SEPARATORS.values())}"
                ": export it again as a FEC (art. A47 A-1 LPF)"
            )
    if not any(plain_name(name) in plain_name(text) for name in TEXTS):
        return (
            f"{path} does not begin with the norm's header (JournalCode, JournalLib, EcritureNum, …); it "
            f"begins with {text[:60]!r}: export it again as a FEC, header included"
        )
    return (
        f"{path} lacks {', '.join(lacking)}; a FEC has the 18 columns of art. A47 A-1 LPF, Debit and Credit "
        "or Montant and Sens: export it again as a FEC"
    )
