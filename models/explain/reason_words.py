"""Sentences of reasons, in French and English, that a salesperson can repeat.

Owns the subject of each group's sentence, the words of codes and the format of figures. A feature's label is
in the feature contract; `models.explain.explanation` selects the reasons.
"""

from __future__ import annotations

import math
from functools import cache, lru_cache
from typing import TYPE_CHECKING, NamedTuple

from models.explain.reasons import ReasonText
from models.features.build import INVOICE_FEATURES
from models.wording.numerals import SPACE, WORD_SPACE, in_french

if TYPE_CHECKING:
    from models.features.table import Feature


class Subject(NamedTuple):
    """Subject of a group's sentences, in French and in English.

    Parameters
    ----------
    fr, en
        In the singular, and true whether the group raises or lowers the risk: no virtue that raises a risk,
        no fault that lowers it.
    fault_fr, fault_en
        In the plural: used where the group raises the risk and the value is above 0.
    """

    fr: str
    en: str
    fault_fr: str | None = None
    fault_en: str | None = None


GROUPS: dict[str, Subject] = {
    "lateness": Subject(
        "Son comportement de paiement", "Its payment behaviour",
        "Ses retards de paiement", "Its payment delays",
    ),
    "regularity": Subject("Le rythme de ses paiements", "The pattern of its payments"),
    "trend": Subject("L'évolution récente de ses paiements", "The recent trend of its payments"),
    "history_length": Subject("L'étendue de son historique", "The extent of its history"),
    "exposure": Subject("Son encours", "Its exposure"),
    "overdue": Subject(
        "Le niveau de ses factures échues", "The level of its overdue invoices",
        "Ses factures échues", "Its overdue invoices",
    ),
    "disputes": Subject(
        "Le niveau de ses litiges", "The level of its disputes", "Ses litiges", "Its disputes"
    ),
    "volume": Subject("Son volume d'achats", "Its volume of purchases"),
    "signals": Subject(
        "Le nombre de signaux d'alerte", "The number of warning signals",
        "Les signaux d'alerte", "The warning signals",
    ),
    "sector": Subject("Son secteur", "Its sector"),
    "size": Subject("Sa taille", "Its size"),
    "age": Subject("L'âge de l'entreprise", "The age of the company"),
    "legal_form": Subject("Sa forme juridique", "Its legal form"),
    "accounts_missing": Subject("Ce que l'on sait de ses comptes", "What is known of its accounts"),
    "accounts_size": Subject("Le niveau de son activité", "The level of its business"),
    "solvency": Subject("Sa structure financière", "Its financial structure"),
    "liquidity": Subject("Sa situation de trésorerie", "Its cash position"),
    "profitability": Subject("Le niveau de ses résultats", "The level of its earnings"),
    "filings": Subject(
        "Ce que disent les annonces légales", "What legal notices say",
        "Ses annonces légales", "Its legal notices",
    ),
    "peers": Subject("Le comportement des entreprises comparables", "The behaviour of comparable companies"),
    "amount": Subject("Le montant de la facture", "The amount of the invoice"),
    "terms": Subject("Le délai de paiement", "The length of the terms"),
    "calendar": Subject("La date d'échéance", "The due date"),
    "invoice_age": Subject("L'âge de la facture", "The age of the invoice"),
}  # fmt: skip
"""The subject of each group's sentence."""

CODES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "sector_section": (
        (
            "agriculture et pêche", "industries extractives", "industrie manufacturière", "énergie",
            "eau et déchets", "construction", "commerce", "transport et entreposage",
            "hébergement et restauration", "information et communication", "finance et assurance",
            "immobilier", "services spécialisés et techniques", "services administratifs",
            "administration publique", "enseignement", "santé et action sociale", "arts et loisirs",
            "autres services", "ménages employeurs", "organismes extraterritoriaux",
        ),
        (
            "agriculture and fishing", "mining", "manufacturing", "energy", "water and waste",
            "construction", "trade", "transport and storage", "accommodation and food",
            "information and communication", "finance and insurance", "real estate",
            "professional and technical services", "administrative services", "public administration",
            "education", "health and social work", "arts and leisure", "other services",
            "households as employers", "extraterritorial bodies",
        ),
    ),
    "size_class": (
        ("microentreprise", "PME", "ETI", "grande entreprise"),
        ("microenterprise", "SME", "mid-cap", "large company"),
    ),
    "legal_form_class": (
        (
            "organisme de placement", "entrepreneur individuel", "groupement sans personnalité morale",
            "société étrangère", "établissement public commercial", "société commerciale",
            "autre personne morale immatriculée", "organisme public", "organisme privé spécialisé",
            "association ou autre groupement privé",
        ),
        (
            "investment body", "sole trader", "unincorporated group", "foreign company",
            "public trading body", "commercial company", "other registered body", "public body",
            "specialised private body", "association or other private group",
        ),
    ),
    "due_weekday": (
        ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
        ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    ),
}  # fmt: skip
"""French and English words of each code, by feature: the NAF's sections, INSEE's legal categories."""

