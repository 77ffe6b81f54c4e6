"""The customers' companies as INSEE's monthly stock of legal units, among companies outside the portfolio.

A natural person's name is not public, as most may choose; a closed company has ceased since then, and was
processed when its closure was published.
"""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import pandas as pd

from pipelines.sources.registers.generating.companies import rows_of, stranger
from serving.registers.companies import HIDDEN, SIZE_BANDS, SOLE_TRADER

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from models.ledger.ledger import Ledger

NAME = "StockUniteLegale_utf8.csv"
STRANGERS = 200
COLUMNS = (
    *("siren", "statutDiffusionUniteLegale", "unitePurgeeUniteLegale"),
    *("dateCreationUniteLegale", "sigleUniteLegale", "sexeUniteLegale"),
    *("prenom1UniteLegale", "prenom2UniteLegale", "prenom3UniteLegale"),
    *("prenom4UniteLegale", "prenomUsuelUniteLegale", "pseudonymeUniteLegale"),
    *("identifiantAssociationUniteLegale", "trancheEffectifsUniteLegale"),
    *("anneeEffectifsUniteLegale", "dateDernierTraitementUniteLegale"),
    *("nombrePeriodesUniteLegale", "categorieEntreprise", "anneeCategorieEntreprise"),
    *("dateDebut", "etatAdministratifUniteLegale", "nomUniteLegale", "nomUsageUniteLegale"),
    *("denominationUniteLegale", "denominationUsuelle1UniteLegale"),
    *("denominationUsuelle2UniteLegale", "denominationUsuelle3UniteLegale"),
    *("categorieJuridiqueUniteLegale", "activitePrincipaleUniteLegale"),
    *("nomenclatureActivitePrincipaleUniteLegale", "activitePrincipaleNAF25UniteLegale"),
    *("nicSiegeUniteLegale", "economieSocialeSolidaireUniteLegale"),
    "caractereEmployeurUniteLegale",
)
"""The stock's columns, in its order."""


def write_stock(ledger: Ledger, folder: Path, made_on: pd.Timestamp) -> Path:
    """Write the stock as of a day.

    Parameters
    ----------
    made_on
        When INSEE processed the units without a change since.
    """
    path = folder / NAME
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.DictWriter(file, COLUMNS, restval="")
        rows.writeheader()
        rows.writerows(_units(ledger, made_on))
    return path


def _units(ledger: Ledger, made_on: pd.Timestamp) -> Iterator[dict[str, str]]:
    ended = {row["siren"]: row for row in rows_of(ledger.filings[ledger.filings["kind"] == "closure"])}
    for one in rows_of(ledger.customers.drop_duplicates("siren")):
        created = f"{one['created_on']:%Y-%m-%d}" if pd.notna(one["created_on"]) else ""
        row = {
            **_named(one["name"], person=one["legal_form"] == SOLE_TRADER),
            "siren": one["siren"],
            "dateCreationUniteLegale": created,
            "trancheEffectifsUniteLegale": _band(one["headcount"]),
            "dateDernierTraitementUniteLegale": f"{made_on:%Y-%m-%d}T08:00:00",
            "nombrePeriodesUniteLegale": "1",
            "dateDebut": created,
            "etatAdministratifUniteLegale": "A",
            "categorieJuridiqueUniteLegale": _text(one["legal_form"]),
            "activitePrincipaleUniteLegale": _text(one["naf"]),
            "nomenclatureActivitePrincipaleUniteLegale": "NAFRev2",
            "nicSiegeUniteLegale": "00011",
        }
        if one["siren"] in ended:
            end = ended[one["siren"]]
            row["etatAdministratifUniteLegale"] = "C"
            row["dateDebut"] = f"{end['judged_on']:%Y-%m-%d}"
            row["dateDernierTraitementUniteLegale"] = f"{end['published_on']:%Y-%m-%d}T08:00:00"
        yield row
    for nth in range(STRANGERS):
        yield {
            "siren": stranger(nth),
            "statutDiffusionUniteLegale": "O",
            "etatAdministratifUniteLegale": "AC"[nth % 2],
            "denominationUniteLegale": f"ETABLISSEMENT FICTIF {nth}",
            "dateDebut": "2015-01-01",
        }


def _named(name: str | float, *, person: bool) -> dict[str, str]:
    if not person:
        return {"statutDiffusionUniteLegale": "O", "denominationUniteLegale": _text(name).upper()}
    return {
        "statutDiffusionUniteLegale": "P",
        "nomUniteLegale": HIDDEN,
        "prenomUsuelUniteLegale": HIDDEN,
        "sexeUniteLegale": HIDDEN,
    }


def _band(headcount: float) -> str:
    """Return INSEE's code of a staff band, empty if the staff is unknown."""
    fitting = [
        code for code, (least, most) in SIZE_BANDS.items() if least <= headcount <= (most or headcount)
    ]
    return fitting[0] if fitting else ""


def _text(cell: object) -> str:
    return cell if isinstance(cell, str) else ""
