"""Console output of `encours score` for an override, below the model's own answer."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from models.policy.decision.wording import money
from models.wording.formats import day
from models.wording.numerals import SPACE
from pipelines.cli.console import console

if TYPE_CHECKING:
    from models.policy.overrides import InForce

_WORDS = {
    "fr": {
        "limit": "Plafond fixé par un analyste",
        "grade": "Note fixée par un analyste",
        "until": "jusqu'au",
        "follows": "Plafond qui en découle",
        "stop": f"Un analyste avait fixé un plafond ou une note{SPACE}: un blocage l'emporte.",
    },
    "en": {
        "limit": "Limit set by an analyst",
        "grade": "Grade set by an analyst",
        "until": "until",
        "follows": "Limit that follows from it",
        "stop": "An analyst had set a limit or a grade: a stop goes before it.",
    },
}


def by_hand(counts: InForce, lang: str) -> None:
    """Print the override in force, or the stop that precedes it; nothing without either."""
    words, place = _WORDS[lang], 0 if lang == "fr" else 1
    if counts.limit_from == "stop":
        console.say(words["stop"])
        return
    ends = {str(one["kind"]): str(one["valid_until"]) for one in counts.overrides}
    for kind, told in (("limit", money(counts.limit_eur)[place]), ("grade", counts.grade)):
        if kind in ends:
            until = f"{words['until']} {day(dt.date.fromisoformat(ends[kind]), lang)}"
            console.say(f"{console.labelled(words[kind], told, lang)} ({until})")
    if set(ends) == {"grade"} and counts.limit_from == "override":
        console.say(console.labelled(words["follows"], money(counts.limit_eur)[place], lang))
