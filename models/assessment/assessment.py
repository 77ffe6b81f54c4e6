"""The assessment of one customer and its inputs, as data.

Owns the shape of an assessment (`Assessment`) and of the request and the customer state it is computed from.
Does not know where states are stored, nor who the caller is.
"""

from __future__ import annotations

import datetime as dt  # noqa: TC003  # fields are read at run time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Self, cast

import orjson

from models.assessment.party import Party
from models.assessment.related_exposure import NO_RELATED_EXPOSURE, RelatedExposure, related_exposure_of
from models.explain.reasons import Reasons, plain
from models.learning.basis import OWN
from models.policy.credit_case import CreditCase
from models.policy.limit.limit import CreditLimit
from models.policy.limit.stops import STOPS
from models.policy.limit.terms import LimitTerm

if TYPE_CHECKING:
    from collections.abc import Mapping

    from models.features.state_schema import StateVector
    from models.law.insolvency_words import InsolvencyNotice

__all__ = [
    "Assessment",
    "CreditCase",
    "CreditLimit",
    "CreditRequest",
    "CustomerState",
    "LimitTerm",
    "Probability",
    "RelatedExposure",
]


@dataclass(frozen=True)  # without slots orjson reads its fields three times as fast
class CreditRequest:
    """Order or forecast to assess; missing values come from the customer's habits or the policy.

    Parameters
    ----------
    amount_eur
        Amount of the invoice, incl. VAT, in euros, above 0.
    terms_days
        Days from the invoice to its due date, from 0 to 365.
    yearly_forecast_eur
        Sales expected over a year, incl. VAT, in euros.
    """

    amount_eur: float | None = None
    terms_days: int | None = None
    yearly_forecast_eur: float | None = None


@dataclass(frozen=True, slots=True)
class CustomerState:
    """Stored state of a customer at the end of a day.

    Parameters
    ----------
    vector
        Its values as stored, named by their schema, which may be another version's.
    surroundings
        Exposure of its group, its sector and the whole portfolio.
    """

    party: Party
    as_of: dt.date
    vector: StateVector
    surroundings: RelatedExposure = NO_RELATED_EXPOSURE

    @classmethod
    def of_run(
        cls,
        party: Mapping[str, Any],
        as_of: dt.date,
        vector: StateVector,
        open_eur: float,
        context: Mapping[str, Any] | None,
    ) -> Self:
        """Build a state from a nightly run: a party's document, its vector and the run's context."""
        who = Party.from_document(party)
        return cls(who, as_of, vector, related_exposure_of(who, context, open_eur))


@dataclass(frozen=True)  # without slots orjson reads its fields three times as fast
class Probability:
    """A calibrated probability with the sum that gives it.

    `base + sum(contributions) = margin`, and `value` is the logistic of `slope x margin + intercept`.

    Parameters
    ----------
    low, high
        Ends of the 90 % interval of the calibrated probability.
    confidence
        `high`, `medium` or `low` by the interval's width; `none`: too little data.
    rests_on
        What the model was trained on, of `models.learning.basis`.
    """

    target: str
    value: float
    low: float
    high: float
    confidence: str
    margin: float
    slope: float
    intercept: float
    base: float
    reasons: Reasons
    model_version: str
    rests_on: str = OWN


@dataclass(frozen=True)  # without slots orjson reads its fields three times as fast
class Assessment:
    """Full assessment, with all that is needed to compute it again; the limit is computed from `case`.

    Parameters
    ----------
    p_later_than
        Probability of a payment more than so many days late, by days; from the same curve as the quantiles,
        and at 30 equal to `p_late30`. Empty where the model has no curve.
    pd_12m
        None while an insolvency proceeding is open: the event has already happened.
    default_model
        Version of the default model, also where `pd_12m` is None.
    insolvency
        Insolvency status of the customer and the actions due; None where no judgment was published.
    """

    party: Party
    as_of: dt.date
    request: CreditRequest
    p_late30: Probability
    pd_12m: Probability | None
    days_late_p10: float
    days_late_p50: float
    days_late_p90: float
    p_later_than: dict[str, float]
    grade: str
    payer_grade: str
    paydex: float | None
    history: str
    limit: CreditLimit
    case: CreditCase
    recommended_terms_days: int
    deposit_share: float
    means_of_payment: str
    needs_human: bool
    policy_version: str
    policy_hash: str
    features_hash: str
    default_model: str
    insolvency: InsolvencyNotice | None = None

    def json(self) -> bytes:
        """Serialize the assessment as JSON: dates in ISO form, figures in full precision."""
        return orjson.dumps(self, default=plain)

    def document(self) -> dict[str, Any]:
        """Return the assessment as plain JSON values, dates in ISO form."""
        return cast("dict[str, Any]", orjson.loads(self.json()))

    def figures(self) -> dict[str, Any]:
        """Return the document without what `completed` adds: reasons, and terms of the limit but stops."""
        applied = tuple(one for one in self.limit.terms if one.name in STOPS and one.value_eur is not None)
        document = replace(self, limit=replace(self.limit, terms=applied)).document()
        for name in EXPLAINED:
            if document[name] is not None:
                del document[name]["reasons"]
        return document


EXPLAINED = ("p_late30", "pd_12m")
"""Probabilities of an assessment that have reasons."""


def is_figures(figures: Mapping[str, Any]) -> bool:
    """Return whether a document is one of `Assessment.figures`."""
    return "reasons" not in (figures.get(EXPLAINED[0]) or {"reasons": ()})


def completed(figures: Mapping[str, Any], again: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return the document of an assessment from its figures.

    Parameters
    ----------
    again
        The document of the same assessment, computed again; None where that is impossible: then there are no
        reasons, and no terms of the limit but stops, unless an earlier version stored them.
    """
    whole = dict(figures)
    if again is not None:
        whole["limit"] = {**figures["limit"], "terms": again["limit"]["terms"]}
    for name in EXPLAINED:
        own = figures[name]
        if own is not None:
            whole[name] = {**own, "reasons": [] if again is None else again[name]["reasons"]}
    return whole
