"""One probability as a page shows it: the value, how sure it is, and the way the reasons lead to it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from models.explain.reasons import LEAST_TOLD
from models.learning.basis import OWN, WORDS
from serving.web.charts.waterfall import Contribution, waterfall

if TYPE_CHECKING:
    from collections.abc import Mapping

    from models.drawing.canvas import Picture
    from serving.web.words import Words

MOST_SENTENCES = 6


@dataclass(frozen=True, slots=True)
class ReasonSentence:
    """A reason in words, and whether it raises the risk."""

    text: str
    raises: bool


@dataclass(frozen=True, slots=True)
class ProbabilityView:
    """A probability with its interval and its reasons.

    Parameters
    ----------
    value, low, high
        In [0, 1]; the ends are those of the 90 % interval.
    sure
        How sure it is, in words.
    basis
        What it rests on where that is not yet the seller's own data, in words; else empty.
    way
        The way of the reasons as a picture; None where the model gave none.
    """

    title: str
    value: float
    low: float
    high: float
    confidence: str
    sure: str
    basis: str
    sentences: tuple[ReasonSentence, ...]
    way: Picture | None

    @property
    def basis_within(self) -> str:
        """What it rests on, as the end of a sentence."""
        return f"{self.basis[:1].lower()}{self.basis[1:]}"


def probability_view(document: Mapping[str, Any], w: Words) -> ProbabilityView:
    """Make the view of one probability of an assessment's document."""
    target = "default" if document["target"].startswith("default") else "late"
    title = w(f"probability.{target}")
    reasons = [reason for reason in document["reasons"] if reason["contribution"] != 0]
    sentences = tuple(
        ReasonSentence(w.either(reason["sentence_fr"], reason["sentence_en"]), reason["contribution"] >= 0)
        for reason in reasons[:MOST_SENTENCES]
        if abs(reason["contribution"]) >= LEAST_TOLD
    )
    parts = [Contribution(_subject(reason["group"], w), reason["contribution"]) for reason in reasons]

    def probability(margin: float) -> float:
        return _logistic(document["slope"] * margin + document["intercept"])

    return ProbabilityView(
        title,
        document["value"],
        document["low"],
        document["high"],
        document["confidence"],
        w(f"confidence.{document['confidence']}"),
        _basis(document.get("rests_on", OWN), w),
        sentences,
        waterfall(document["base"], parts, probability, title, w) if parts else None,
    )


def _basis(rests_on: str, w: Words) -> str:
    """Say what a probability rests on; nothing where that is the seller's own data."""
    if rests_on == OWN:
        return ""
    text = w.either(*WORDS[rests_on])
    return f"{text[0].upper()}{text[1:]}."


def _subject(group: str, w: Words) -> str:
    """Return a group's short name; one that a newer model knows keeps its own."""
    from models.explain.reason_words import GROUPS  # noqa: PLC0415  # it brings the features, and pandas with them

    if group not in GROUPS:
        return group
    subject = GROUPS[group]
    return w.either(subject.fr, subject.en)


def _logistic(value: float) -> float:
    if value >= 0:
        return 1.0 / (1.0 + math.exp(-value))
    grown = math.exp(max(value, -700.0))
    return grown / (1.0 + grown)
