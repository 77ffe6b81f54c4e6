"""Console output of `encours penalty`: interest line by line with its rate and source, and the sum."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.box import SIMPLE
from rich.table import Table

from models.law.imputation import WORDS as IMPUTATIONS
from models.law.penalties import BASES
from models.wording import formats
from models.wording.numerals import SPACE
from pipelines.cli.console import console

if TYPE_CHECKING:
    from decimal import Decimal

    from models.law.judgment_interest import JudgmentInterest, JudgmentLine
    from models.law.penalties import Penalty, PenaltyLine

_WORDS = {
    "fr": {
        "intime": f"Payée à l'échéance ou avant{SPACE}: aucune pénalité.",
        "title": "Pénalités de retard (art. L441-10 C. com.)",
        "heads": ("du", "au", "jours", "restant dû", "taux", "intérêts"),
        "interest": "Intérêts",
        "indemnity": "Indemnité forfaitaire de recouvrement (art. D441-5 C. com.)",
        "total": "Total dû en sus de la facture",
        "rate": "Taux",
        "judgment": f"À part{SPACE}: intérêts au taux légal après jugement (art. L313-3 CMF)",
        "increased": "Taux légal majoré de 5 points à partir du",
        "opened": "Intérêts arrêtés à l'ouverture de la procédure (art. L622-28 C. com.), jugement du",
        "settled": f"Rien ne restait dû au jour du jugement{SPACE}: aucun intérêt après lui.",
        "apart": f"Ces intérêts suivent la condamnation{SPACE}; ils ne s'ajoutent pas de plein droit "
        "aux pénalités.",
    },
    "en": {
        "intime": "Paid when due or before: no penalty.",
        "title": "Late interest (art. L441-10 C. com.)",
        "heads": ("from", "to", "days", "still owed", "rate", "interest"),
        "interest": "Interest",
        "indemnity": "Flat indemnity for recovery (art. D441-5 C. com.)",
        "total": "Owed on top of the invoice",
        "rate": "Rate",
        "judgment": "Apart: interest at the legal rate after judgment (art. L313-3 CMF)",
        "increased": "Legal rate + 5 points from",
        "opened": "Interest stops at the opening of the proceeding (L622-28 C. com.), judgment of",
        "settled": "Nothing was owed any more on the day of the judgment: no interest after it.",
        "apart": "This interest follows the court's order; it does not simply add to the penalties.",
    },
}


def penalty(found: Penalty, lang: str) -> None:
    """Print the penalties on one invoice."""
    words = _WORDS[lang]
    if not found.lines:
        console.say(str(words["intime" if found.opened_on is None else "opened"]) + _day_of(found, lang))
        return
    table = _table(lang)
    for line in found.lines:
        _add(table, line, line.balance_eur, lang)
    console.say(str(words["title"]))
    console.show(table)
    for basis in dict.fromkeys(line.basis for line in found.lines):
        rates = dict.fromkeys(
            formats.percent(line.rate, lang, 2) for line in found.lines if line.basis == basis
        )
        rate = f"{words['rate']} {', '.join(rates)}"
        console.say(console.labelled(rate, BASES[basis][0 if lang == "fr" else 1], lang))
    _terms(found, lang)
    for name, euros in (
        ("interest", found.interest_eur),
        ("indemnity", found.indemnity_eur),
        ("total", found.total_eur),
    ):
        console.say(console.labelled(str(words[name]), formats.euros(euros, lang, 2), lang))


def judgment(found: JudgmentInterest, lang: str) -> None:
    """Print interest after a judgment, separate from penalties."""
    words = _WORDS[lang]
    table = _table(lang)
    for line in found.lines:
        _add(table, line, line.balance_eur, lang)
    console.say(f"\n{words['judgment']}")
    console.show(table)
    _terms(found, lang)
    console.say(f"{words['increased']} {formats.day(found.increased_from, lang)}")
    console.say(console.labelled(str(words["interest"]), formats.euros(found.interest_eur, lang, 2), lang))
    console.say(str(words["apart"]))


def settled(lang: str) -> None:
    """Print that a judgment bears no interest, since nothing was owed any more."""
    console.say(f"\n{_WORDS[lang]['settled']}")


def _terms(found: Penalty | JudgmentInterest, lang: str) -> None:
    """Print the allocation of part payments, the end of interest, and the publication of rates."""
    if found.imputation is not None:
        text = IMPUTATIONS[found.imputation][0 if lang == "fr" else 1]
        console.say(f"{text[:1].upper()}{text[1:]}.")
    if found.opened_on is not None:
        console.say(f"{_WORDS[lang]['opened']}{_day_of(found, lang)}")
    for published in dict.fromkeys(line.publication for line in found.lines if line.publication):
        console.say(f"  {published}")


def _day_of(found: Penalty | JudgmentInterest, lang: str) -> str:
    return "" if found.opened_on is None else f" {formats.day(found.opened_on, lang)}."


def _add(table: Table, line: PenaltyLine | JudgmentLine, balance_eur: Decimal, lang: str) -> None:
    table.add_row(
        formats.day(line.first, lang),
        formats.day(line.last, lang),
        str(line.days),
        formats.euros(balance_eur, lang, 2),
        formats.percent(line.rate, lang, 2),
        formats.euros(line.interest_eur, lang, 2),
    )


def _table(lang: str) -> Table:
    table = Table(box=SIMPLE, pad_edge=False)
    for place, head in enumerate(_WORDS[lang]["heads"]):
        table.add_column(head, justify="right" if place >= 2 else "left")
    return table
