"""Console output of an import of FEC files, to check against the accounts. Wording and layout only."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from rich.box import SIMPLE
from rich.table import Table

from models.wording.formats import cents, day, number
from pipelines.cli.console import console
from pipelines.cli.console.marking import escape

if TYPE_CHECKING:
    from pipelines.sources.fec.entries import Unbalanced
    from pipelines.sources.fec.identity import Doubt
    from pipelines.sources.fec.reading import Recognised
    from pipelines.sources.fec.summary import FecSummary, FileSummary

MOST_NAMED = 5
MOST_REPEATED = 60
"""Characters of a label that the summary shows."""
WORDS = {
    "fr": {
        "lines": "lignes",
        "debit": "débit",
        "credit": "crédit",
        "file": "comptes 411, 413 et 416 du fichier",
        "taken": "repris",
        "moved": "passés à un autre compte client (416, 413, 4117, renumérotation)",
        "assigned": "cédés à un affactureur (467)",
        "adjusted": "écarts de change ou de règlement, portés sur le règlement",
        "bill": "effets à recevoir (413) sans client",
        "joined": "à-nouveaux rattachés à l'année précédente",
        "old": "anciens non lettrés, mis à part",
        "zero": "montant nul",
        "closing": "écritures de clôture",
        "twice": "déjà dans un autre fichier",
        "refused": "en quarantaine",
        "provision": "dépréciations (491)",
        "gap": "écart inexpliqué",
        "others": "autres comptes",
        "blank": "lignes vides",
        "unbalanced": "écritures déséquilibrées",
        "line": "ligne",
        "mixed": "encodages mêlés",
        "see": "voir",
        "correct": "à corriger par",
        "year": "SIREN {siren} · exercice clos le {day}",
        "attention": "attention",
        "renumbered": "clients renumérotés",
        "early": (
            "{file} : {count} lignes sur {total} datent de plus de 24 mois avant la clôture du "
            "{closes_on} (du {first} au {last})"
        ),
        "siren_key": "{file} : le SIREN {siren} du nom a une clé fausse, il n'est pas retenu",
        "no_day": "{file} : {text}, dans le nom, n'est pas une date de clôture",
        "replaced": (
            "{by} remplace {file} et en supprime {count} lignes clients sur {total} (débit {debit}, crédit "
            "{credit} ; la première : {first})"
        ),
        "strangers": (
            "{file} : aucun de ses {count} clients n'est parmi les {others} des autres exercices ; vérifiez "
            "qu'il s'agit de la même entreprise"
        ),
        "exporter": "logiciel",
        "read_as": "lu ainsi",
        "issue_piece": "date de facture : PieceDate",
        "issue_entry": "date de facture : EcritureDate sur {count} lignes, où PieceDate lui est postérieure",
        "pay_entry": "date de règlement : EcritureDate",
        "pay_piece": "date de règlement : PieceDate (EcritureDate est le jour du transfert en comptabilité)",
        "lettering": "lettrage : {column}",
        "no_lettering": "lettrage : aucune colonne, tous les règlements sont rapprochés par déduction",
        "due_column_is": "échéance : {column}",
        "ignored": "colonnes non lues : {columns}",
        "no_siren": "non dit par le nom du fichier",
        "customers": "clients",
        "by_account": "reconnus à leur propre compte 411, faute de compte auxiliaire",
        "invoices": "factures",
        "credit_notes": "avoirs",
        "payments": "règlements",
        "letter": "rapprochés par lettrage",
        "inferred": "rapprochés par déduction, au plus ancien",
        "on_account": "en acompte, sans facture",
        "opening": "pièces d'avant le premier exercice",
        "due": "échéances",
        "due_column": "lues dans une colonne",
        "due_label": "lues dans le libellé",
        "due_retention": "retenues de garantie, à un an",
        "due_customer": "selon les conditions du client",
        "due_default": "par défaut",
        "unreadable": "échéances illisibles, remplacées par les conditions du client ou par défaut",
        "signals": "signaux",
        "doubtful": "client douteux",
        "returned_debit": "impayé bancaire",
        "write_off": "perte",
        "unnamed": "dépréciations sans client",
        "gaps": "à-nouveaux qui diffèrent de la clôture précédente",
        "without": "pas d'à-nouveaux ; les pièces ouvertes de l'année précédente continuent",
        "balance": "solde des comptes",
        "open": "ouvert dans le registre",
        "difference": "écart",
    },
    "en": {
        "lines": "lines",
        "debit": "debit",
        "credit": "credit",
        "file": "accounts 411, 413 and 416 of the file",
        "taken": "taken",
        "moved": "moved to another customer account (416, 413, 4117, renumbering)",
        "assigned": "assigned to a factor (467)",
        "adjusted": "exchange or payment differences, part of the payment",
        "bill": "bills receivable (413) without a customer",
        "joined": "opening balances joined to the year before",
        "old": "old and unmatched, set apart",
        "zero": "amount of zero",
        "closing": "closing entries",
        "twice": "in another file already",
        "refused": "in quarantine",
        "provision": "provisions (491)",
        "gap": "unexplained",
        "others": "other accounts",
        "blank": "blank lines",
        "unbalanced": "unbalanced entries",
        "line": "line",
        "mixed": "mixed encodings",
        "see": "see",
        "correct": "correct by",
        "year": "SIREN {siren} · year ended {day}",
        "attention": "warning",
        "renumbered": "customers with a new number",
        "early": (
            "{file}: {count} of {total} lines are more than 24 months before the close of {closes_on} "
            "({first} to {last})"
        ),
        "siren_key": "{file}: the SIREN {siren} in the name has a wrong key and is not taken",
        "no_day": "{file}: {text} in the name is no closing date",
        "replaced": (
            "{by} replaces {file} and deletes {count} of its {total} customers' lines (debit {debit}, credit "
            "{credit}; the first: {first})"
        ),
        "strangers": (
            "{file}: none of its {count} customers is among the {others} of the other years; check that it "
            "is the same company's"
        ),
        "exporter": "software",
        "read_as": "read as",
        "issue_piece": "invoice date: PieceDate",
        "issue_entry": "invoice date: EcritureDate on {count} lines, where PieceDate is later",
        "pay_entry": "payment date: EcritureDate",
        "pay_piece": "payment date: PieceDate (EcritureDate is the day of transfer to the books)",
        "lettering": "lettering: {column}",
        "no_lettering": "lettering: no column, all payments are matched by inference",
        "due_column_is": "due date: {column}",
        "ignored": "columns not read: {columns}",
        "no_siren": "not said by the file's name",
        "customers": "customers",
        "by_account": "known by a 411 account of their own, for want of an auxiliary",
        "invoices": "invoices",
        "credit_notes": "credit notes",
        "payments": "payments",
        "letter": "matched by letter",
        "inferred": "matched by inference, oldest first",
        "on_account": "on account, without an invoice",
        "opening": "items from before the first year",
        "due": "due dates",
        "due_column": "read in a column",
        "due_label": "read in the label",
        "due_retention": "retentions, after one year",
        "due_customer": "by the customer's terms",
        "due_default": "by default",
        "unreadable": "unreadable due dates, replaced by the customer's terms or the default",
        "signals": "signals",
        "doubtful": "doubtful",
        "returned_debit": "returned payment",
        "write_off": "write-off",
        "unnamed": "provisions without a customer",
        "gaps": "opening balances that differ from the close before",
        "without": "has no opening balances; the open items of the year before go on",
        "balance": "balance of the accounts",
        "open": "open in the ledger",
        "difference": "difference",
    },
}


def imported(summary: FecSummary, lang: str) -> None:
    """Print the result of an import, in one language."""
    for file in summary.files:
        _file(file, lang)
    words = WORDS[lang]
    for doubt in summary.doubts:
        console.say(f"{words['attention']} : {_doubt(doubt, lang)}")
    text = f"{words['customers']} {number(summary.customers, lang)}"
    if summary.by_account:
        text += f" ({number(summary.by_account, lang)} {words['by_account']})"
    console.say(text)
    if summary.renumbered:
        shown = ", ".join(f"{old} → {new}" for old, new in list(summary.renumbered.items())[:MOST_NAMED])
        more = " …" if len(summary.renumbered) > MOST_NAMED else ""
        console.say(f"{words['renumbered']} : {number(len(summary.renumbered), lang)} ({shown}{more})")
    _documents(summary, lang)
    for name in summary.without_opening:
        console.say(f"{name} : {words['without']}")
    if summary.opening_gaps[0]:
        console.say(f"{words['gaps']} : {_pair(summary.opening_gaps, lang)}")
    if summary.old[0]:
        console.say(f"{words['old']} : {_pair(summary.old, lang)} ; {words['see']} {summary.old_file}")
    console.say(
        f"{words['balance']} {cents(summary.balance_cents, lang)} ; {words['open']} "
        f"{cents(summary.open_cents, lang)} ; {words['difference']} "
        f"{cents(summary.balance_cents - summary.open_cents, lang)}"
    )


def _documents(summary: FecSummary, lang: str) -> None:
    words = WORDS[lang]
    invoices = (summary.invoices.lines, summary.invoices.debit)
    console.say(
        f"{words['invoices']} {_pair(invoices, lang)} · {words['credit_notes']} "
        f"{number(summary.credit_notes, lang)} · {words['payments']} {number(summary.payments, lang)}"
    )
    for how in ("letter", "inferred", "on_account"):
        if how in summary.settled:
            console.say(f"  {words[how]} : {_pair(summary.settled[how], lang)}")
    due = [f"{words[f'due_{one}']} {number(n, lang)}" for one, n in summary.due_from.items()]
    console.say(f"{words['due']} : {', '.join(due)}")
    if summary.unreadable_due:
        shown = ", ".join(
            f"{one.file} {words['line']} {one.line} « {one.text[:MOST_REPEATED]} »"
            for one in summary.unreadable_due[:MOST_NAMED]
        )
        more = " …" if len(summary.unreadable_due) > MOST_NAMED else ""
        console.say(f"{words['unreadable']} : {number(len(summary.unreadable_due), lang)} ({shown}{more})")
    if summary.opening:
        console.say(f"{words['opening']} : {number(summary.opening, lang)}")
    told = [f"{words[one]} {number(n, lang)}" for one, n in summary.signals.items()]
    if summary.unnamed_provisions:
        told.append(f"{words['unnamed']} {number(summary.unnamed_provisions, lang)}")
    if told:
        console.say(f"{words['signals']} : {', '.join(told)}")


def _file(file: FileSummary, lang: str) -> None:
    words = WORDS[lang]
    console.show(_sums(file, lang))
    console.say(_recognised(file.recognised, lang))
    if file.quarantine:
        source = file.quarantine.suffixes[-2].removeprefix(".")
        console.say(
            f"{words['refused']} : {number(file.n_refused, lang)} ; {words['see']} {file.quarantine} ; "
            f"{words['correct']} : encours quarantine export {source} --out corrections.csv"
        )
    if file.mixed:
        shares = ", ".join(f"{name} {number(n, lang)}" for name, n in file.encodings.items())
        console.say(f"{words['mixed']} : {shares} ({words['lines']})")
    if file.unbalanced:
        named = ", ".join(_entry(one, lang) for one in file.unbalanced[:MOST_NAMED])
        more = " …" if len(file.unbalanced) > MOST_NAMED else ""
        console.say(f"{words['unbalanced']} : {number(len(file.unbalanced), lang)} ({named}{more})")


def _sums(file: FileSummary, lang: str) -> Table:
    """Return the fates of a file's lines and amounts, to check against the accounts."""
    words = WORDS[lang]
    year = words["year"].format(siren=file.siren or words["no_siren"], day=day(file.closes_on, lang))
    table = Table(title=f"{escape(file.name)}\n{year}", box=SIMPLE, pad_edge=False, title_justify="left")
    table.add_column("")
    for name in ("lines", "debit", "credit"):
        table.add_column(words[name], justify="right", no_wrap=True)
    for fate, one in file.fates.items():
        if fate != "provision":
            table.add_row(
                words[fate], number(one.lines, lang), cents(one.debit, lang), cents(one.credit, lang)
            )
    table.add_row(words["file"], "", cents(file.debit, lang), cents(file.credit, lang), style="bold")
    if file.gap_debit or file.gap_credit or file.gap_lines:
        gap = (number(file.gap_lines, lang), cents(file.gap_debit, lang), cents(file.gap_credit, lang))
        table.add_row(words["gap"], *gap, style="red")
    if "provision" in file.fates:
        table.add_row(words["provision"], number(file.fates["provision"].lines, lang), "", "")
    table.add_row(words["others"], number(file.n_others, lang), "", "")
    if file.n_blank:
        table.add_row(words["blank"], number(file.n_blank, lang), "", "")
    return table


