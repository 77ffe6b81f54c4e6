"""Contributions turned into ranked reasons: sentences a salesperson can repeat, in French and in English.

Related features are told as one reason; the contributions of all reasons and the base value still add up to
the margin. Owns the words of a reason; a feature's own label stands in the feature contract.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING

import numpy as np

from models.features.build import INVOICE_FEATURES
from models.numerals import in_french
from models.reasons import Reasons, Words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from models.features.running import Floats, Ints
    from models.features.table import Feature

    Told = dict[int, Words]
    """What was said of a customer: by the feature's column where it raises the risk, by `~column` else."""

GROUPS: dict[str, tuple[str, str, bool]] = {
    "lateness": ("Ses retards de paiement", "Its payment delays", True),
    "regularity": ("La régularité de ses paiements", "The regularity of its payments", False),
    "trend": ("L'évolution récente de ses paiements", "The recent trend of its payments", False),
    "history_length": ("La longueur de son historique", "The length of its history", False),
    "exposure": ("Son encours", "Its exposure", False),
    "overdue": ("Ses factures échues", "Its overdue invoices", True),
    "disputes": ("Ses litiges", "Its disputes", True),
    "volume": ("Son volume d'achats", "Its volume of purchases", False),
    "signals": ("Les signaux d'alerte", "The warning signals", True),
    "sector": ("Son secteur", "Its sector", False),
    "size": ("Sa taille", "Its size", False),
    "age": ("Son ancienneté", "Its age", False),
    "legal_form": ("Sa forme juridique", "Its legal form", False),
    "accounts_missing": ("La fraîcheur de ses comptes", "How recent its accounts are", False),
    "accounts_size": ("La taille de ses comptes", "The size of its accounts", False),
    "solvency": ("Sa solvabilité", "Its solvency", False),
    "liquidity": ("Sa liquidité", "Its liquidity", False),
    "profitability": ("Sa rentabilité", "Its profitability", False),
    "filings": ("Ses annonces légales", "Its legal notices", True),
    "peers": ("Les entreprises comparables", "Comparable companies", True),
    "amount": ("Le montant demandé", "The amount asked for", False),
    "terms": ("Le délai accordé", "The terms granted", False),
    "calendar": ("Le calendrier de l'échéance", "The calendar of the due date", False),
    "invoice_age": ("L'âge de la facture", "The age of the invoice", False),
}
"""French and English subject of each group's sentence, and whether they are plural."""

_SECTIONS = "ABCDEFGHIJKLMNOPQRSTU"
CODES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "sector_section": (tuple(_SECTIONS), tuple(_SECTIONS)),
    "size_class": (
        ("micro-entreprise", "PME", "ETI", "grande entreprise"),
        ("micro", "SME", "mid-cap", "large"),
    ),
    "due_weekday": (
        ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
        ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    ),
}
"""French and English words of each code, by feature."""
_BY_NAME: dict[str, Feature] = {feature.name: feature for feature in INVOICE_FEATURES}
_NO_HISTORY = {"lateness", "regularity", "trend", "history_length", "overdue", "exposure", "volume"}


@dataclass(frozen=True, slots=True, eq=False)
class Teller:
    """Turns contributions of certain features into reasons; what hangs on no row is made once.

    Parameters
    ----------
    names
        The features, in the order of their columns.
    groups
        The groups they belong to, in the order in which they come.
    columns, bounds
        The columns group by group, and where each group begins.
    lasting
        Whether a column says the same of a customer, whatever invoice is asked about.
    """

    names: tuple[str, ...]
    groups: tuple[str, ...]
    columns: Ints
    bounds: Ints
    lasting: tuple[bool, ...]

    @classmethod
    def of(cls, names: Sequence[str]) -> Teller:
        """Prepare for features by name."""
        grouped: dict[str, list[int]] = {}
        for column, name in enumerate(names):
            grouped.setdefault(_BY_NAME[name].group, []).append(column)
        columns = np.array([column for group in grouped.values() for column in group], dtype=np.int64)
        bounds = np.cumsum([0, *map(len, grouped.values())])
        lasting = tuple(_BY_NAME[name].family != "invoice" for name in names)
        return cls(tuple(names), tuple(grouped), columns, bounds.astype(np.int64), lasting)

    def tell(
        self, values: Floats, contributions: Floats, paid: Floats, told: Sequence[Told] | None = None
    ) -> list[Reasons]:
        """Group each row's contributions and rank them, the weightiest first.

        Parameters
        ----------
        values, contributions
            Features, NaN where unknown, and their SHAP values in log-odds, shape `(n, n_features)`.
        paid
            How many paid invoices are known of each row's customer, shape `(n,)`.
        told
            What was said of each row's customer before; what is said now and lasts is added.

        Returns
        -------
        One reason a group and row; a row's contributions sum to the sum of its SHAP values.
        """
        from models.explanation_kernel import weigh_groups  # noqa: PLC0415  # numba costs half a second

        shape = len(values), len(self.groups)
        totals, telling = np.empty(shape), np.empty(shape, dtype=np.int64)
        weigh_groups(np.ascontiguousarray(contributions), self.columns, self.bounds, totals, telling)
        ranks = np.argsort(-np.abs(totals), axis=1, kind="stable")
        rows = zip(
            *(np.take_along_axis(table, ranks, axis=1).tolist() for table in (totals, telling)),
            np.take_along_axis(values, np.take_along_axis(telling, ranks, axis=1), axis=1).tolist(),
            (paid == 0).tolist(),
            told or [{} for _ in values],
            strict=True,
        )
        return [self._tell_row(*row) for row in rows]

    def _tell_row(
        self,
        totals: Sequence[float],
        telling: Sequence[int],
        values: Sequence[float],
        unpaid: bool,  # noqa: FBT001  # one of a row's figures
        told: Told,
    ) -> Reasons:
        names, lasting, found = self.names, self.lasting, []
        for total, feature, value in zip(totals, telling, values, strict=True):
            key = feature if total >= 0 else ~feature
            words = told.get(key)
            if words is None:
                words = _words(names[feature], total >= 0, _or_none(value), unpaid)
                if lasting[feature]:
                    told[key] = words
            found.append(words)
        return Reasons(totals, found)


