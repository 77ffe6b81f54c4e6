"""A ledger read with its customer numbers joined as decided."""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.ledger.decision_file import read_decisions
from models.ledger.entities import Joined, joined
from models.ledger.files import read_ledger
from models.ledger.versions import reading

if TYPE_CHECKING:
    from pathlib import Path

    from models.ledger.ledger import Ledger


def read_joined_ledger(folder: Path) -> Ledger:
    """Read a ledger with its customer numbers joined as decided.

    For reading only: changes must start from `models.ledger.files.read_ledger`.

    Raises
    ------
    LedgerError
        The folder contains no ledger, or the file of decisions cannot be read.
    """
    return read_joined(folder).ledger


def read_joined(folder: Path) -> Joined:
    """Read a ledger with decisions applied, and those contradicted; raises as `read_joined_ledger`."""
    with reading(folder) as version:
        return joined(read_ledger(version), read_decisions(version))
