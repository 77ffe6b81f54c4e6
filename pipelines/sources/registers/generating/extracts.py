"""All public data of a simulated portfolio, and its insurer's list, in the registers' formats."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from models.ledger.ledger import last_event
from pipelines.sources.registers.generating.legal_units import write_stock
from pipelines.sources.registers.generating.notices import write_notices
from pipelines.sources.registers.generating.yearly_accounts import write_ratios, write_sheets

if TYPE_CHECKING:
    from pathlib import Path

    from models.ledger.ledger import Ledger

INSURANCE = "garanties.csv"


@dataclass(frozen=True, slots=True)
class Extracts:
    """The files of a portfolio; None for a file without content.

    Parameters
    ----------
    stock, notices, ratios
        Legal units (CSV), legal notices and yearly ratios (JSON).
    sheets
        Balance sheets, one file a company (JSON).
    insurance
        An insurer's limits, as a French spreadsheet writes them (CSV).
    """

    stock: Path
    notices: Path
    ratios: Path
    sheets: tuple[Path, ...]
    insurance: Path | None


def write_extracts(ledger: Ledger, folder: Path) -> Extracts:
    """Write the register and insurer files of a portfolio as of its last event."""
    folder.mkdir(parents=True, exist_ok=True)
    made_on = pd.Timestamp(last_event(ledger))
    return Extracts(
        stock=write_stock(ledger, folder, made_on),
        notices=write_notices(ledger, folder),
        ratios=write_ratios(ledger, folder, made_on),
        sheets=tuple(write_sheets(ledger, folder)),
        insurance=_write_cover(ledger, folder),
    )


def _write_cover(ledger: Ledger, folder: Path) -> Path | None:
    """Write an insurer's limits with semicolons and decimal commas."""
    if ledger.insurance.empty:
        return None
    path = folder / INSURANCE
    ledger.insurance.to_csv(
        path, sep=";", decimal=",", index=False, date_format="%d/%m/%Y", encoding="utf-8-sig"
    )
    return path