def explain(values: Mapping[str, float], contributions: Mapping[str, float]) -> Reasons:
    """Group one subject's contributions and rank them, the weightiest first.

    Parameters
    ----------
    values
        The subject's features by name; NaN where unknown.
    contributions
        SHAP values by feature, in log-odds.

    Returns
    -------
    One reason a group; their contributions sum to the sum of `contributions`.
    """
    if not contributions:
        return Reasons((), ())
    row = np.array([[values.get(name, math.nan) for name in contributions]])
    weights = np.array([list(contributions.values())])
    paid = np.array([values.get("n_paid_all", 0.0)])
    return Teller.of(tuple(contributions)).tell(row, weights, paid)[0]


def _or_none(value: float) -> float | None:
    """Return None for NaN, and 0.0 for -0.0, which is the same key and would be written otherwise."""
    return None if value != value else value + 0.0  # noqa: PLR0124  # NaN alone differs from itself


@lru_cache(maxsize=1 << 12)
def _words(name: str, raises: bool, value: float | None, unpaid: bool) -> Words:  # noqa: FBT001  # what a sentence hangs on
    """Return what a reason says in both languages; small figures come again and again."""
    telling = _BY_NAME[name]
    if value is None and unpaid and telling.group in _NO_HISTORY:
        return _no_payment(telling.group, raises)
    begin_fr, begin_en = _begin(telling.group, raises)
    told_fr, told_en = _told(telling, math.nan if value is None else value)
    return Words.of(telling.group, f"{begin_fr}{told_fr}.", f"{begin_en}{told_en}.")


@cache
def _no_payment(group: str, raises: bool) -> Words:  # noqa: FBT001  # as above
    fr, en = ("augmente", "raises") if raises else ("réduit", "lowers")
    return Words.of(
        group,
        f"Aucun paiement n'est connu à ce jour : cela {fr} le risque.",
        f"No payment is known so far: this {en} the risk.",
    )


@cache
def _begin(group: str, raises: bool) -> tuple[str, str]:  # noqa: FBT001  # as above
    """Return what the sentences about a group begin with, in both languages."""
    subject_fr, subject_en, plural = GROUPS[group]
    verb_fr = {(True, True): "augmentent", (True, False): "augmente", (False, True): "réduisent"}.get(
        (raises, plural), "réduit"
    )
    verb_en = ("raise" if raises else "lower") + ("" if plural else "s")
    return f"{subject_fr} {verb_fr} le risque : ", f"{subject_en} {verb_en} the risk: "


def _told(feature: Feature, value: float) -> tuple[str, str]:
    """Return the feature with its value in both languages."""
    if math.isnan(value):
        return f"{feature.label_fr} : inconnu", f"{feature.label_en}: unknown"
    if feature.name == "days_past_due" and value <= 0:
        return "pas encore échue", "not due yet"
    if feature.name in CODES:
        fr, en = CODES[feature.name]
        place = min(max(int(value), 0), len(fr) - 1)
        return f"{feature.label_fr} : {fr[place]}", f"{feature.label_en}: {en[place]}"
    if feature.unit == "flag":
        return (
            f"{feature.label_fr} : {'oui' if value else 'non'}",
            f"{feature.label_en}: {'yes' if value else 'no'}",
        )
    figure_fr, figure_en = _figure(feature.unit, value)
    return f"{feature.label_fr} : {figure_fr}", f"{feature.label_en}: {figure_en}"


def _figure(unit: str, value: float) -> tuple[str, str]:
    """Write a figure as people read it: 1 234,5 in French, 1,234.5 in English."""
    if unit == "share":
        fr, en = f"{value * 100:.1f} %", f"{value * 100:.1f}%"
    elif unit == "eur":
        fr, en = f"{value:,.0f} €", f"€{value:,.0f}"
    elif unit in ("days", "years"):
        word_fr, word_en = {"days": ("jours", "days"), "years": ("ans", "years")}[unit]
        fr, en = f"{value:,.0f} {word_fr}", f"{value:,.0f} {word_en}"
    elif unit in ("count", "code", "index"):
        fr = en = f"{value:,.0f}"
    else:
        fr = en = f"{value:,.2f}"
    return in_french(fr), en
