"""Financial ratios of yearly statements and their change on the year before, per row of accounts.

Sources of the selection: Altman (1968, 1983) for working capital, retained earnings, EBIT and sales over
total
assets; Banque de France's and INPI's published ratios for the rest.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from models.features.table import Feature
from models.ledger.tables import FIGURES

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from models.arrays import Floats, Ints


@dataclass(frozen=True, slots=True)
class Ratio:
    """A ratio of yearly figures, or its change on the year before."""

    name: str
    sign: int
    label_fr: str
    label_en: str
    group: str = "profitability"
    unit: str = "ratio"

    def feature(self) -> Feature:
        """Return the ratio's entry in the feature contract."""
        low, high = -np.inf, np.inf
        return Feature(
            self.name, self.unit, low, high, self.sign, "company", self.group, self.label_fr, self.label_en
        )  # fmt: skip


_LEVELS = (
    Ratio("total_assets", 0, "total du bilan", "total assets", "accounts_size", "eur"),
    Ratio("turnover", 0, "chiffre d'affaires", "turnover", "accounts_size", "eur"),
    Ratio("equity_ratio", -1, "capitaux propres / total du bilan", "equity to assets", "solvency"),
    Ratio("retained_ratio", -1, "réserves / total du bilan", "retained earnings to assets", "solvency"),
    Ratio("liabilities_to_sales", 1, "dettes / chiffre d'affaires", "liabilities to sales", "solvency"),
    Ratio("long_debt_ratio", 0, "dette financière / total du bilan", "long-term debt to assets", "solvency"),
    Ratio("debt_to_ebitda", 0, "dette financière / EBE", "long-term debt to EBITDA", "solvency"),
    Ratio("current_ratio", -1, "liquidité générale", "current ratio", "liquidity"),
    Ratio("quick_ratio", -1, "liquidité réduite", "quick ratio", "liquidity"),
    Ratio("working_capital_ratio", -1, "fonds de roulement / total du bilan",
          "working capital to assets", "liquidity"),
    Ratio("cash_ratio", -1, "trésorerie / total du bilan", "cash to assets", "liquidity"),
    Ratio("current_liabilities_ratio", 1, "dettes à court terme / total du bilan",
          "current liabilities to assets", "liquidity"),
    Ratio("return_on_assets", -1, "résultat net / total du bilan", "return on assets"),
    Ratio("ebit_ratio", -1, "résultat d'exploitation / total du bilan", "EBIT to assets"),
    Ratio("ebitda_ratio", -1, "EBE / total du bilan", "EBITDA to assets"),
    Ratio("ebitda_to_liabilities", -1, "EBE / dettes", "EBITDA to liabilities", "solvency"),
    Ratio("net_margin", -1, "résultat net / chiffre d'affaires", "net margin"),
    Ratio("gross_margin", 0, "marge brute", "gross margin"),
    Ratio("asset_turnover", 0, "chiffre d'affaires / total du bilan", "sales to assets"),
    Ratio("depreciation_ratio", 0, "amortissements / total du bilan", "depreciation to assets"),
    Ratio("receivable_days", 0, "délai moyen d'encaissement de ses clients",
          "its own customers' payment days", "liquidity", "days"),
    Ratio("inventory_days", 0, "durée moyenne de stockage", "inventory days", "liquidity", "days"),
)  # fmt: skip

_CHANGED = (
    ("equity_ratio", -1, "du ratio de capitaux propres", "equity ratio", "solvency"),
    ("return_on_assets", -1, "de la rentabilité", "return on assets", "profitability"),
    ("ebitda_ratio", -1, "du ratio d'EBE", "EBITDA ratio", "profitability"),
    ("current_ratio", 0, "de la liquidité générale", "current ratio", "liquidity"),
    ("long_debt_ratio", 0, "du taux d'endettement", "long-term debt ratio", "solvency"),
    ("working_capital_ratio", 0, "du ratio de fonds de roulement", "working-capital ratio", "liquidity"),
)
_GROWN = (
    ("turnover", 0, "du chiffre d'affaires", "turnover"),
    ("total_assets", 0, "du total du bilan", "total assets"),
    ("current_liabilities", 0, "des dettes à court terme", "current liabilities"),
)

RATIOS: tuple[Ratio, ...] = (
    *_LEVELS,
    *(
        Ratio(f"{name}_change", sign, f"évolution annuelle {fr}", f"yearly change in the {en}", group)
        for name, sign, fr, en, group in _CHANGED
    ),
    *(
        Ratio(f"{name}_growth", sign, f"croissance annuelle {fr}", f"yearly growth of {en}", "accounts_size")
        for name, sign, fr, en in _GROWN
    ),
    Ratio("loss_years", 1, "exercices en perte, sur les 3 derniers", "loss-making years, of the last 3"),
)

