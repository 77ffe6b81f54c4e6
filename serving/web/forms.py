"""Values typed into a form: read field by field, each fault next to its field.

Owns how figures and days are typed in each language, and the words of a fault. What is asked is each page's.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from typing import TYPE_CHECKING

from models.errors import CreditError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from models.wording.formats import Language
    from serving.web.words import Words

_SIGNS = re.compile(r"[\s\u00a0\u202f'’€%]")
"""Signs that a figure may contain and that do not change its value."""
_GROUPED = {sign: re.compile(rf"[+-]?[0-9]{{1,3}}(\{sign}[0-9]{{3}})+") for sign in ",."}
_DECIMAL: dict[Language, str] = {"fr": ",", "en": "."}
_LONGEST = 40


class UnreadableError(CreditError):
    """A figure that cannot be read; the message tells a person how to write it."""


class AmbiguousNumberError(UnreadableError):
    """A figure that reads two ways, such as 12,000 in French."""


def number_of(text: str, language: Language) -> float:
    """Read a figure as a person types it.

    Spaces and the signs of euro and percent are allowed. A single sign before exactly three last digits
    parts thousands where the language parts them so, and reads two ways where it is the language's decimal
    sign: that is refused, for 12,000 € and 12 € are not alike.

    Raises
    ------
    AmbiguousNumberError
        It reads two ways.
    UnreadableError
        It is no figure.

    Examples
    --------
    >>> number_of("1 234,50 €", "fr"), number_of("12,000", "en"), number_of("12.000", "fr")
    (1234.5, 12000.0, 12000.0)
    """
    plain = _SIGNS.sub("", text)[:_LONGEST]
    decimal = _DECIMAL[language]
    other = "." if decimal == "," else ","
    if _GROUPED[decimal].fullmatch(plain):
        if plain.count(decimal) == 1 and not plain.lstrip("+-").startswith("0"):
            raise AmbiguousNumberError(f"{text!r} reads two ways")
        if plain.count(decimal) > 1:
            plain = plain.replace(decimal, "")
    if _GROUPED[other].fullmatch(plain.split(decimal, maxsplit=1)[0]):
        plain = plain.replace(other, "")
    if not re.fullmatch(r"[+-]?[0-9]+([.,][0-9]*)?", plain):
        raise UnreadableError(f"{text!r} is no figure")
    return float(plain.replace(",", "."))


def figure_text(value: float, language: Language) -> str:
    """Write a figure as a person would type it, so that it is read again as the same.

    Thousands are parted by unbroken spaces, which no language reads as a decimal sign.

    Examples
    --------
    >>> figure_text(34.5, "fr"), figure_text(-120.0, "en"), figure_text(1.125, "fr")
    ('34,5', '-120', '1,1250')
    """
    whole, _, decimals = f"{value:,}".partition(".")
    written = whole.replace(",", "\N{NO-BREAK SPACE}")
    if not decimals.strip("0"):
        return written
    # Three digits alone behind the sign could be thousands.
    return f"{written}{_DECIMAL[language]}{decimals}{'0' if len(decimals) == 3 else ''}"


class Typed:
    """The fields of one form as they were typed, and the faults found in them.

    Parameters
    ----------
    fields
        What came, by field; a field that did not come is empty.

    Attributes
    ----------
    faults
        What is wrong, in the person's words, by field.
    """

    def __init__(self, fields: Mapping[str, str], w: Words) -> None:
        self._fields, self._w = fields, w
        self.faults: dict[str, str] = {}

    def text(self, name: str, most: int = 300, *, needed: bool = False) -> str | None:
        """Return a text, None where it is empty."""
        typed = self._fields.get(name, "").strip()
        if not typed:
            if needed:
                self.wrong(name, "missing")
            return None
        if len(typed) > most:
            self.wrong(name, "too_long", most=self._w.number(most))
            return None
        return typed

    def number(
        self, name: str, low: float, high: float, *, needed: bool = False, example: str = "12000"
    ) -> float | None:
        """Return a figure between two bounds, None where it is empty or at fault."""
        typed = self.text(name, needed=needed)
        if typed is None:
            return None
        try:
            value = number_of(typed, self._w.language)
        except AmbiguousNumberError:
            digits = re.sub(r"[^0-9]", "", typed)
            ways = {"plain": digits, "decimal": f"{digits[:-3]}{_DECIMAL[self._w.language]}00"}
            self.wrong(name, "ambiguous", typed=typed, **ways)
            return None
        except UnreadableError:
            self.wrong(name, "number", example=example)
            return None
        if not (math.isfinite(value) and low <= value <= high):
            self.wrong(name, "range", low=self._short(low), high=self._short(high))
            return None
        return value

    def whole(self, name: str, low: int, high: int, *, needed: bool = False) -> int | None:
        """Return a whole figure between two bounds, None where it is empty or at fault."""
        value = self.number(name, low, high, needed=needed, example=str(min(30, high)))
        if value is not None and value != int(value):
            self.wrong(name, "whole")
            return None
        return None if value is None else int(value)

    def day(self, name: str) -> dt.date | None:
        """Return a day, None where it is empty or at fault; typed as a browser sends it or in French."""
        typed = self.text(name)
        if typed is None:
            return None
        for pattern in ("%Y-%m-%d", "%d/%m/%Y"):
            try:
                return dt.datetime.strptime(typed, pattern).date()  # noqa: DTZ007  # a day has no zone
            except ValueError:
                continue
        self.wrong(name, "day")
        return None

    def choice(self, name: str, known: Sequence[str]) -> str:
        """Return one of the known, the first where it is empty or at fault."""
        typed = self.text(name)
        if typed is not None and typed not in known:
            self.wrong(name, "choice")
        return typed if typed is not None and typed in known else known[0]

    def ticked(self, name: str) -> bool:
        """Tell whether a box is ticked."""
        return bool(self._fields.get(name))

    def wrong(self, name: str, fault: str, **figures: object) -> None:
        """Record a fault; the first one of a field counts."""
        self.faults.setdefault(name, self._w(f"fault.{fault}", **figures))

    def _short(self, value: float) -> str:
        return self._w.number(value, 0 if value == int(value) else 2)
