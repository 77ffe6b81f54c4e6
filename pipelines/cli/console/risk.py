"""Console output of `encours risk`: losses of a year, who bears them, concentrations and other covers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.box import SIMPLE
from rich.table import Table

from models.wording import formats
from models.wording.numerals import SPACE
from pipelines.cli.console import console
from pipelines.cli.console.marking import escape

if TYPE_CHECKING:
    from collections.abc import Sequence

    from models.portfolio.risk_report import RiskReport

MOST_SHOWN = 10
_WORDS = {
    "fr": {
        "as_of": f"Risque de perte au {{day}}{SPACE}: encours {{open}}, à notre risque {{own}}, "
        "assuré {insured}",
        "expected": "Perte attendue sur un an",
        "unexpected": "Perte inattendue (écart type)",
        "certain": "Dont déjà certaine",
        "names": "Effet des gros clients à {confidence}",
        "levels": "Probabilité|Valeur en risque|Perte moyenne au-delà",
        "contributions": "Client|Note|À notre risque|Perte attendue|Contribution|Part",
        "concentration": "Par|Nombre|Équivaut à|Herfindahl|Gini|Part des plus gros",
        "customers": "clients",
        "entities": "entités juridiques",
        "groups": "groupes",
        "sectors": "secteurs",
        "regions": "départements et pays",
        "covers": "Couverture|À notre risque|Perte attendue|Valeur en risque",
        "now": "actuelle",
        "none": "sans assurance",
        "insurer_lost": "sans le premier assureur",
        "largest": "plus de garantie sur les dix plus gros",
        "share": "autre quotité garantie",
    },
    "en": {
        "as_of": "Risk of loss as of {day}: exposure {open}, at our own risk {own}, insured {insured}",
        "expected": "Expected loss within a year",
        "unexpected": "Unexpected loss (standard deviation)",
        "certain": "Certain already",
        "names": "Effect of single names at {confidence}",
        "levels": "Probability|Value at risk|Expected shortfall",
        "contributions": "Customer|Grade|Own risk|Expected loss|Contribution|Share",
        "concentration": "By|Number|As if|Herfindahl|Gini|Share of the largest",
        "customers": "customers",
        "entities": "legal entities",
        "groups": "groups",
        "sectors": "sectors",
        "regions": "départements and countries",
        "covers": "Cover|Own risk|Expected loss|Value at risk",
        "now": "present",
        "none": "without insurance",
        "insurer_lost": "without the largest insurer",
        "largest": "more cover on the ten largest",
        "share": "another covered share",
    },
}


def risk(found: RiskReport, lang: str) -> None:
    """Print the report."""
    words = _WORDS[lang]

    def eur(value: float) -> str:
        return formats.euros(value, lang, 0)

    def share(value: float) -> str:
        return formats.percent(value, lang, 1)

    console.say(
        words["as_of"].format(
            day=formats.day(found.as_of, lang),
            open=eur(found.open_eur),
            own=eur(found.own_risk_eur),
            insured=share(found.insured_share),
        )
    )
    names = words["names"].format(confidence=share(found.confidence_level))
    for label, value in (
        (words["expected"], found.expected_loss_eur),
        (words["unexpected"], found.unexpected_loss_eur),
        (words["certain"], found.certain_loss_eur),
        (names, found.name_concentration_eur),
    ):
        console.say(console.labelled(label, eur(value), lang))
    _show(
        words["levels"],
        [
            (share(one.confidence_level), eur(one.value_at_risk_eur), eur(one.expected_shortfall_eur))
            for one in found.levels
        ],
    )
    _show(
        words["contributions"],
        [
            (
                escape(one.name or one.customer_ids[0]), one.grade, eur(one.own_risk_eur),
                eur(one.expected_loss_eur), eur(one.shortfall_eur), share(one.share),
            )
            for one in found.contributions[:MOST_SHOWN]
        ],
    )  # fmt: skip
    _show(
        words["concentration"],
        [
            (
                words[name],
                formats.number(one.count, lang),
                formats.number(one.effective_count or 0.0, lang, 1),
                formats.number(one.herfindahl, lang, 4),
                formats.number(one.gini, lang, 2),
                share(one.top_share),
            )
            for name, one in found.concentration.items()
        ],
    )  # fmt: skip
    present = (
        words["now"],
        eur(found.own_risk_eur),
        eur(found.expected_loss_eur),
        eur(found.value_at_risk_eur),
    )
    others = [
        (words[one.name], eur(one.own_risk_eur), eur(one.expected_loss_eur), eur(one.value_at_risk_eur))
        for one in found.covers
    ]
    _show(words["covers"], [present, *others])


def _show(heads: str, rows: Sequence[tuple[str, ...]]) -> None:
    table = Table(box=SIMPLE)
    for place, head in enumerate(heads.split("|")):
        table.add_column(head, justify="right" if place else "left")
    for row in rows:
        table.add_row(*row)
    console.show(table)
