"""Console output of `encours registers`: fates of rows, results, and cases for review."""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.wording.formats import number
from models.wording.messages import french
from models.wording.numerals import unbroken
from pipelines.cli.console import console, imports

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipelines.sources.registers.summary import RegisterSummary

_SHOWN = 10
WORDS = {
    "fr": {
        "read": "{source} : {read} lues, {kept} retenues, {elsewhere} d'autres entreprises, "
        "{without_effect} sans effet, {refused} refusées",
        "found": "trouvées : {n}",
        "not_found": "introuvables : {n} : {named}",
        "ceased": "cessées : {n} : {named}",
        "new_proceedings": "nouvelles procédures : {n} : {named}",
        "more": " et {n} de plus",
        "unknown": "non compris, {n} fois : {words}",
        "away": "injoignable : {register} : {reason}",
        "quarantine": "lignes refusées : {path}",
    },
    "en": {
        "read": "{source}: {read} read, {kept} kept, {elsewhere} about other companies, "
        "{without_effect} without effect, {refused} refused",
        "found": "found: {n}",
        "not_found": "not found: {n}: {named}",
        "ceased": "ceased: {n}: {named}",
        "new_proceedings": "new proceedings: {n}: {named}",
        "more": " and {n} more",
        "unknown": "not understood, {n} times: {words}",
        "away": "away: {register}: {reason}",
        "quarantine": "refused rows are in {path}",
    },
}


def registers(summary: RegisterSummary, lang: str) -> None:
    """Print the result of a register import."""
    counts = ("read", "kept", "elsewhere", "without_effect", "refused")
    _say("read", lang, source=summary.source, **{name: getattr(summary, name) for name in counts})
    _say("found", lang, n=summary.found)
    for name in ("not_found", "ceased", "new_proceedings"):
        _named(name, getattr(summary, name), lang)
    for words, count in summary.unknown.items():
        _say("unknown", lang, n=count, words=words)
    for register, reason in summary.away.items():
        _say("away", lang, register=register, reason=french(reason) if lang == "fr" else reason)
    imports.currencies(summary.currencies, lang)
    for path in summary.quarantine_files:
        _say("quarantine", lang, path=path)


def _named(name: str, sirens: Sequence[str], lang: str) -> None:
    if sirens:
        left = len(sirens) - _SHOWN
        more = WORDS[lang]["more"].format(n=number(left, lang)) if left > 0 else ""
        _say(name, lang, n=len(sirens), named=", ".join(sirens[:_SHOWN]) + more)


def _say(name: str, lang: str, **values: object) -> None:
    shown = {key: number(one, lang) if isinstance(one, int) else one for key, one in values.items()}
    words = WORDS[lang][name]
    console.say((unbroken(words) if lang == "fr" else words).format(**shown))
