"""Console output of `encours start`: the customers, each model's components, and how to improve them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.learning.basis import OWN
from models.learning.basis import WORDS as BASIS
from models.wording import formats
from models.wording.numerals import SPACE
from pipelines.cli.console import console

if TYPE_CHECKING:
    from pipelines.onboarding import ModelBasis, Started

WORDS = {
    "fr": {
        "night": "Au {day} : {customers} clients évalués, {invoices} factures ouvertes.",
        "late30": "Retard de paiement",
        "default12": "Défaillance",
        "late30_found": "factures à plus de 30 jours de retard dans votre historique : {found}",
        "default12_found": "clients défaillants dans votre historique : {found}",
        "more": "un modèle qui vous soit propre devient possible à partir d'environ {enough}",
        "continue": "Le mois prochain, relancez encours start avec les nouveaux fichiers.",
        "pages": "Pages : http://localhost:{port}/ — utilisateur {user}, mot de passe {password} "
        "(affiché cette seule fois)",
        "again": "Pages : http://localhost:{port}/",
    },
    "en": {
        "night": "As of {day}: {customers} customers assessed, {invoices} open invoices.",
        "late30": "Late payment",
        "default12": "Default",
        "late30_found": "invoices more than 30 days late in your ledger: {found}",
        "default12_found": "failed customers in your ledger: {found}",
        "more": "a model of your own becomes possible from about {enough}",
        "continue": "Next month, run encours start again with the new files.",
        "pages": "Pages: http://localhost:{port}/ — user {user}, password {password} (shown this once)",
        "again": "Pages: http://localhost:{port}/",
    },
}


def started(found: Started, port: int, lang: str) -> None:
    """Print the riskiest customers, the models' components, and the address of the pages."""
    console.show(console.customers_table(found.customers))
    words = WORDS[lang]
    for warning in found.night.warnings:
        console.say(warning)
    night = found.night
    console.say(
        words["night"].format(
            day=formats.day(night.as_of, lang), customers=night.customers, invoices=night.open_invoices
        )
    )
    for basis in found.bases:
        console.say(_told(basis, lang))
    console.say(words["continue"])
    key = "again" if found.password is None else "pages"
    console.say(words[key].format(port=port, user=found.user, password=found.password))


def _told(basis: ModelBasis, lang: str) -> str:
    """Print a model's component, and when the ledger could support its own."""
    words = WORDS[lang]
    said = console.labelled(words[basis.target], BASIS[basis.rests_on][0 if lang == "fr" else 1], lang)
    if basis.rests_on == OWN:
        return f"{said}."
    found = words[f"{basis.target}_found"].format(found=basis.found)
    end = f"{SPACE};" if lang == "fr" else ";"
    return f"{said}. {found[0].upper()}{found[1:]}{end} {words['more'].format(enough=basis.enough)}."
