"""The ledger as a nightly run reads it: part by part, as known at the end of a day.

Owns access to the parts; `models.ledger.partitions` decides which rows belong together.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from models.errors import LedgerError
from models.ledger.decision_file import read_decisions
from models.ledger.entities import joined
from models.ledger.files import ids_in, read_part, stored_parts
from models.ledger.ledger import as_known_on
from models.ledger.partitions import part_count, split

if TYPE_CHECKING:
    import datetime as dt
    from pathlib import Path

    from models.ledger.ledger import Ledger


class LedgerParts(Protocol):
    """A ledger in parts of whole legal entities; workers get a copy."""

    @property
    def as_of(self) -> dt.date:
        """The day at whose end the parts are known."""

    @property
    def count(self) -> int:
        """Number of parts, at least 1."""

    def read(self, part: int) -> Ledger:
        """Read a part, customer numbers joined as decided.

        Raises
        ------
        LedgerError
            The part cannot be read; the message names it.
        """

    def customer_ids(self, part: int) -> list[str]:
        """Return the customer numbers of a part."""

    def payment_ids(self, part: int) -> list[str]:
        """Return the payment numbers of a part, later ones than the day included."""


@dataclass(frozen=True, slots=True)
class StoredLedger:
    """The parts of a ledger in the folder of a version, which workers on any machine can read."""

    version: Path
    as_of: dt.date
    count: int

    @classmethod
    def of(cls, version: Path, as_of: dt.date) -> StoredLedger:
        """Find the parts of a version; raises as `models.ledger.files.stored_parts`."""
        return cls(version, as_of, stored_parts(version))

    def read(self, part: int) -> Ledger:
        """Read a part from the files."""
        return as_known_on(
            joined(read_part(self.version, part), read_decisions(self.version)).ledger, self.as_of
        )

    def customer_ids(self, part: int) -> list[str]:
        """Return the customer numbers of a part."""
        return ids_in(self.version, part, "customers", "customer_id")

    def payment_ids(self, part: int) -> list[str]:
        """Return the payment numbers of a part, later ones than the day included."""
        return ids_in(self.version, part, "payments", "payment_id")


@dataclass(frozen=True, slots=True)
class LedgerInMemory:
    """The parts of a ledger in memory, customer numbers joined as decided."""

    parts: tuple[Ledger, ...]
    as_of: dt.date

    @classmethod
    def of(cls, ledger: Ledger, as_of: dt.date, count: int | None = None) -> LedgerInMemory:
        """Split a ledger; into as many parts as its size asks for, unless given."""
        return cls(tuple(split(ledger, part_count(ledger) if count is None else count)), as_of)

    @property
    def count(self) -> int:
        """Number of parts, at least 1."""
        return len(self.parts)

    def read(self, part: int) -> Ledger:
        """Return a part."""
        if not 0 <= part < len(self.parts):
            raise LedgerError(f"there is no part {part}; the ledger has {len(self.parts)}")
        return as_known_on(self.parts[part], self.as_of)

    def customer_ids(self, part: int) -> list[str]:
        """Return the customer numbers of a part."""
        return self.parts[part].customers["customer_id"].tolist()

    def payment_ids(self, part: int) -> list[str]:
        """Return the payment numbers of a part, later ones than the day included."""
        return self.parts[part].payments["payment_id"].tolist()
