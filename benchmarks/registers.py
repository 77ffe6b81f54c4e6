"""Rows a second and memory of reading a stock of legal units for a portfolio.

Run as `python -m benchmarks.registers [rows] [portfolio]`. The stock is generated: INSEE's header, made-up
rows.
"""

from __future__ import annotations

import datetime as dt
import random
import resource
import sys
import tempfile
import time
from pathlib import Path

from pipelines.sources.registers.stock import read_stock

HEADER = (
    "siren,statutDiffusionUniteLegale,unitePurgeeUniteLegale,dateCreationUniteLegale,sigleUniteLegale,"
    "sexeUniteLegale,prenom1UniteLegale,prenom2UniteLegale,prenom3UniteLegale,prenom4UniteLegale,"
    "prenomUsuelUniteLegale,pseudonymeUniteLegale,identifiantAssociationUniteLegale,"
    "trancheEffectifsUniteLegale,anneeEffectifsUniteLegale,dateDernierTraitementUniteLegale,"
    "nombrePeriodesUniteLegale,categorieEntreprise,anneeCategorieEntreprise,dateDebut,"
    "etatAdministratifUniteLegale,nomUniteLegale,nomUsageUniteLegale,denominationUniteLegale,"
    "denominationUsuelle1UniteLegale,denominationUsuelle2UniteLegale,denominationUsuelle3UniteLegale,"
    "categorieJuridiqueUniteLegale,activitePrincipaleUniteLegale,"
    "nomenclatureActivitePrincipaleUniteLegale,activitePrincipaleNAF25UniteLegale,nicSiegeUniteLegale,"
    "economieSocialeSolidaireUniteLegale,caractereEmployeurUniteLegale\n"
)


def luhn_key(digits: str) -> int:
    """Return the key that makes eight digits a SIREN."""
    values = [int(digit) * (2 if place % 2 else 1) for place, digit in enumerate(digits)]
    return -sum(value - 9 if value > 9 else value for value in values) % 10


def write_stock(path: Path, rows: int) -> None:
    """Write a stock of made-up legal units."""
    draws = random.Random(1)  # years of made-up companies
    with path.open("w", encoding="utf-8") as file:
        file.write(HEADER)
        for number in range(rows):
            digits = f"{10_000_000 + number:08d}"
            year = draws.randrange(1970, 2026)
            state = "C" if number % 3 == 0 else "A"
            file.write(
                f"{digits}{luhn_key(digits)},O,,{year}-04-01,,,,,,,,,,12,2023,2025-09-17T08:12:44,3,PME,2023,"
                f"2019-06-01,{state},,,SOCIETE D ESSAI {number},,,,5710,43.21A,NAFRev2,43.21Y,00017,N,O\n"
            )


def main(rows: int = 5_000_000, portfolio: int = 5_000) -> None:
    """Write a stock, read it, and print what that took."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "StockUniteLegale_utf8.csv"
        write_stock(path, rows)
        step = max(rows // portfolio, 1)
        wanted = set()
        for number in range(0, rows, step):
            digits = f"{10_000_000 + number:08d}"
            wanted.add(f"{digits}{luhn_key(digits)}")
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        began = time.perf_counter()
        stock = read_stock(path, wanted, dt.date(2026, 3, 2))
        seconds = time.perf_counter() - began
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"{path.stat().st_size / 1e6:,.0f} MB, {stock.rows:,} rows, {len(stock.companies):,} kept")
        print(f"{seconds:.1f} s, {stock.rows / seconds:,.0f} rows/s")
        print(f"peak memory {peak:.0f} MB, {peak - before:.0f} MB more than before")


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:]))
