"""Value of a model's decisions in euros, on rows with known outcomes.

Default: each customer wants credit, the policy grants a part of it by the model's probability, and the
following year determines loss and margin. Late payment: no sale is refused; the riskiest invoices require
payment before delivery, and the others incur the cost of waiting. Owns this arithmetic; `models.policy`
computes the limit, and `gate` tests significance.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from models.assessment.assessor import EPOCH
from models.policy.bands import pd_grade
from models.policy.credit_case import CreditCase
from models.policy.limit.limit import recommend_limit

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

    from numpy.typing import NDArray

    from models.arrays import Floats
    from models.learning.rows import TrainingRows
    from models.policy.document import Policy

ACCEPT_ALL = "accept everybody"
NET_WORTH = "10 % of net worth"
NET_WORTH_SHARE = 0.10
"""Rule of thumb: supplier credit up to a tenth of the customer's net worth."""
_ASKED = (
    "n_paid_all",
    "late0_share_all",
    "late15_share_all",
    "late30_share_all",
    "late60_share_all",
    "proceedings",
    "closures",
    "oldest_overdue_days",
)
"""Features of a row that the limit needs besides its financial statements."""
_YEAR = 365.0
_SHORTEST_DAYS = 30.0
"""Days; younger relationships are not extrapolated to a year, as in `models.assessment.assessor`."""


@dataclass(frozen=True, slots=True, eq=False)
class Decisions:
    """Decisions on rows and their results, in euros per year; each array of shape `(n,)`.

    Parameters
    ----------
    granted
        Credit given.
    expected_loss
        Loss expected from the probability; None for a rule without a probability.
    loss, margin
        Realised loss and margin of the granted credit.
    """

    granted: Floats
    expected_loss: Floats | None
    loss: Floats
    margin: Floats

    @property
    def value(self) -> Floats:
        """Margin less loss, shape `(n,)`."""
        return self.margin - self.loss


@dataclass(frozen=True, slots=True)
class Worth:
    """Value of one strategy, in euros per year of the rows' portfolio.

    Parameters
    ----------
    loss_avoided_eur, margin_lost_eur
        Relative to accepting everybody.
    """

    strategy: str
    granted_eur: float
    expected_loss_eur: float | None
    realised_loss_eur: float
    margin_eur: float
    loss_avoided_eur: float
    margin_lost_eur: float

    @property
    def value_eur(self) -> float:
        """Margin less loss."""
        return self.margin_eur - self.realised_loss_eur


def compare(
    target: str, rows: TrainingRows, probabilities: Mapping[str, Floats], policy: Policy
) -> tuple[Worth, ...]:
    """Compare strategies: accepting everybody, the rule of thumb, and each model.

    Parameters
    ----------
    target
        `default12`, or `late30` and the like; the rule of thumb applies to default only.
    probabilities
        By the strategy's name, each of shape `(n,)`.
    """
    nobody = np.zeros(len(rows))
    if target.startswith("late"):
        everybody = late_decisions(rows, nobody, policy, held_back_share=0.0)
        found = {ACCEPT_ALL: everybody}
    else:
        everybody = default_decisions(rows, wanted_eur(rows.frame, policy), policy)
        found = {ACCEPT_ALL: everybody, NET_WORTH: default_decisions(rows, _of_net_worth(rows.frame), policy)}
    found |= {name: decide(target, rows, probability, policy) for name, probability in probabilities.items()}
    return tuple(_worth(name, decisions, everybody) for name, decisions in found.items())


def decide(target: str, rows: TrainingRows, probability: Floats, policy: Policy) -> Decisions:
    """Decide on rows by a probability at the policy's cut-offs, and compute the result.

    Parameters
    ----------
    probability
        Of a bad outcome, in [0, 1], shape `(n,)`.
    """
    if target.startswith("late"):
        return late_decisions(rows, probability, policy, policy.value.held_back_share)
    return default_decisions(rows, limits_eur(rows, probability, policy), policy, probability)


def default_decisions(
    rows: TrainingRows, limit_eur: Floats, policy: Policy, probability: Floats | None = None
) -> Decisions:
    """Grant each customer the wanted credit up to a limit, and compute the result of the following year.

    A default loses the policy's share of the granted credit. The margin is earned on the year's sales, except
    those without credit that go elsewhere instead of paying before delivery; and only on customers that did
    not default, as rows do not contain the time of default. Rows are weighted so that the snapshots together
    make one portfolio and one year.

    Parameters
    ----------
    limit_eur
        Credit allowed, in euros, shape `(n,)`.
    """
    wanted, weight = wanted_eur(rows.frame, policy), 1.0 / max(len(np.unique(rows.day)), 1)
    given = np.minimum(wanted, limit_eur)
    served = np.divide(given, wanted, out=np.zeros(len(given)), where=wanted > 0)
    sold = _yearly_eur(rows.frame) * (1.0 - policy.value.lost_sales_share * (1.0 - served))
    lost = weight * policy.expected_loss.lgd_share * given
    return Decisions(
        granted=weight * given,
        expected_loss=None if probability is None else lost * probability,
        loss=lost * rows.label,
        margin=weight * policy.value.margin_share * sold * (1.0 - rows.label),
    )


