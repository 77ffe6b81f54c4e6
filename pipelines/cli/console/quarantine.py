"""Console output of `encours quarantine …`: wording and layout only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.box import SIMPLE
from rich.table import Table

from models.wording.formats import number
from models.wording.messages import french
from pipelines.cli.console import console
from pipelines.cli.console.marking import escape

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

    import pandas as pd

    from pipelines.sources.mapping.balance import ImportBalance
    from pipelines.sources.mapping.corrections import Retry

MOST_REASONS, MOST_SHOWN = 3, 200
WORDS = {
    "fr": {
        "empty": "La quarantaine est vide.",
        "source": "source",
        "file": "fichier",
        "rows": "lignes",
        "reasons": "motifs",
        "correct": "à corriger par",
        "sheet": "quarantine export",
        "again": "un nouvel export",
        "line": "ligne",
        "column": "colonne",
        "value": "valeur",
        "reason": "motif",
        "more": "… et {n} de plus",
        "exported": "{n} lignes dans {out} ; corrigez-les, puis : encours quarantine retry {out}",
        "came": "{n} lignes reprises, {same} inchangées, {already} déjà reprises, "
        "{left} encore en quarantaine",
        "elsewhere": "Modifié hors des colonnes en faute (zéros ou dates changés par le tableur ?) :",
        "balance": "{file} : lues {came}, entrées {taken}, remplacées {replaced}, "
        "en quarantaine {refused}, écartées {skipped}",
        "unreadable": ", {n} montants illisibles",
        "tally": "{rows} l. / {cents}",
    },
    "en": {
        "empty": "The quarantine is empty.",
        "source": "source",
        "file": "file",
        "rows": "rows",
        "reasons": "reasons",
        "correct": "correct by",
        "sheet": "quarantine export",
        "again": "a new export",
        "line": "line",
        "column": "column",
        "value": "value",
        "reason": "reason",
        "more": "… and {n} more",
        "exported": "{n} rows in {out}; correct them, then: encours quarantine retry {out}",
        "came": "{n} rows brought in, {same} unchanged, {already} in already, {left} still in quarantine",
        "elsewhere": "Changed outside the columns at fault (zeros or dates taken by the spreadsheet?):",
        "balance": "{file}: read {came}, in {taken}, replaced {replaced}, in quarantine {refused}, "
        "left out {skipped}",
        "unreadable": ", {n} amounts that cannot be read",
        "tally": "{rows} rows / {cents}",
    },
}


def listed(found: Mapping[str, pd.DataFrame], correctable: Collection[str], lang: str) -> None:
    """Print a line per file: number of rows, reasons, and how to correct them."""
    words = WORDS[lang]
    if not found:
        console.say(words["empty"])
        return
    table = Table(box=SIMPLE, pad_edge=False)
    for name in ("source", "file", "rows", "reasons", "correct"):
        table.add_column(words[name], justify="right" if name == "rows" else "left", overflow="fold")
    for source, faults in found.items():
        counts = faults["reason"].value_counts()
        told = [(n, _reason(str(reason), lang)) for reason, n in counts.head(MOST_REASONS).items()]
        reasons = "\n".join(f"{number(n, lang)} × {reason}" for n, reason in told)
        if len(counts) > MOST_REASONS:
            reasons += "\n" + words["more"].format(n=len(counts) - MOST_REASONS)
        how = words["sheet"] if source in correctable else words["again"]
        lines = number(faults["line"].nunique(), lang)
        table.add_row(source, escape(str(faults["file"].iloc[0])), lines, escape(reasons), how)
    console.show(table)


def shown(faults: pd.DataFrame, lang: str) -> None:
    """Print the faults of a file's rows, the first ones if there are many."""
    console.show(_faults(faults.head(MOST_SHOWN), lang))
    if len(faults) > MOST_SHOWN:
        console.say(WORDS[lang]["more"].format(n=number(len(faults) - MOST_SHOWN, lang)))


def exported(n: int, out: Path, lang: str) -> None:
    """Print the file written and the next step."""
    console.say(WORDS[lang]["exported"].format(n=n, out=out))


def retried(done: Retry, lang: str) -> None:
    """Print the imported and remaining rows with reasons, and the control totals."""
    words = WORDS[lang]
    counts = {"n": len(done.came_in), "same": len(done.unchanged), "already": len(done.already)}
    console.say(words["came"].format(**counts, left=done.left))
    if len(done.still_bad):
        console.show(_faults(done.still_bad, lang))
    if done.elsewhere:
        console.say(words["elsewhere"])
        for change in done.elsewhere[:MOST_SHOWN]:
            console.say(f"  {change}")
    for one in done.balances:
        console.say(balance(one, lang))


def balance(one: ImportBalance, lang: str) -> str:
    """Format a file's sums of figures, in any currency, in one line: total and fates."""
    words = WORDS[lang]
    parts = {
        name: words["tally"].format(rows=number(part.rows, lang), cents=number(part.cents / 100, lang, 2))
        for name, part in (
            ("came", one.came),
            ("taken", one.taken),
            ("replaced", one.replaced),
            ("refused", one.refused),
            ("skipped", one.skipped),
        )
    }
    text = words["balance"].format(file=one.file, **parts)
    return text + (words["unreadable"].format(n=one.unreadable) if one.unreadable else "")


def _faults(faults: pd.DataFrame, lang: str) -> Table:
    table = Table(box=SIMPLE, pad_edge=False)
    names = ("line", "column", "value", "reason")
    for name in names:
        table.add_column(WORDS[lang][name], justify="right" if name == "line" else "left", overflow="fold")
    for line, column, value, reason in faults[list(names)].itertuples(index=False):
        table.add_row(str(line), escape(str(column)), escape(str(value)), escape(_reason(str(reason), lang)))
    return table


def _reason(text: str, lang: str) -> str:
    return french(text) if lang == "fr" else text
