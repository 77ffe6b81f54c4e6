"""Console output of `encours cash`: receipts by week with their band, and by group."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from rich.box import SIMPLE
from rich.table import Table

from models.wording import formats
from models.wording.numerals import SPACE
from pipelines.cli.console import console
from pipelines.cli.console.marking import escape

if TYPE_CHECKING:
    from collections.abc import Sequence

    from serving.usecases.cash import CashForecast

_WORDS = {
    "fr": {
        "title": "Encaissements attendus des factures ouvertes, arrêtés au",
        "weeks": ("semaine du", "attendu", "P10", "P50", "P90"),
        "sales": "ventes à venir",
        "groups": ("groupe", "encours", "4 semaines", "13 semaines", "plus tard"),
        "later": "Plus tard, ou jamais",
        "default": f"Fourchette par défaut{SPACE}: le passé est trop court pour l'estimer.",
        "unknown": "inconnu",
        "others": "autres groupes",
    },
    "en": {
        "title": "Receipts expected of the open invoices, as of",
        "weeks": ("week of", "expected", "P10", "P50", "P90"),
        "sales": "sales to come",
        "groups": ("group", "open", "4 weeks", "13 weeks", "later"),
        "later": "Later, or never",
        "default": "Default band: the past is too short to estimate it.",
        "unknown": "unknown",
        "others": "other groups",
    },
}


def cash(found: CashForecast, by: str | None, lang: str, *, with_sales: bool = False) -> None:
    """Print the weeks in all, then the chosen groups; sales to come in a column of their own."""
    words, document = _WORDS[lang], found.document()
    as_of = formats.day(found.run.key.as_of, lang)
    console.say(f"{words['title']} {as_of}")
    sales = {"sales_eur": str(words["sales"])} if with_sales else {}
    table = _table([*words["weeks"], *sales.values()], texts=1)
    for week in document["total"]["weeks"]:
        day = formats.day(dt.date.fromisoformat(week["first_day"]), lang)
        figures = (week[name] for name in ("expected_eur", "p10_eur", "p50_eur", "p90_eur", *sales))
        table.add_row(day, *(formats.number(value, lang) for value in figures))
    console.show(table)
    later = formats.euros(document["total"]["later_eur"], lang)
    console.say(console.labelled(str(words["later"]), later, lang))
    if not document["past_weeks"]:
        console.say(str(words["default"]))
    if by is not None:
        _groups(document["by"][by], lang)


def _groups(lines: Sequence[dict[str, Any]], lang: str) -> None:
    words = _WORDS[lang]
    table = _table(words["groups"], texts=1)
    for line in lines:
        weeks = [week["expected_eur"] for week in line["weeks"]]
        figures = (line["open_eur"], sum(weeks[:4]), sum(weeks), line["later_eur"])
        name = str(words.get(line["name"], line["name"]))
        table.add_row(escape(name), *(formats.number(value, lang) for value in figures))
    console.show(table)


def _table(titles: str | Sequence[str], texts: int) -> Table:
    table = Table(box=SIMPLE, pad_edge=False, collapse_padding=True)
    for place, title in enumerate(titles):
        table.add_column(title, justify="left" if place < texts else "right", no_wrap=True)
    return table