def late_decisions(
    rows: TrainingRows, probability: Floats, policy: Policy, held_back_share: float
) -> Decisions:
    """Require payment before delivery for the riskiest invoices, and compute the cost of waiting for others.

    Only rows at issue count. Waiting costs the yearly cost of capital for the days late, and reminders once
    an invoice is late by the target's days. No sale is refused, so the margin is 0. There is no expected
    loss, as a probability does not determine the days.
    """
    value = policy.value
    issue = rows.frame["invoice_age_days"].to_numpy(np.float64) == 0
    weight = np.where(issue, _YEAR / _span_days(rows, issue), 0.0)
    amount = rows.frame["amount_eur"].to_numpy(np.float64)
    on_account = weight * ~_riskiest(probability, issue, held_back_share)
    days = np.maximum(np.nan_to_num(rows.days_late), 0.0)
    waiting = amount * value.capital_cost_share * days / _YEAR
    return Decisions(
        granted=on_account * amount,
        expected_loss=None,
        loss=on_account * (waiting + value.late_invoice_eur * rows.label),
        margin=np.zeros(len(rows)),
    )


def wanted_eur(frame: pd.DataFrame, policy: Policy) -> Floats:
    """Return the wanted credit: a year's purchases for the default terms, or the exposure if larger."""
    rolling = _yearly_eur(frame) * policy.terms.default_days / _YEAR
    wanted: Floats = np.maximum(rolling, np.nan_to_num(frame["open_eur"].to_numpy(np.float64)))
    return wanted


def limits_eur(rows: TrainingRows, probability: Floats, policy: Policy) -> Floats:
    """Return the policy's limit for a probability of default, before any need; shape `(n,)`.

    Values that rows lack (insurance, expected delay) are left out of the case.
    """
    frame = pd.DataFrame({name: np.nan_to_num(rows.frame[name].to_numpy(np.float64)) for name in _ASKED})
    turnover, worth = _known(rows.frame["turnover"].to_numpy(np.float64)), _known(_net_worth_eur(rows.frame))
    rest = zip(
        probability.tolist(), rows.day.tolist(), turnover, worth, frame.to_dict("records"), strict=True
    )
    return np.array([_limit_eur(*one, policy=policy) for one in rest], dtype=np.float64)


def _limit_eur(
    pd_12m: float,
    day: int,
    turnover_eur: float | None,
    net_worth_eur: float | None,
    known: Mapping[Hashable, float],
    *,
    policy: Policy,
) -> float:
    paid = known["n_paid_all"]
    case = CreditCase(
        pd_12m=pd_12m,
        grade=pd_grade(pd_12m, policy),
        yearly_sales_forecast_eur=None,
        terms_days=policy.terms.default_days,
        expected_days_late=0.0,
        peak_exposure_eur=None,
        net_worth_eur=net_worth_eur,
        turnover_eur=turnover_eur,
        n_paid_invoices=int(paid),
        insured_limit_eur=0.0,
        covered_share=0.0,
        open_proceeding=False,  # customers in a proceeding have no rows
        oldest_overdue_days=known["oldest_overdue_days"],
        as_of=EPOCH + dt.timedelta(days=day),
        closed=bool(known["closures"]),
        n_paid_late0=round(paid * known["late0_share_all"]),
        n_paid_late15=round(paid * known["late15_share_all"]),
        n_paid_late30=round(paid * known["late30_share_all"]),
        n_paid_late60=round(paid * known["late60_share_all"]),
    )
    return recommend_limit(case, policy).limit_eur


def _of_net_worth(frame: pd.DataFrame) -> Floats:
    """Return the rule of thumb's limit: 0 for unknown or negative net worth."""
    return NET_WORTH_SHARE * np.maximum(np.nan_to_num(_net_worth_eur(frame)), 0.0)


def _net_worth_eur(frame: pd.DataFrame) -> Floats:
    share: Floats = frame["equity_ratio"].to_numpy(np.float64)
    assets: Floats = frame["total_assets"].to_numpy(np.float64)
    return share * assets


def _known(values: Floats) -> list[float | None]:
    return [None if np.isnan(value) else round(float(value), 2) for value in values]


def _yearly_eur(frame: pd.DataFrame) -> Floats:
    """Return yearly purchases at the rate of the last 12 months, 0 without any."""
    invoiced = np.nan_to_num(frame["invoiced_365d_eur"].to_numpy(np.float64))
    since = np.nan_to_num(frame["days_since_first_invoice"].to_numpy(np.float64), nan=_YEAR)
    yearly: Floats = invoiced * _YEAR / np.clip(since, _SHORTEST_DAYS, _YEAR)
    return yearly


def _riskiest(probability: Floats, asked: NDArray[np.bool_], share: float) -> NDArray[np.bool_]:
    """Return a mask of the share of queried rows with the highest probabilities, earlier rows first."""
    places = np.flatnonzero(asked)
    order = np.argsort(-probability[places], kind="stable")
    chosen = np.zeros(len(asked), dtype=bool)
    chosen[places[order[: round(share * len(places))]]] = True
    return chosen


def _span_days(rows: TrainingRows, asked: NDArray[np.bool_]) -> float:
    days = rows.day[asked]
    return float(days.max() - days.min() + 1) if len(days) else _YEAR


def _worth(strategy: str, decisions: Decisions, everybody: Decisions) -> Worth:
    loss, margin = float(decisions.loss.sum()), float(decisions.margin.sum())
    expected = decisions.expected_loss
    return Worth(
        strategy=strategy,
        granted_eur=float(decisions.granted.sum()),
        expected_loss_eur=None if expected is None else float(expected.sum()),
        realised_loss_eur=loss,
        margin_eur=margin,
        loss_avoided_eur=float(everybody.loss.sum()) - loss,
        margin_lost_eur=float(everybody.margin.sum()) - margin,
    )
