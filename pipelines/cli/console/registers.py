"""Console output of `encours registers`: fates of rows, results, and cases for review."""

from __future__ import annotations

import datetime as dt
from contextlib import contextmanager
from typing import TYPE_CHECKING

from models.wording.formats import day, number
from models.wording.messages import french
from models.wording.numerals import unbroken
from pipelines.cli.console import console, imports

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from pipelines.sources.registers.forecast import TaskProgress
    from pipelines.sources.registers.summary import RegisterSummary

_SHOWN = 10
BETWEEN_LINES = dt.timedelta(minutes=10)
"""Time between two lines of progress where there is no terminal, as in cron's mail."""
WORDS = {
    "fr": {
        "read": "{source} : {read} lues, {kept} retenues, {elsewhere} d'autres entreprises, "
        "{without_effect} sans effet, {refused} refusées",
        "progress": "registres : {done} sur {total}",
        "until": "registres : {done} sur {total}, jusque vers {at}",
        "earlier": "déjà interrogées avant l'interruption : {n}",
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
        "progress": "registers: {done} of {total}",
        "until": "registers: {done} of {total}, about until {at}",
        "earlier": "asked before the interruption: {n}",
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


@contextmanager
def refresh_progress(lang: str) -> Iterator[Callable[[TaskProgress], None]]:
    """Show how far a refresh is and when it ends: in place on a terminal, else a line from time to time."""
    if console.is_terminal():
        with console.status("") as shown:
            yield lambda progress: shown.update(progress_words(progress, lang))
        return
    said_at: dt.datetime | None = None

    def show(progress: TaskProgress) -> None:
        nonlocal said_at
        said_at = said_at or progress.now
        if progress.now - said_at >= BETWEEN_LINES:
            said_at = progress.now
            console.say(progress_words(progress, lang))

    yield show


def progress_words(progress: TaskProgress, lang: str) -> str:
    """Return how many companies were asked about and when the last one will be, in local time."""
    values = {"done": number(progress.done, lang), "total": number(progress.total, lang)}
    if progress.ends_at is None:
        return _words("progress", lang).format(**values)
    at, today = progress.ends_at.astimezone(), progress.now.astimezone().date()
    clock = f"{at:%H:%M}" if at.date() == today else f"{day(at.date(), lang)} {at:%H:%M}"
    return _words("until", lang).format(**values, at=clock)


def registers(summary: RegisterSummary, lang: str) -> None:
    """Print the result of a register import."""
    counts = ("read", "kept", "elsewhere", "without_effect", "refused")
    _say("read", lang, source=summary.source, **{name: getattr(summary, name) for name in counts})
    if summary.earlier:
        _say("earlier", lang, n=summary.earlier)
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
    console.say(_words(name, lang).format(**shown))


def _words(name: str, lang: str) -> str:
    words = WORDS[lang][name]
    return unbroken(words) if lang == "fr" else words
