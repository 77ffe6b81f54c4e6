"""The reasons of a probability: the contributions between base and margin, with their sentences.

Owns their structure and their JSON format. `models.explain.explanation` selects the reasons and their
sentences.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, NamedTuple, Self, overload

import orjson

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True)
class Reason:
    """A group of related features and its contribution to one probability.

    Parameters
    ----------
    contribution
        The group's SHAP values summed, in log-odds; above 0 it raises the risk.
    feature, value
        The feature that the sentences name, and its value, None where unknown; an answer of an earlier
        version has neither.
    """

    group: str
    contribution: float
    sentence_fr: str
    sentence_en: str
    feature: str | None = None
    value: float | None = None


class ReasonText(NamedTuple):
    """A reason without its figure: the JSON text before it and after it, up to the next reason."""

    before: bytes
    after: bytes

    @classmethod
    def of(
        cls,
        group: str,
        sentence_fr: str,
        sentence_en: str,
        feature: str | None = None,
        value: float | None = None,
    ) -> Self:
        """Serialize what a reason has besides its contribution."""
        named = {"feature": feature, "value": value}
        after = orjson.dumps({"sentence_fr": sentence_fr, "sentence_en": sentence_en, **named})
        return cls(_before(group), b",%b," % after[1:])


@cache
def _before(group: str) -> bytes:
    return orjson.dumps({"group": group})[:-1] + b',"contribution":'


class Reasons(Sequence[Reason]):
    """The reasons of one probability, largest first: a sequence whose items are built on access.

    An assessment has some forty reasons, most of which are serialized without being read.

    Parameters
    ----------
    contributions
        In log-odds, one per reason.
    words
        The text of each reason.
    """

    __slots__ = ("_contributions", "_json", "_words")

    def __init__(self, contributions: Sequence[float], words: Sequence[ReasonText]) -> None:
        self._contributions, self._words = tuple(contributions), tuple(words)
        self._json = b""

    @classmethod
    def of(cls, reasons: Iterable[Reason]) -> Self:
        """Build the sequence from single reasons."""
        given = tuple(reasons)
        words = [
            ReasonText.of(one.group, one.sentence_fr, one.sentence_en, one.feature, one.value)
            for one in given
        ]
        return cls([one.contribution for one in given], words)

    def json(self) -> bytes:
        """Serialize the reasons as a JSON list, once: a customer's probability of default goes out often."""
        self._json = self._json or self._text()
        return self._json

    def _text(self) -> bytes:
        if not self._words:
            return b"[]"
        parts = [b""] * (3 * len(self._words))
        parts[::3], parts[2::3] = zip(*self._words, strict=True)
        parts[1::3] = orjson.dumps(self._contributions)[1:-1].split(b",")
        return b"[%b]" % b"".join(parts)[:-1]

    def __len__(self) -> int:
        return len(self._words)

    @overload
    def __getitem__(self, at: int) -> Reason: ...
    @overload
    def __getitem__(self, at: slice) -> Reasons: ...
    def __getitem__(self, at: int | slice) -> Reason | Reasons:
        if isinstance(at, slice):
            return Reasons(self._contributions[at], self._words[at])
        before, after = self._words[at]
        return Reason(**{**orjson.loads(before + b"0" + after[:-1]), "contribution": self._contributions[at]})

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Reasons):
            return NotImplemented
        return (self._contributions, self._words) == (other._contributions, other._words)

    def __hash__(self) -> int:
        return hash((self._contributions, self._words))

    def __repr__(self) -> str:
        return f"Reasons{tuple(self)!r}"


def plain(value: object) -> orjson.Fragment:
    """Serialize `Reasons`; pass it to `orjson.dumps` as its `default`.

    Raises
    ------
    TypeError
        The value is of another type.
    """
    if isinstance(value, Reasons):
        return orjson.Fragment(value.json())
    raise TypeError(f"{type(value).__name__} cannot be written as JSON")


NO_REASONS = Reasons((), ())
"""Of a probability that was not explained."""
