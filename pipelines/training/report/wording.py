"""Texts, figures and names of the report, in one of the two languages.

French writes 1 234,5 and 12,3 %, English 1,234.5 and 12.3%. Owns formats; the texts are in `texts.toml`, and
a feature's label is in the document of findings.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from models.errors import ModelError
from models.explain.reason_words import CODES
from models.wording import formats
from models.wording.formats import LANGUAGES
from models.wording.numerals import SPACE, unbroken

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

DASH = "\N{EN DASH}"
_CODED = {"size": "size_class", "sector": "sector_section"}
"""Groupings whose values are codes, with the feature that has their words."""
_UNITS = {"days": (("j", "j"), ("day", "days")), "years": (("an", "ans"), ("year", "years"))}
"""Singular and plural of a unit, in French and in English."""
_NAMED = 5
"""Number of names listed before the rest is counted."""


@dataclass(frozen=True, slots=True)
class ReportTexts:
    """Texts and formats of one language.

    Parameters
    ----------
    lang
        `fr` or `en`.
    texts
        Both languages of every fixed text, by key.
    features
        Both labels, the unit and the sign of every feature, by name.
    """

    lang: str
    texts: Mapping[str, Mapping[str, str]]
    features: Mapping[str, Mapping[str, str]]

    @property
    def other(self) -> str:
        """The other language."""
        return LANGUAGES[1 - LANGUAGES.index(self.lang)]

    def say(self, key: str, /, **values: str) -> str:
        """Return a fixed text with its placeholders filled in.

        Raises
        ------
        ModelError
            The text does not exist.
        """
        if key not in self.texts:
            raise ModelError(f"the report has no text {key!r}; texts.toml has what it says")
        text = self.texts[key][self.lang].format(**values)
        return unbroken(text) if self.lang == "fr" else text

    def number(self, value: float | None, digits: int = 3) -> str:
        """Format a figure with a number of decimals, a dash if None."""
        return DASH if value is None else formats.number(value, self.lang, digits)

    def count(self, value: float | None) -> str:
        """Format a count."""
        return self.number(value, 0)

    def percent(self, share: float | None, digits: int = 1) -> str:
        """Format a share in [0, 1] as a percentage."""
        return DASH if share is None else formats.percent(share, self.lang, digits)

    def euros(self, value: float | None) -> str:
        """Format an amount in whole euros."""
        return DASH if value is None else formats.euros(value, self.lang)

    def quantity(self, unit: str, value: float | None) -> str:
        """Format a feature's value with its unit, a dash if unknown."""
        if unit == "share":
            return self.percent(value)
        if unit == "eur":
            return self.euros(value)
        if unit in _UNITS and value is not None:
            one, many = _UNITS[unit][LANGUAGES.index(self.lang)]
            alone = formats.is_one(round(value), self.lang)
            return f"{self.number(value, 0)} {one if alone else many}"
        return self.number(value, 0 if unit in ("count", "code", "index", "flag") else 2)

    def date(self, day: str) -> str:
        """Format a day `YYYY-MM-DD` or a month `YYYY-MM`: French reverses the order."""
        return "/".join(reversed(day.split("-"))) if self.lang == "fr" else day

    def measured(self, unit: str, value: float | None) -> str:
        """Format a check's value: `ratio`, `count` or `share`."""
        if unit == "share":
            return self.percent(value)
        return self.count(value) if unit == "count" else self.number(value)

    def interval(self, low: float | None, high: float | None, *, share: bool = False) -> str:
        """Format the two ends of an interval."""
        write = self.percent if share else self.number
        return f"{write(low)} {self.say('page.to')} {write(high)}"

    def feature(self, name: str) -> str:
        """Return a feature's label, or its name without one."""
        known = self.features.get(name)
        return name if known is None else known[self.lang]

    def named(self, names: Sequence[str]) -> str:
        """Return features' labels, the first few by name."""
        labels = ", ".join(self.feature(name) for name in names[:_NAMED])
        rest = len(names) - _NAMED
        return labels if rest <= 0 else f"{labels} {self.say('page.more', count=self.count(rest))}"

    def group(self, cut: str, value: str) -> str:
        """Return the label of a group's value."""
        if f"value.{value}" in self.texts:
            return self.say(f"value.{value}")
        if cut in _CODED and value.isdecimal():
            words = CODES[_CODED[cut]][LANGUAGES.index(self.lang)]
            return words[min(int(value), len(words) - 1)]
        if cut == "history":
            return value.replace("-", DASH)
        return self.say("page.all") if value == "all" else value

    @property
    def colon(self) -> str:
        """The colon in the language's typography."""
        return f"{SPACE}:" if self.lang == "fr" else ":"

    def bar(self, check: Mapping[str, Any]) -> str:
        """Format the condition of a check, a dash without one."""
        if not check["relation"]:
            return DASH
        bounds = [self.measured(check["unit"], bound) for bound in check["bounds"]]
        return self.say(f"verdict.{check['relation']}", a=bounds[0], b=bounds[-1])

    def about(self, check: str, names: Sequence[str]) -> str:
        """Format the details of a check: lengths of history, features, or a threshold in words."""
        if check == "history":
            return ", ".join(self.group(check, name) for name in names)
        return self.named(names)


def report_texts(features: Mapping[str, Mapping[str, str]]) -> tuple[ReportTexts, ...]:
    """Return the texts of both languages, French first."""
    parsed = tomllib.loads(Path(__file__).with_name("texts.toml").read_text(encoding="utf-8"))
    texts = {f"{part}.{name}": both for part, named in parsed.items() for name, both in named.items()}
    return tuple(ReportTexts(lang, texts, features) for lang in LANGUAGES)
