"""The catalogue of features, from the contract that stands beside the code of each family."""

from __future__ import annotations

import math
from itertools import groupby
from typing import TYPE_CHECKING

from docs.generator.tables import UndocumentedError, code, table, text_of
from models.features.build import INVOICE_FEATURES

if TYPE_CHECKING:
    from models.features.table import Feature

TEXTS = {
    "en": (
        "Feature catalogue",
        """\
Every feature that the late-payment model may read; the default model reads all but those of `invoice`.
Sign: + more of it never lowers the risk, − never raises it, 0 either.""",
        ("feature", "meaning", "unit", "range", "sign", "reason group"),
    ),
    "fr": (
        "Catalogue des variables",
        """\
Toutes les variables que peut lire le modèle de retard ; le modèle de défaillance les lit toutes sauf celles
de `invoice`. Signe : + ne réduit jamais le risque, − ne l'augmente jamais, 0 l'un ou l'autre.""",
        ("variable", "signification", "unité", "valeurs", "signe", "groupe de motifs"),
    ),
}
SIGNS = {1: "+", -1: "−", 0: "0"}


def page(lang: str) -> str:
    """Return the page.

    Raises
    ------
    UndocumentedError
        A feature has no label in one of the languages.
    """
    missing = [f.name for f in INVOICE_FEATURES if not (f.label_fr.strip() and f.label_en.strip())]
    UndocumentedError.check("feature", missing)
    title, intro, head = TEXTS[lang]
    lines = [intro, ""]
    for family, features in groupby(INVOICE_FEATURES, key=lambda feature: feature.family):
        lines += [f"## {family}", "", *table(head, [_row(feature, lang) for feature in features])]
    return text_of(title, lang, lines)


def _row(feature: Feature, lang: str) -> tuple[str, ...]:
    label = feature.label_fr if lang == "fr" else feature.label_en
    span = f"{_bound(feature.low)} … {_bound(feature.high)}"
    return code(feature.name), label, feature.unit, span, SIGNS[feature.sign], feature.group


def _bound(value: float) -> str:
    return ("−∞" if value < 0 else "∞") if math.isinf(value) else f"{value:g}"