_BOUND = 1e6
_YEAR_GAP = (270, 460)


def yearly_ratios(frame: pd.DataFrame, owner: Ints, closed: Ints, published: Ints) -> dict[str, Floats]:
    """Compute `RATIOS` for rows of financial statements.

    Parameters
    ----------
    frame
        Rows of the `accounts` table, shape `(n, ...)`.
    owner, closed, published
        Each row's customer code, closing day and day of publication, shape `(n,)`.

    Returns
    -------
    Ratios by name, shape `(n,)`; NaN where a figure is missing or the year before was not published in time.
    """
    figures = {name: frame[name].to_numpy(np.float64) for name, _ in FIGURES}
    months = frame["months"].to_numpy(np.float64)
    figures["turnover"] = figures["turnover"] * 12 / np.where(months > 0, months, 12.0)
    levels = _levels(figures)
    before = _year_before(owner, closed, published)
    some = before >= 0
    for name, *_ in _CHANGED:
        levels[f"{name}_change"] = np.where(some, levels[name] - levels[name][before], np.nan)
    for name, *_ in _GROWN:
        growth = _over(figures[name] - figures[name][before], np.abs(figures[name][before]))
        levels[f"{name}_growth"] = np.where(some, growth, np.nan)
    levels["loss_years"] = _loss_years(figures["net_income"], before)
    return levels


def _levels(f: Mapping[str, Floats]) -> dict[str, Floats]:
    assets, sales = f["total_assets"], f["turnover"]
    liquid = f["current_assets"] - np.nan_to_num(f["inventory"], nan=0.0)
    working = f["current_assets"] - f["current_liabilities"]
    equity = np.where(np.isnan(f["equity"]), assets - f["total_liabilities"], f["equity"])
    gross = np.where(np.isnan(f["gross_profit"]), sales - f["cost_of_goods_sold"], f["gross_profit"])
    return {
        "total_assets": assets,
        "turnover": sales,
        "equity_ratio": _over(equity, assets),
        "retained_ratio": _over(f["retained_earnings"], assets),
        "liabilities_to_sales": _over(f["total_liabilities"], sales),
        "long_debt_ratio": _over(f["long_term_debt"], assets),
        "debt_to_ebitda": _over(f["long_term_debt"], f["ebitda"]),
        "current_ratio": _over(f["current_assets"], f["current_liabilities"]),
        "quick_ratio": _over(liquid, f["current_liabilities"]),
        "working_capital_ratio": _over(working, assets),
        "cash_ratio": _over(f["cash"], assets),
        "current_liabilities_ratio": _over(f["current_liabilities"], assets),
        "return_on_assets": _over(f["net_income"], assets),
        "ebit_ratio": _over(f["ebit"], assets),
        "ebitda_ratio": _over(f["ebitda"], assets),
        "ebitda_to_liabilities": _over(f["ebitda"], f["total_liabilities"]),
        "net_margin": _over(f["net_income"], sales),
        "gross_margin": _over(gross, sales),
        "asset_turnover": _over(sales, assets),
        "depreciation_ratio": _over(f["depreciation"], assets),
        "receivable_days": 365 * _over(f["receivables"], sales),
        "inventory_days": 365 * _over(f["inventory"], f["cost_of_goods_sold"]),
    }


def _over(above: Floats, below: Floats) -> Floats:
    safe = np.where(below == 0, np.nan, below)
    return np.clip(above / safe, -_BOUND, _BOUND)


def _year_before(owner: Ints, closed: Ints, published: Ints) -> Ints:
    """Return the latest row that closes about a year before, -1 where none was published in time."""
    order = np.lexsort((closed, owner))
    before = np.full(len(owner), -1, dtype=np.int64)
    for back in range(1, int(np.bincount(owner).max()) if len(owner) else 0):
        here, there = order[back:], order[:-back]
        gap = closed[here] - closed[there]
        follows = (owner[here] == owner[there]) & (gap >= _YEAR_GAP[0]) & (gap <= _YEAR_GAP[1])
        follows &= (published[there] <= published[here]) & (before[here] < 0)
        before[here[follows]] = there[follows]
    return before


def _loss_years(net_income: Floats, before: Ints) -> Floats:
    known = ~np.isnan(net_income)
    losses = np.where(known & (net_income < 0), 1.0, 0.0)
    second = np.where(before >= 0, before, -1)
    third = np.where(second >= 0, before[second], -1)
    total = losses + np.where(second >= 0, losses[second], 0.0) + np.where(third >= 0, losses[third], 0.0)
    return np.where(known, total, np.nan)
