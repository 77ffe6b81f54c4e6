"""Events of the customers' companies and their deposits of accounts, as BODACC open data (v2.1).

It includes the difficulties of real data: days in ISO or in French words, JSON inside strings, sales that
name the buyer first, notices about others, and a proceeding published for the wrong company and annulled
later.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pandas as pd

from models.errors import LedgerError
from pipelines.sources.registers.generating.companies import rows_of, spaced, stranger

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from models.ledger.ledger import Ledger

NAME = "annonces-commerciales.json"
ANNULLED_AFTER = pd.Timedelta(days=14)
_NATURES = {
    "safeguard": "Jugement d'ouverture d'une procédure de sauvegarde",
    "receivership": "Jugement d'ouverture d'une procédure de redressement judiciaire",
    "liquidation": "Jugement d'ouverture de liquidation judiciaire",
    "safeguard_plan": "Jugement arrêtant le plan de sauvegarde",
    "receivership_plan": "Jugement arrêtant le plan de redressement",
    "proceeding_ended": "Jugement mettant fin à la procédure de redressement judiciaire",
}
_MONTHS = (
    *("janvier", "février", "mars", "avril", "mai", "juin"),
    *("juillet", "août", "septembre", "octobre", "novembre", "décembre"),
)
_LETTERS = {"collective": "A", "vente": "A", "radiation": "B", "dpc": "C"}
_HIDDEN = (
    "Les comptes annuels sont accompagnés d'une déclaration de confidentialité en application de l'article "
    "L. 232-25."
)


@dataclass(frozen=True, slots=True)
class _Notice:
    """A notice before it has a number: its family, the company named first, and its parts of JSON."""

    family: str
    siren: str
    published_on: pd.Timestamp
    parts: dict[str, object]
    others: tuple[str, ...] = ()
    role: str = "annonce"
    undoes: _Notice | None = field(default=None)


def write_notices(ledger: Ledger, folder: Path) -> Path:
    """Write the notices of a portfolio as one list of records, in order of publication.

    Raises
    ------
    LedgerError
        No notice can report a filing of this kind.
    """
    path = folder / NAME
    notices = [*_events(ledger), *_deposits(ledger), *_mistake(ledger), *_of_others(ledger)]
    notices.sort(key=lambda one: (one.published_on, one.family, one.siren))
    path.write_text(json.dumps(_records(notices), ensure_ascii=False, indent=0), encoding="utf-8")
    return path


def _events(ledger: Ledger) -> Iterator[_Notice]:
    for nth, row in enumerate(rows_of(ledger.filings)):
        day = _day(row["judged_on"], in_words=nth % 2 == 1)
        if row["kind"] in _NATURES:
            yield _judgment(row["siren"], _NATURES[row["kind"]], day, row["published_on"])
        elif row["kind"] == "closure":
            struck = {"radiationPM": "O", "dateCessationActivitePP": day}
            yield _Notice("radiation", row["siren"], row["published_on"], {"radiationaurcs": struck})
        elif row["kind"] == "sale":
            act = {"vente": {"categorieVente": "Vente de fonds de commerce", "dateEffet": day}}
            sold = {"listeprecedentproprietaire": _people(row["siren"]), "acte": act}
            yield _Notice("vente", stranger(500 + nth), row["published_on"], sold, others=(row["siren"],))
        else:
            raise LedgerError(f"filing of {row['siren']}: no notice tells of {row['kind']!r}")


def _judgment(siren: str, nature: str, day: str, published_on: pd.Timestamp) -> _Notice:
    judgment = {"type": "initial", "famille": "Jugement", "nature": nature, "date": day}
    return _Notice("collective", siren, published_on, {"jugement": judgment})


def _deposits(ledger: Ledger) -> Iterator[_Notice]:
    for row in rows_of(ledger.accounts):
        deposit = {"dateCloture": f"{row['closed_on']:%Y-%m-%d}", "typeDepot": "Comptes annuels et rapports"}
        if row["confidential"]:
            deposit["descriptif"] = _HIDDEN
        yield _Notice("dpc", row["siren"], row["published_on"], {"depot": deposit})


def _mistake(ledger: Ledger) -> Iterator[_Notice]:
    """Publish a receivership of a company without one, and annul it."""
    troubled = set(ledger.filings["siren"])
    sound = [siren for siren in ledger.customers["siren"].dropna() if siren not in troubled]
    if not sound or ledger.invoices.empty:
        return
    published_on = ledger.invoices["issued_on"].max() - pd.Timedelta(days=90)
    day = _day(published_on - pd.Timedelta(days=9), in_words=False)
    wrong = _judgment(sound[0], _NATURES["receivership"], day, published_on)
    yield wrong
    yield _Notice(
        "collective", sound[0], published_on + ANNULLED_AFTER, wrong.parts, role="annulation", undoes=wrong
    )


def _of_others(ledger: Ledger) -> Iterator[_Notice]:
    for nth, row in enumerate(rows_of(ledger.filings)[:20]):
        day = _day(row["judged_on"], in_words=False)
        yield _judgment(stranger(700 + nth), _NATURES["liquidation"], day, row["published_on"])


def _records(notices: list[_Notice]) -> list[dict[str, object]]:
    """Number the notices within their issue, and write each as a record; an undone one comes first."""
    numbers: dict[int, tuple[str, int]] = {}
    last: dict[str, int] = {}
    records = []
    for one in notices:
        issue = f"{one.published_on.year}{one.published_on.day_of_year:04d}"
        letter = _LETTERS[one.family]
        last[letter + issue] = last.get(letter + issue, 0) + 1
        numbers[id(one)] = issue, last[letter + issue]
        record = _record(one, letter, *numbers[id(one)])
        if one.undoes is not None:
            before, number = numbers[id(one.undoes)]
            record["parutionavisprecedent"] = _text(
                {
                    "nomPublication": f"BODACC {letter}",
                    "numeroParution": before,
                    "numeroAnnonce": str(number),
                    "dateParution": _day(one.undoes.published_on, in_words=True),
                }
            )
        records.append(record)
    return records


def _record(one: _Notice, letter: str, issue: str, number: int) -> dict[str, object]:
    sirens = (one.siren, *one.others)
    return {
        "id": f"{letter}{issue}{number}",
        "publicationavis": letter,
        "parution": issue,
        "dateparution": f"{one.published_on:%Y-%m-%d}",
        "numeroannonce": number,
        "typeavis": one.role,
        "familleavis": one.family,
        "registre": [written for siren in sirens for written in (siren, spaced(siren))],
        "listepersonnes": _text(_people(one.siren)),
        **{name: _text(part) for name, part in one.parts.items()},
    }


def _people(siren: str) -> dict[str, object]:
    number = {"numeroIdentification": spaced(siren), "codeRCS": "RCS", "nomGreffeImmat": "Greffe fictif"}
    return {"personne": {"typePersonne": "pm", "numeroImmatriculation": number}}


def _day(day: pd.Timestamp, *, in_words: bool) -> str:
    first = "1er" if day.day == 1 else str(day.day)
    return f"{first} {_MONTHS[day.month - 1]} {day.year}" if in_words else f"{day:%Y-%m-%d}"


def _text(part: object) -> str:
    return json.dumps(part, ensure_ascii=False)
