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
    from collections.abc import Mapping, Sequence

    from models.portfolio.risk_report import CoverWhatIf, LossContribution, RiskConcentration, RiskReport

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
    _losses(found, words, lang)
    _show(words["contributions"], [_borne(one, lang) for one in found.contributions[:MOST_SHOWN]])
    concentrations = found.concentration.items()
    _show(words["concentration"], [(words[name], *_concentrated(one, lang)) for name, one in concentrations])
    others = [(words[one.name], *_at_risk(one, lang)) for one in found.covers]
    _show(words["covers"], [(words["now"], *_at_risk(found, lang)), *others])


def _losses(found: RiskReport, words: Mapping[str, str], lang: str) -> None:
    console.say(
        words["as_of"].format(
            day=formats.day(found.as_of, lang),
            open=formats.euros(found.open_eur, lang, 0),
            own=formats.euros(found.own_risk_eur, lang, 0),
            insured=formats.percent(found.insured_share, lang, 1),
        )
    )
    names = words["names"].format(confidence=formats.percent(found.confidence_level, lang, 1))
    for label, value in (
        (words["expected"], found.expected_loss_eur),
        (words["unexpected"], found.unexpected_loss_eur),
        (words["certain"], found.certain_loss_eur),
        (names, found.name_concentration_eur),
    ):
        console.say(console.labelled(label, formats.euros(value, lang, 0), lang))
    _show(
        words["levels"],
        [
            (
                formats.percent(one.confidence_level, lang, 1),
                *_euros((one.value_at_risk_eur, one.expected_shortfall_eur), lang),
            )
            for one in found.levels
        ],
    )


def _borne(one: LossContribution, lang: str) -> tuple[str, ...]:
    """Return a customer's row: what it owes at our risk, and its part of the loss."""
    figures = _euros((one.own_risk_eur, one.expected_loss_eur, one.shortfall_eur), lang)
    return escape(one.name or one.customer_ids[0]), one.grade, *figures, formats.percent(one.share, lang, 1)


def _concentrated(one: RiskConcentration, lang: str) -> tuple[str, ...]:
    return (
        formats.number(one.count, lang),
        formats.number(one.effective_count or 0.0, lang, 1),
        formats.number(one.herfindahl, lang, 4),
        formats.number(one.gini, lang, 2),
        formats.percent(one.top_share, lang, 1),
    )


def _at_risk(one: RiskReport | CoverWhatIf, lang: str) -> tuple[str, ...]:
    return _euros((one.own_risk_eur, one.expected_loss_eur, one.value_at_risk_eur), lang)


def _euros(values: Sequence[float], lang: str) -> tuple[str, ...]:
    return tuple(formats.euros(value, lang, 0) for value in values)


def _show(heads: str, rows: Sequence[tuple[str, ...]]) -> None:
    table = Table(box=SIMPLE)
    for place, head in enumerate(heads.split("|")):
        table.add_column(head, justify="right" if place else "left")
    for row in rows:
        table.add_row(*row)
    console.show(table)
