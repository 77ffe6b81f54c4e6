"""Contributions turned into ranked reasons: sentences a salesperson can repeat, in French and in English.

Related features are told as one reason; the contributions of all reasons and the base value still add up to
the margin. Owns the words of a reason; a feature's own label stands in the feature contract.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from models.assessment import Reason
from models.features.build import INVOICE_FEATURES
from models.numerals import in_french

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from models.features.table import Feature

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


def explain(values: Mapping[str, float], contributions: Mapping[str, float]) -> tuple[Reason, ...]:
    """Group contributions and rank them, the weightiest first.

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
    grouped: dict[str, list[str]] = {}
    for name in contributions:
        grouped.setdefault(_BY_NAME[name].group, []).append(name)
    reasons = [_reason(group, names, values, contributions) for group, names in grouped.items()]
    return tuple(sorted(reasons, key=lambda reason: -abs(reason.contribution)))


def _reason(
    group: str, names: Sequence[str], values: Mapping[str, float], contributions: Mapping[str, float]
) -> Reason:
    total = math.fsum(contributions[name] for name in names)
    toward = 1.0 if total >= 0 else -1.0
    telling = _BY_NAME[max(names, key=lambda name: contributions[name] * toward)]
    subject_fr, subject_en, plural = GROUPS[group]
    verb_fr = {(True, True): "augmentent", (True, False): "augmente", (False, True): "réduisent"}.get(
        (total >= 0, plural), "réduit"
    )
    verb_en = ("raise" if total >= 0 else "lower") + ("" if plural else "s")
    value = values.get(telling.name, math.nan)
    if group in _NO_HISTORY and values.get("n_paid_all", 0.0) == 0 and math.isnan(value):
        fr, en = ("augmente", "raises") if total >= 0 else ("réduit", "lowers")
        return Reason(
            group,
            total,
            f"Aucun paiement n'est connu à ce jour : cela {fr} le risque.",
            f"No payment is known so far: this {en} the risk.",
        )
    told_fr, told_en = _told(telling, value)
    return Reason(
        group,
        total,
        f"{subject_fr} {verb_fr} le risque : {told_fr}.",
        f"{subject_en} {verb_en} the risk: {told_en}.",
    )


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