_TOLD_IN: dict[str, str] = {
    **dict.fromkeys(
        (
            "overdue_share", "overdue30_share", "limit_use", "equity_ratio", "retained_ratio",
            "liabilities_to_sales", "long_debt_ratio", "ebitda_to_liabilities", "working_capital_ratio",
            "cash_ratio", "current_liabilities_ratio", "return_on_assets", "ebit_ratio", "ebitda_ratio",
            "net_margin", "gross_margin", "depreciation_ratio",
        ),
        "share",
    ),
    **dict.fromkeys(
        ("sales_growth", "turnover_growth", "total_assets_growth", "current_liabilities_growth"), "growth"
    ),
    **dict.fromkeys(
        (
            "equity_ratio_change", "long_debt_ratio_change", "working_capital_ratio_change",
            "return_on_assets_change", "ebitda_ratio_change",
        ),
        "points",
    ),
    "open_to_month": "months", "overdue_to_month": "months",
    "loss_years": "count", "due_day_of_month": "count",
    "days_late_surprise": "times", "overdue_surprise": "times", "amount_to_usual": "times",
    "debt_to_ebitda": "times", "asset_turnover": "times",
}  # fmt: skip
"""Display units of features, where the contract's unit is less precise."""
_NAMED_BY_GROUP = {
    "sector_section", "size_class", "company_age_years", "legal_form_class", "open_eur", "amount_eur",
    "terms_days", "invoice_age_days",
}  # fmt: skip
"""Features that their group's subject already names: the value is enough."""
_UNITS: dict[str, tuple[tuple[str, str], tuple[str, str]]] = {
    "days": (("jour", "jours"), ("day", "days")),
    "years": (("an", "ans"), ("year", "years")),
    "months": (("mois", "mois"), ("month", "months")),
    "times": (("fois", "fois"), ("times", "times")),
    "points": (("point", "points"), ("point", "points")),
}
"""Singular and plural of a unit, in French and in English."""
_DECIMALS = {"months": 1, "times": 1, "points": 1, "share": 1, "growth": 1, "ratio": 2}
_MINUS = "\N{MINUS SIGN}"
BY_NAME: dict[str, Feature] = {feature.name: feature for feature in INVOICE_FEATURES}
NO_HISTORY = {"lateness", "regularity", "trend", "history_length", "overdue", "exposure", "volume"}


@lru_cache(maxsize=1 << 12)
def reason_words(name: str, raises: bool, value: float | None, unpaid: bool) -> ReasonText:  # noqa: FBT001  # a key of the cache
    """Return a reason's sentence in both languages; cached, as small figures recur.

    Parameters
    ----------
    name
        The feature that explains the reason.
    raises
        Whether the reason raises the risk.
    value
        The feature's value; None where it is unknown.
    unpaid
        Whether the customer has no paid invoice on record.
    """
    feature = BY_NAME[name]
    if value is None and unpaid and feature.group in NO_HISTORY:
        detail_fr, detail_en = "aucun paiement connu à ce jour", "no payment is known so far"
    else:
        detail_fr, detail_en = _feature_text(feature, value)
    begin_fr, begin_en = _begin(feature.group, raises, value is not None and value > 0)
    sentences = f"{begin_fr}{detail_fr}).", f"{begin_en}{detail_en})."
    return ReasonText.of(feature.group, *sentences, name, value)


@cache
def _begin(group: str, raises: bool, some: bool) -> tuple[str, str]:  # noqa: FBT001  # as above
    """Return the beginning of a group's sentences in both languages."""
    subject = GROUPS[group]
    if raises and some and subject.fault_fr is not None:
        return f"{subject.fault_fr} augmentent le risque (", f"{subject.fault_en} raise the risk ("
    verb_fr, verb_en = ("augmente", "raises") if raises else ("réduit", "lowers")
    return f"{subject.fr} {verb_fr} le risque (", f"{subject.en} {verb_en} the risk ("


def _feature_text(feature: Feature, value: float | None) -> tuple[str, str]:
    """Return the feature with its value in both languages."""
    fr, en = ("donnée inconnue", "unknown") if value is None else value_text(feature, value)
    if value is not None and (feature.name in _NAMED_BY_GROUP or _is_not_due(feature, value)):
        return fr, en
    return f"{feature.label_fr}{SPACE}: {fr}", f"{feature.label_en}: {en}"


def value_text(feature: Feature, value: float) -> tuple[str, str]:
    """Return a feature's value as it is shown, in both languages."""
    if _is_not_due(feature, value):
        return "pas encore échue", "not due yet"
    if feature.name in CODES:
        words_fr, words_en = CODES[feature.name]
        place = min(max(int(value), 0), len(words_fr) - 1)
        return words_fr[place], words_en[place]
    if feature.unit == "flag":
        return ("oui", "yes") if value else ("non", "no")
    return _figure(_TOLD_IN.get(feature.name, feature.unit), value, early=feature.group == "lateness")


def _is_not_due(feature: Feature, value: float) -> bool:
    return feature.name == "days_past_due" and value <= 0


def _figure(unit: str, value: float, *, early: bool = False) -> tuple[str, str]:
    """Format a figure for display: 1 234,5 in French, 1,234.5 in English.

    Parameters
    ----------
    early
        Whether days below zero are days early.
    """
    if unit == "log_odds":
        unit, value = "share", 0.5 + 0.5 * math.tanh(value / 2)  # which no value overflows
    decimals = _DECIMALS.get(unit, 0)
    rounded = round(value * 100 if unit in ("share", "growth", "points") else value, decimals) + 0.0
    ahead = early and unit == "days" and rounded < 0
    sign = (
        _MINUS if rounded < 0 and not ahead else "+" if rounded > 0 and unit in ("growth", "points") else ""
    )
    figure = f"{abs(rounded):,.{decimals}f}"
    fr, en = in_french(figure), figure
    if unit in ("share", "growth"):
        return f"{sign}{fr}{SPACE}%", f"{sign}{en}%"
    if unit == "eur":
        return f"{sign}{fr}{SPACE}€", f"{sign}€{en}"
    if unit in _UNITS:
        (one_fr, many_fr), (one_en, many_en) = _UNITS[unit]
        fr += f"{WORD_SPACE}{one_fr if abs(rounded) < 2 else many_fr}"  # the plural begins at 2 in French
        en += f" {one_en if abs(rounded) == 1 else many_en}"
    return (f"{fr} d'avance", f"{en} early") if ahead else (f"{sign}{fr}", f"{sign}{en}")
