"""Console output of an import through a mapping: rows by table, sums by file, and remarks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.wording.formats import number
from models.wording.numerals import in_french, unbroken
from pipelines.cli.console import quarantine
from pipelines.cli.console.console import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipelines.sources.mapping.importing import ImportSummary

MOST_NOTES = 5
WORDS = {
    "fr": {
        "table": "{name} : {n}",
        "refused": "{refused} lignes refusées sur {read}",
        "see": " ; voir {quarantine}",
        "no_siren": "Numéros qui ne sont pas un SIREN (étranger, Monaco ou erroné), clients repris avec le "
        "numéro tel quel : {n}",
        "spent": "Règlements lettrés avec des factures absentes de l'export, laissés hors de l'encours "
        "(exportez aussi ces factures si elles comptent) : {n}, pour {eur}",
        "note": "  {file}, ligne {line} : {value}",
        "more": "  … et {n} de plus, dans {path}",
        "currencies": "le grand livre compte en {found} : convertissez-le avant de le contrôler et de le "
        "noter, par `encours registers convert COURS --out DOSSIER`",
    },
    "en": {
        "table": "{name}: {n}",
        "refused": "{refused} of {read} rows refused",
        "see": "; see {quarantine}",
        "no_siren": "Numbers that are no SIREN (abroad, Monaco or wrong), customers taken with the number as "
        "it is: {n}",
        "spent": "Payments matched with invoices that the export lacks, left out of the exposure (export "
        "these invoices too if they count): {n}, for {eur}",
        "note": "  {file}, line {line}: {value}",
        "more": "  … and {n} more, in {path}",
        "currencies": "the ledger counts in {found}: convert it before it is checked and scored, with "
        "`encours registers convert RATES --out FOLDER`",
    },
}


def imported(summary: ImportSummary, lang: str) -> None:
    """Print the result of an import."""
    for name, count in summary.rows_imported.items():
        say(_words("table", lang).format(name=name, n=number(count, lang)))
    counts = {
        "refused": number(summary.rows_refused, lang),
        "read": number(summary.rows_read, lang),
    }
    text = _words("refused", lang).format(**counts)
    say(text + (_words("see", lang).format(quarantine=summary.quarantine) if summary.quarantine else ""))
    _notes(summary, lang)
    currencies(summary.currencies, lang)
    for one in summary.balances:
        say(quarantine.balance(one, lang))


def currencies(found: Sequence[str], lang: str) -> None:
    """Print what to do about a ledger in several currencies."""
    if len(found) > 1:
        say(_words("currencies", lang).format(found=", ".join(found)))


def _notes(summary: ImportSummary, lang: str) -> None:
    """Print remarks on imported rows, the first of each kind if there are many."""
    for kind in ("no_siren", "spent"):
        found = [one for one in summary.notes if one.kind == kind]
        if not found:
            continue
        cents = sum(one.cents for one in found)
        eur = f"{cents / 100:,.2f}"
        say(_words(kind, lang).format(n=len(found), eur=in_french(eur) if lang == "fr" else eur))
        for one in found[:MOST_NOTES]:
            say(_words("note", lang).format(file=one.file, line=one.line, value=one.value))
        if len(found) > MOST_NOTES:
            left = number(len(found) - MOST_NOTES, lang)
            say(_words("more", lang).format(n=left, path=summary.notes_file))


def _words(name: str, lang: str) -> str:
    return unbroken(WORDS[lang][name]) if lang == "fr" else WORDS[lang][name]