def _doubt(doubt: Doubt, lang: str) -> str:
    shown = {
        name: cents(value, lang) if name in {"debit", "credit"} and isinstance(value, int)
        else number(value, lang) if isinstance(value, int)
        else day(value, lang) if isinstance(value, dt.date)
        else value
        for name, value in doubt.values.items()
    }  # fmt: skip
    return WORDS[lang][doubt.kind].format(file=doubt.file, **shown)


def _recognised(found: Recognised, lang: str) -> str:
    words = WORDS[lang]
    parts = [f"{words['exporter']} {found.exporter}"] if found.exporter else []
    later = words["issue_entry"].format(count=number(found.later_pieces, lang))
    parts.append(later if found.later_pieces else words["issue_piece"])
    parts.append(words["pay_piece"] if found.transferred else words["pay_entry"])
    column = found.lettering
    parts.append(words["lettering"].format(column=column) if column else words["no_lettering"])
    if found.due:
        parts.append(words["due_column_is"].format(column=found.due))
    if found.ignored:
        shown = ", ".join(found.ignored[:MOST_NAMED])
        more = " …" if len(found.ignored) > MOST_NAMED else ""
        parts.append(words["ignored"].format(columns=shown + more))
    return f"{words['read_as']} : {' · '.join(parts)}"


def _entry(one: Unbalanced, lang: str) -> str:
    return f"{one.journal} {one.entry}, {WORDS[lang]['line']} {one.line} : {cents(one.gap_cents, lang)}"


def _pair(pair: tuple[int, int], lang: str) -> str:
    return f"{number(pair[0], lang)} ({cents(pair[1], lang)})"
