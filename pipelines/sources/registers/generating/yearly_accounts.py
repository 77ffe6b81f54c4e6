"""The customers' yearly accounts as ratios of INPI and the Banque de France, and as balance sheets.

Neither has the publication date of accounts: notices of deposits have. Ratios include a group's accounts,
which differ from its parent's own; for a confidential year they have no figure.
"""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any

from pipelines.sources.registers.generating.companies import rows_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import pandas as pd

    from models.ledger.ledger import Ledger

RATIOS = "ratios_inpi_bce.json"
GROUP_SCALE = 12
"""Ratio of a group's figures to its parent's own."""
_AMOUNTS = {
    "chiffre_d_affaires": "turnover",
    "marge_brute": "gross_profit",
    "ebe": "ebitda",
    "ebit": "ebit",
    "resultat_net": "net_income",
}
_SHARES = {
    "marge_ebe": ("ebitda", "turnover"),
    "autonomie_financiere": ("equity", "total_assets"),
    "taux_d_endettement": ("long_term_debt", "equity"),
}
_DAYS = {"credit_clients_jours": ("receivables", "turnover")}
_LINES = {
    "2050": {"BX": "receivables", "CF": "cash", "CJ": "current_assets"},
    "2051": {
        "DL": "equity",
        "DH": "retained_earnings",
        "EE": "total_assets",
        "EG": "current_liabilities",
    },
    "2052": {
        "FL": "turnover",
        "FS": "cost_of_goods_sold",
        "GA": "depreciation",
        "GF": "operating_expenses",
        "GG": "ebit",
    },
    "2053": {"HN": "net_income"},
}
_COMPUTED = {
    "excedent_brut_exploitation": "ebitda",
    "total_dettes_stables": "long_term_debt",
    "disponibilites": "cash",
}


def write_ratios(ledger: Ledger, folder: Path, made_on: pd.Timestamp) -> Path:
    """Write the ratios of every year of a portfolio as an answer of the open data API, v1."""
    path = folder / RATIOS
    records = [
        {
            "datasetid": "ratios_inpi_bce",
            "fields": fields,
            "record_timestamp": f"{made_on:%Y-%m-%d}T08:00:00Z",
        }
        for fields in _ratios(ledger)
    ]
    answer = {"nhits": len(records), "parameters": {"dataset": "ratios_inpi_bce"}, "records": records}
    path.write_text(json.dumps(answer, ensure_ascii=False, indent=0), encoding="utf-8")
    return path


def _ratios(ledger: Ledger) -> Iterator[dict[str, object]]:
    for nth, year in enumerate(rows_of(ledger.accounts)):
        head = {"siren": year["siren"], "date_cloture_exercice": f"{year['closed_on']:%Y-%m-%d}"}
        if year["confidential"]:
            yield {**head, "type_bilan": "C", "confidentiality": "Confidentiel"}
            continue
        yield {**head, "type_bilan": "C", "confidentiality": "Public", **_figures(year, 1)}
        if nth % 50 == 0:
            yield {**head, "type_bilan": "K", "confidentiality": "Public", **_figures(year, GROUP_SCALE)}


def _figures(year: dict[str, Any], scale: int) -> dict[str, float]:
    amounts = {name: year[figure] * scale for name, figure in _AMOUNTS.items()}
    quotients = [(_SHARES, 100.0), (_DAYS, 360.0)]
    shares = {
        name: round(per * year[above] / year[below], 3)
        for pairs, per in quotients
        for name, (above, below) in pairs.items()
        if year[below] > 0
    }
    return {name: value for name, value in (amounts | shares).items() if math.isfinite(value)}


def write_sheets(ledger: Ledger, folder: Path) -> list[Path]:
    """Write a file of balance sheets, named by SIREN, for each company that publishes any."""
    public = ledger.accounts[~ledger.accounts["confidential"].astype("bool")]
    paths = []
    for siren, years in public.groupby("siren"):
        sheets = [{"data": _sheet(year)} for year in rows_of(years)]
        path = folder / f"bilans_{siren}.json"
        answer = {"data": sheets, "meta": {"count": len(sheets)}}
        path.write_text(json.dumps(answer, ensure_ascii=False, indent=0), encoding="utf-8")
        paths.append(path)
    return paths


def _sheet(year: dict[str, Any]) -> dict[str, object]:
    forms = [
        {
            "numero_imprime": form,
            "donnees": [
                {"code": code, "valeurs": [_amount(year[figure])], "code_type_donnee": "MOA"}
                for code, figure in lines.items()
                if math.isfinite(year[figure])
            ],
        }
        for form, lines in _LINES.items()
    ]
    return {
        "annee": f"{year['closed_on']:%Y}",
        "date_arrete_exercice": year["closed_on"].strftime(
            "%Y-%m" if year["closed_on"].is_month_end else "%Y-%m-%d"
        ),
        "duree_exercice": _amount(year["months"]) if math.isfinite(year["months"]) else None,
        "declarations": forms,
        "valeurs_calculees": [
            {
                name: {"valeur": _amount(year[figure])}
                for name, figure in _COMPUTED.items()
                if math.isfinite(year[figure])
            }
        ],
    }


def _amount(value: float) -> str:
    return f"{value:.0f}"
