"""Console output of `encours provisions`: the matrix, doubtful claims, the totals and the movement."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.box import SIMPLE
from rich.table import Table

from models.portfolio.provision_words import WORDS as PROVISION_WORDS
from models.portfolio.provision_words import source_words
from models.wording import formats
from pipelines.cli.console import console
from pipelines.cli.console.marking import escape

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from models.wording.formats import Language
    from serving.usecases.provisions import ClosingView

_MATRIX = ("segment", "band", "invoices", "open_eur", "insured_eur", "rate", "matrix_eur")
_DOUBTFUL = ("reason", "invoices", "customers", "open_eur", "excl_vat_eur", "rate", "french_eur")
_TOTALS = (
    *("open_eur", "insured_eur", "matrix_eur", "probability_eur", "doubtful_eur", "french_eur"),
    *("lost_eur", "lost_not_booked_eur"),
)
_MOVED = ("opening_eur", "added_eur", "used_eur", "unused_eur", "closing_eur", "written_off_eur")
_WORDS = {
    "fr": {
        "kept": "Clôture conservée.",
        "written": "Écrit",
        "unknown": "inconnue",
        "unknown_for": "{count} factures sont postérieures à la nuit ou inconnues d'elle.",
        "rates": "Taux",
    },
    "en": {
        "kept": "Closing kept.",
        "written": "Written",
        "unknown": "unknown",
        "unknown_for": "{count} invoices are later than the night or unknown to it.",
        "rates": "Rates",
    },
}


def closed(view: ClosingView, lang: Language) -> None:
    """Print a closing."""
    document, w, own = view.document(), PROVISION_WORDS[lang], _WORDS[lang]
    console.say(f"{w['as_of']} {formats.day(view.closing.as_of, lang)}")
    _table(_MATRIX, document["matrix"], lang)
    for one in document["rates"]:
        name = f"{own['rates']} {one['segment']}".strip()
        console.say(console.labelled(name, source_words(one["source"], lang), lang))
    if document["rates"][0]["source"] == "default" and view.closing.own_rates_from is not None:
        console.say(f"{w['own_from']} {formats.day(view.closing.own_rates_from, lang)}")
    if document["doubtful"]:
        _table(_DOUBTFUL, document["doubtful"], lang)
    for name in _TOTALS:
        value = document["totals"][name]
        figure = own["unknown"] if value is None else formats.euros(value, lang, 2)
        console.say(console.labelled(w[name], figure, lang))
    _night(view, lang)
    _movement(document["movement"], view, lang)


def done(written: Sequence[Path], lang: Language, *, kept: bool) -> None:
    """Print what was kept and written."""
    words = _WORDS[lang]
    if kept:
        console.say(words["kept"])
    for path in written:
        console.say(console.labelled(words["written"], str(path), lang))


def _night(view: ClosingView, lang: Language) -> None:
    w, night = PROVISION_WORDS[lang], view.closing.night
    if night is None:
        console.say(w["no_night"])
        return
    console.say(f"{w['night']} {formats.day(night.as_of, lang)}. {w['discount']}.")
    if unknown := view.document()["totals"]["probability_unknown"]:
        console.say(_WORDS[lang]["unknown_for"].format(count=formats.number(unknown, lang)))


def _movement(moved: Mapping[str, Any], view: ClosingView, lang: Language) -> None:
    w = PROVISION_WORDS[lang]
    since = view.before
    console.say(w["since_nothing"] if since is None else f"{w['since']} {formats.day(since.as_of, lang)}")
    table = Table(w["movement"], box=SIMPLE, pad_edge=False)
    for standard in ("ifrs", "french"):
        table.add_column(w[standard], justify="right")
    for name in _MOVED:
        table.add_row(w[name], *(formats.euros(moved[one][name], lang, 2) for one in ("ifrs", "french")))
    console.show(table)


def _table(columns: Sequence[str], rows: Sequence[Mapping[str, Any]], lang: Language) -> None:
    w = PROVISION_WORDS[lang]
    table = Table(box=SIMPLE, pad_edge=False, padding=(0, 1, 0, 0))
    shown = [name for name in columns if name != "segment" or any(row[name] for row in rows)]
    cells = [[escape(_cell(name, row[name], lang)) for name in shown] for row in rows]
    for name, column in zip(shown, zip(*cells, strict=True), strict=True):
        figures = name not in ("segment", "band", "reason")
        # A figure is never broken over two lines; words are.
        width = max(map(len, column)) if figures else None
        table.add_column(w[name], justify="right" if figures else "left", min_width=width)
    for row in cells:
        table.add_row(*row)
    console.show(table)


def _cell(name: str, value: Any, lang: Language) -> str:  # noqa: ANN401  # any value of a document
    if name.endswith("_eur"):
        return formats.number(value, lang, 2)
    if name == "rate":
        return formats.percent(value, lang, 2)
    if isinstance(value, int):
        return formats.number(value, lang)
    return PROVISION_WORDS[lang].get(value, value)
