"""How the pages speak: texts by key, figures, amounts and days as each language writes them.

Owns the way a value becomes words; the texts themselves are in the files of `texts`, one line a key, French
first, English beside. Which value is shown is the view models' business.
"""

from __future__ import annotations

import datetime as dt
import math
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from models.wording import formats
from models.wording.messages import french
from models.wording.numerals import SPACE, WORD_SPACE, unbroken

if TYPE_CHECKING:
    from collections.abc import Mapping

    from models.wording.formats import Language

TEXTS = Path(__file__).with_name("texts")
_LEAST_SHARE = 0.000_1


@dataclass(frozen=True, slots=True)
class Words:
    """One language: call it with a key for a text, or ask it to write a value.

    Parameters
    ----------
    texts
        The texts of this language by key.
    """

    language: Language
    texts: Mapping[str, str]

    def __call__(self, key: str, **figures: object) -> str:
        """Return a text with its figures put in.

        Raises
        ------
        KeyError
            There is no such text; a test holds every key of every template against the files.
        """
        return self.texts[key].format(**figures) if figures else self.texts[key]

    def either(self, french: str, english: str) -> str:
        """Return one of two texts that come from elsewhere, the signs of the French one kept unbroken."""
        return unbroken(french) if self.language == "fr" else english

    def refusal(self, message: object) -> str:
        """Write a refusal, which comes in English, as a sentence."""
        text = self.either(french(str(message)), str(message))
        return f"{text[:1].upper()}{text[1:]}."

    def number(self, value: float | None, decimals: int = 0, *, signed: bool = False) -> str:
        """Write a figure; what is unknown is said so."""
        if value is None or not math.isfinite(value):
            return self("word.unknown")
        return formats.number(value, self.language, decimals, signed=signed)

    def eur(self, value: float | None, decimals: int = 0, *, signed: bool = False) -> str:
        """Write an amount of euros: 1 234 € in French, €1,234 in English."""
        if value is None or not math.isfinite(value):
            return self("word.unknown")
        return formats.euros(value, self.language, decimals, signed=signed)

    def share(self, value: float | None, decimals: int | None = None, *, signed: bool = False) -> str:
        """Write a share in [0, 1] as a percentage: one decimal, two under 1 %, and never a false 0."""
        if value is None or not math.isfinite(value):
            return self("word.unknown")
        if decimals is None and not signed and 0 < value < _LEAST_SHARE:
            below = formats.percent(_LEAST_SHARE, self.language, 2)
            return f"<{SPACE if self.language == 'fr' else ''}{below}"
        fine = 2 if abs(value) < 0.01 and value != 0 else 1
        return formats.percent(value, self.language, fine if decimals is None else decimals, signed=signed)

    def day(self, value: dt.date | str | None) -> str:
        """Write a day: 22/11/2026 in French, 22 Nov 2026 in English; it may come in ISO form."""
        if value is None:
            return self("word.unknown")
        day = dt.date.fromisoformat(value[:10]) if isinstance(value, str) else value
        return formats.day(day, self.language)

    def moment(self, value: dt.datetime | str | None) -> str:
        """Write a moment to the minute; it may come in ISO form."""
        if value is None:
            return self("word.unknown")
        value = dt.datetime.fromisoformat(value) if isinstance(value, str) else value
        return formats.moment(value, self.language)

    def month(self, value: dt.date) -> str:
        """Write a month: 11/2026 in French, Nov 2026 in English."""
        return formats.month(value, self.language)

    def days(self, value: float | None, *, signed: bool = False) -> str:
        """Write a number of days, in the singular where French or English has it."""
        text = self.number(value, signed=signed)
        if value is None or not math.isfinite(value):
            return text
        one = formats.is_one(round(value), self.language)
        return f"{text}{WORD_SPACE}{self('word.day' if one else 'word.days')}"

    def delay(self, value: float | None) -> str:
        """Write days late; those before the due date are days early."""
        early = value is not None and math.isfinite(value) and round(value) < 0
        return self("word.early", days=self.days(-value)) if early and value else self.days(value)

    def flag(self, value: object) -> str:
        """Write yes or no."""
        return self("word.yes" if value else "word.no")

    def siren(self, value: str | None) -> str:
        """Write a SIREN in groups of three digits."""
        if not value:
            return self("word.unknown")
        return WORD_SPACE.join(value[start : start + 3] for start in range(0, len(value), 3))


@cache
def words(language: Language) -> Words:
    """Return how a language speaks; the files of texts are read once."""
    return Words(language, {key: text[language] for key, text in both_texts().items()})


@cache
def both_texts() -> Mapping[str, Mapping[str, str]]:
    """Return the texts by key and language, the signs of the French ones kept unbroken."""
    return {
        f"{section}.{name}": {"fr": unbroken(text["fr"]), "en": text["en"]}
        for file in sorted(TEXTS.glob("*.toml"))
        for section, texts in tomllib.loads(file.read_text(encoding="utf-8")).items()
        for name, text in texts.items()
    }
