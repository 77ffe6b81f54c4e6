"""Console output of `encours migration`: the matrix, the default rates and the vintages."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from rich.box import SIMPLE
from rich.table import Table

from models.portfolio.grade_paths import DEFAULT
from models.wording import formats
from models.wording.numerals import SPACE
from pipelines.cli.console import console

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from serving.usecases.grade_migration import GradeMigration

_AGES = (1, 2, 3, 6, 12)
_WORDS = {
    "fr": {
        "none": f"Aucune nuit ne garde encore les notes{SPACE}: lancez encours nightly.",
        "nights": "Notes suivies du {since} au {as_of}, nuits : {nights}",
        "known_from": "Matrices connues à partir du {day}, après un mois de nuits.",
        "duration": "Migration à {months} mois, par durées",
        "cohort": "Migration à {months} mois, par cohortes de {period} mois ({count})",
        "default": "déf.",
        "grade": "note",
        "rates": ("note", "clients", "PD", "PD moy.", "observé", "de", "à", "déf."),
        "rates_title": f"Défaillance à 12 mois{SPACE}: instantanée (PD), moyenne des nuits, observée",
        "vintages": "Part impayée des factures, par trimestre d'émission et par âge en mois",
        "quarter": "trimestre",
        "changes": "Mouvements : {moves}, dont {changed} lors d'un changement de modèle ou de politique.",
    },
    "en": {
        "none": "No night keeps grades yet: run encours nightly.",
        "nights": "Grades followed from {since} to {as_of}, nights: {nights}",
        "known_from": "Matrices are known from {day} on, after a month of nights.",
        "duration": "Migration within {months} months, by durations",
        "cohort": "Migration within {months} months, by cohorts of {period} months ({count})",
        "default": "def.",
        "grade": "grade",
        "rates": ("grade", "customers", "PD", "mean PD", "observed", "from", "to", "def."),
        "rates_title": "Default within 12 months: point in time (PD), mean of the nights, observed",
        "vintages": "Unpaid share of invoices, by quarter of issue and by age in months",
        "quarter": "quarter",
        "changes": "Moves: {moves}, of which {changed} with another model or policy.",
    },
}


def migration(found: GradeMigration, lang: str) -> None:
    """Print the matrices that are known, or from when they are; then default rates and vintages."""
    document, words = found.document()["migration"], _WORDS[lang]
    if document is None:
        console.say(str(words["none"]))
    else:
        _matrices(document, lang)
        _rates(document["default_rates"], lang)
    if found.vintages:
        _vintages(found.vintages, lang)


def _matrices(document: dict[str, Any], lang: str) -> None:
    words = _WORDS[lang]
    since, as_of = (_day(document[name], lang) for name in ("since", "as_of"))
    console.say(str(words["nights"]).format(since=since, as_of=as_of, nights=document["nights"]))
    if document["known_from"]:
        console.say(str(words["known_from"]).format(day=_day(document["known_from"], lang)))
    cohort, months = document["cohort"], document["horizon_months"]
    if document["duration"]:
        console.say(str(words["duration"]).format(months=months))
        console.show(_matrix(document["duration"]["rows"], lang))
    if cohort:
        period, count = cohort["period_months"], len(cohort["periods"])
        console.say(str(words["cohort"]).format(months=months, period=period, count=count))
        console.show(_matrix(cohort["rows"], lang))
    changed = document["moves_by_change"]
    console.say(str(words["changes"]).format(moves=document["moves"], changed=changed))


def _matrix(rows: dict[str, Any], lang: str) -> Table:
    names = {DEFAULT: str(_WORDS[lang]["default"])}
    table = _table((str(_WORDS[lang]["grade"]), *(names.get(state, state) for state in rows)))
    for state, row in rows.items():
        if state != DEFAULT:
            cells = (_percent(cell["share"], lang) for cell in row["to"].values())
            table.add_row(state, *cells)
    return table


def _rates(rates: Iterable[dict[str, Any]], lang: str) -> None:
    console.say(str(_WORDS[lang]["rates_title"]))
    table = _table(_WORDS[lang]["rates"])
    for one in rates:
        shares = (one[name] for name in ("pd_12m", "long_run_pd_12m", "observed_share", "low", "high"))
        written = (_percent(share, lang) for share in shares)
        table.add_row(one["grade"], formats.number(one["customers"], lang), *written, str(one["defaults"]))
    console.show(table)


def _vintages(vintages: Iterable[Any], lang: str) -> None:
    console.say(str(_WORDS[lang]["vintages"]))
    table = _table((str(_WORDS[lang]["quarter"]), *map(str, _AGES)))
    for one in vintages:
        shares = dict(enumerate(one["unpaid_shares"]))
        table.add_row(_quarter(one["quarter"], lang), *(_percent(shares.get(age), lang) for age in _AGES))
    console.show(table)


def _quarter(first_day: str, lang: str) -> str:
    first = dt.date.fromisoformat(first_day)
    return f"{'T' if lang == 'fr' else 'Q'}{(first.month + 2) // 3} {first.year}"


def _table(titles: str | Sequence[str]) -> Table:
    table = Table(box=SIMPLE, pad_edge=False)
    for place, title in enumerate(titles):
        table.add_column(title, justify="right" if place else "left", no_wrap=True)
    return table


def _percent(share: float | None, lang: str) -> str:
    return "–" if share is None else formats.percent(share, lang)


def _day(text: str, lang: str) -> str:
    return formats.day(dt.date.fromisoformat(text), lang)
