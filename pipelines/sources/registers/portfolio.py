"""Companies of a ledger: the SIRENs of its customers, with the ledger and its folder.

Registers hold millions of companies; only those of the portfolio are stored. A register adds no customer.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from models.errors import LedgerError
from models.ledger.files import read_ledger, write_ledger
from serving.registers.identifiers import siren_in

if TYPE_CHECKING:
    from pathlib import Path

    from models.ledger.ledger import Ledger


@dataclass(frozen=True, slots=True)
class RegisteredCustomers:
    """A ledger, its folder, and the valid SIRENs of its customers."""

    ledger: Ledger
    folder: Path
    sirens: frozenset[str]


def read_portfolio(folder: Path) -> RegisteredCustomers:
    """Read a ledger and its customers' SIRENs.

    Raises
    ------
    LedgerError
        The folder holds no ledger, or no customer has a valid SIREN.
    """
    ledger = read_ledger(folder)
    sirens = frozenset(filter(None, map(siren_in, ledger.customers["siren"].dropna().unique())))
    if not sirens:
        raise LedgerError(
            f"no customer of {folder} has a sound SIREN, nine digits with a Luhn key; registers know "
            "companies by it: import a list of your customers with their SIRENs first, through a mapping as "
            "data/mappings/customers_csv.toml"
        )
    return RegisteredCustomers(ledger, folder, sirens)


def save(ledger: Ledger, folder: Path) -> None:
    """Write a ledger.

    Raises
    ------
    LedgerError
        The folder cannot be written.
    """
    try:
        write_ledger(ledger, folder)
    except OSError as error:
        raise LedgerError(f"{folder} cannot be written: {error.strerror}") from error
