"""Console output of `encours cases`: cases with what they ask, and what became of them."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from models.wording.formats import day, euros, moment
from models.wording.numerals import unbroken
from pipelines.cli.console import console

if TYPE_CHECKING:
    from models.wording.formats import Language
    from serving.store import ApprovalCase, ListPage

_WORDS = {
    "fr": {
        "none": "aucun dossier",
        "more": "{shown} dossiers sur {total}",
        "order": "commande de {eur}",
        "limit": "plafond de {eur}, jusqu'au {until}",
        "by": "par {who}, le {at}",
        "open": "à valider par : {approver}",
        "endorsed": "approuvé une fois ; à valider par : {approver}",
        "accepted": "accepté",
        "amended": "accordé autrement",
        "refused": "refusé",
        "withdrawn": "retiré",
        "is": "dossier {number} ({name}) : {state}",
    },
    "en": {
        "none": "no case",
        "more": "{shown} of {total} cases",
        "order": "order of {eur}",
        "limit": "limit of {eur}, until {until}",
        "by": "by {who}, {at}",
        "open": "to be approved by: {approver}",
        "endorsed": "approved once; to be approved by: {approver}",
        "accepted": "accepted",
        "amended": "granted on other terms",
        "refused": "refused",
        "withdrawn": "taken back",
        "is": "case {number} ({name}): {state}",
    },
}


def listed(found: ListPage[ApprovalCase], lang: str) -> None:
    """Print one line for each case."""
    words, language = _WORDS[lang], _language(lang)
    for one in found.items:
        at = "" if one.opened_at is None else moment(one.opened_at, language)
        parts = [str(one.case_id), one.name, _asked(one, lang), words["by"].format(who=one.who, at=at)]
        console.say(" · ".join([*parts, _state(one, lang)]))
    if not found.items:
        console.say(words["none"])
    elif found.total > len(found.items):
        console.say(words["more"].format(shown=len(found.items), total=found.total))


def answered(case: ApprovalCase, lang: str) -> None:
    """Print what became of a case."""
    told = _WORDS[lang]["is"].format(number=case.case_id, name=case.name, state=_state(case, lang))
    console.say(unbroken(told) if lang == "fr" else told)


def _asked(case: ApprovalCase, lang: str) -> str:
    words, language = _WORDS[lang], _language(lang)
    eur = euros(case.amount_eur, language)
    if case.kind == "order":
        return words["order"].format(eur=eur)
    until = case.question["valid_until"]
    return words["limit"].format(eur=eur, until=day(dt.date.fromisoformat(until), language))


def _state(case: ApprovalCase, lang: str) -> str:
    from models.policy.sections.approval import APPROVERS  # noqa: PLC0415  # brings pydantic along

    french, english = APPROVERS[case.approver]
    approver = french if lang == "fr" else english
    told = _WORDS[lang][case.state].format(approver=approver)
    return unbroken(told) if lang == "fr" else told


def _language(lang: str) -> Language:
    return "fr" if lang == "fr" else "en"
