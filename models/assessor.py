"""Features, two models and the policy brought together: the one place where an answer is computed.

The night, the API and the command line all ask here, with the same state, and so give the same numbers.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from models.artifact import paid_invoices
from models.assessment import (
    Assessment,
    CreditRequest,
    CustomerState,
    Party,
    Probability,
    Surroundings,
)
from models.calibration import confidence
from models.explanation import explain
from models.features import alike, invoice
from models.features.build import STATE_COLUMNS, FeatureBuilder
from models.features.peers import peer_group
from models.ledger import ACCOUNTS, CUSTOMERS, from_frames
from models.policy.bands import customer_grade, payer_grade
from models.policy.limit import CreditCase, recommend_limit
from models.policy.policy import load_policy
from models.policy.terms import recommend_terms
from models.surroundings import NOTHING_AROUND

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from models.artifact import FittedModel
    from models.features.running import Floats, Ints
    from models.policy.policy import Policy

EPOCH = dt.date(1970, 1, 1)
_UNKNOWN_AMOUNT_EUR = 1_000.0
"""The invoice assumed for somebody who was never invoiced and names no amount."""


@dataclass(frozen=True, slots=True)
class Assessor:
    """The models in charge and the policy in force."""

    late: FittedModel
    default: FittedModel
    policy: Policy

    def assess(self, state: CustomerState, request: CreditRequest) -> Assessment:
        """Assess one customer whose state is known."""
        return self.assess_many([state], [request])[0]

    def assess_prospect(
        self,
        party: Party,
        accounts: Sequence[Mapping[str, object]],
        request: CreditRequest,
        as_of: dt.date,
        peers: Mapping[str, object],
        surroundings: Surroundings = NOTHING_AROUND,
    ) -> Assessment:
        """Assess somebody without history, from registers, accounts and what peers have done.

        Parameters
        ----------
        accounts
            Rows of the `accounts` table without the customer's id.
        peers
            Late and default rates by peer group, as the night publishes them.
        surroundings
            What its sector and the whole portfolio owe.
        """
        return self.assess(self.state_of_prospect(party, accounts, as_of, peers, surroundings), request)

    def state_of_prospect(
        self,
        party: Party,
        accounts: Sequence[Mapping[str, object]],
        as_of: dt.date,
        peers: Mapping[str, object],
        surroundings: Surroundings = NOTHING_AROUND,
    ) -> CustomerState:
        """Return what is known of somebody without history, with the parameters of `assess_prospect`."""
        return replace(prospect_state(party, accounts, as_of, peers), surroundings=surroundings)

    def assess_many(
        self, states: Sequence[CustomerState], requests: Sequence[CreditRequest]
    ) -> list[Assessment]:
        """Assess customers at once; each answer is the same as if it were asked for alone."""
        if not states:
            return []
        values = np.stack([state.values for state in states])
        frame = pd.DataFrame(values, columns=list(STATE_COLUMNS))
        days = np.array([(state.as_of - EPOCH).days for state in states], dtype=np.int64)
        resolved = [self._resolve(row, request) for row, request in zip(values, requests, strict=True)]
        asked = ask_about(frame, days, resolved)
        late = _probabilities(self.late, asked)
        default = _probabilities(self.default, frame)
        quantiles = self.late.days_late(asked)
        return [
            self._answer(state, request, late[row], default[row], quantiles[row])
            for row, (state, request) in enumerate(zip(states, resolved, strict=True))
        ]

    def _resolve(self, values: Floats, request: CreditRequest) -> CreditRequest:
        """Fill in what was not asked from the customer's habits, then from the policy."""
        amount, terms = request.amount_eur, request.terms_days
        if amount is None:
            usual = _value(values, "usual_eur")
            amount = _UNKNOWN_AMOUNT_EUR if usual is None else round(usual, 2)
        if terms is None:
            agreed = _value(values, "agreed_terms_days")
            terms = self.policy.terms.default_days if agreed is None else round(agreed)
        forecast = request.yearly_forecast_eur
        if forecast is None:
            forecast = _yearly(values)
        return CreditRequest(amount, terms, forecast)

    def _answer(
        self,
        state: CustomerState,
        request: CreditRequest,
        late: Probability,
        default: Probability,
        quantiles: Floats,
    ) -> Assessment:
        p10, p50, p90 = (float(value) for value in quantiles)
        values = state.values
        in_default = bool(_value(values, "in_default"))
        grade = customer_grade(default.value, self.policy, in_default=in_default)
        case = _case(state, request, default.value, late.value, grade, p50)
        limit = recommend_limit(case, self.policy)
        terms = recommend_terms(grade, limit.limit_eur, request.terms_days, self.policy)
        return Assessment(
            party=state.party,
            as_of=state.as_of,
            request=request,
            p_late30=late,
            pd_12m=default,
            days_late_p10=p10,
            days_late_p50=p50,
            days_late_p90=p90,
            grade=grade,
            payer_grade=payer_grade(p50, self.policy).code,
            paydex=_value(values, "paydex_365d"),
            history=_history(values, in_default=in_default),
            limit=limit,
            case=case,
            recommended_terms_days=terms.terms_days,
            deposit_share=terms.deposit_share,
            means_of_payment=terms.means_of_payment,
            needs_human=state.party.natural_person,
            policy_version=self.policy.version,
            policy_hash=self.policy.hash,
            features_hash=hashlib.sha256(values.tobytes()).hexdigest()[:16],
        )


def load_assessor(policy_path: Path | None = None, registry_uri: str | None = None) -> Assessor:
    """Load the champions and the policy.

    Raises
    ------
    NoChampionError
        A target has no champion.
    PolicyError
        The policy cannot be used.
    """
    from models.registry import TARGETS, Registry  # noqa: PLC0415  # MLflow costs seconds at import

    registry = Registry(registry_uri)
    late, default = (registry.champion(target) for target in TARGETS.values())
    for model in (late, default):
        model.explainer.get()  # built here, so that the first one asked about does not wait for it
    return Assessor(late, default, load_policy(policy_path))


def _case(
    state: CustomerState, request: CreditRequest, pd_12m: float, p_late30: float, grade: str, days_late: float
) -> CreditCase:
    values, around = state.values, state.surroundings
    share, assets = _value(values, "equity_ratio"), _value(values, "total_assets")
    open_eur = _value(values, "open_eur") or 0.0
    peak = _value(values, "peak_exposure_eur") or 0.0
    wanted = open_eur + (request.amount_eur or 0.0)
    paid = _value(values, "n_paid_all") or 0.0
    return CreditCase(
        pd_12m=pd_12m,
        grade=grade,
        yearly_sales_forecast_eur=request.yearly_forecast_eur,
        terms_days=request.terms_days or 0,
        expected_days_late=max(days_late, 0.0),
        peak_exposure_eur=max(peak, wanted),
        net_worth_eur=None if share is None or assets is None else round(share * assets, 2),
        turnover_eur=_value(values, "turnover"),
        n_paid_invoices=int(paid),
        insured_limit_eur=_value(values, "insured_limit_eur") or 0.0,
        covered_share=_value(values, "covered_share") or 0.0,
        open_proceeding=bool(_value(values, "proceedings")),
        oldest_overdue_days=_value(values, "oldest_overdue_days") or 0.0,
        as_of=state.as_of,
        in_default=bool(_value(values, "in_default")),
        closed=bool(_value(values, "closures")),
        open_eur=open_eur,
        group_open_eur=around.group_open_eur,
        sector_open_eur=around.sector_open_eur,
        portfolio_open_eur=around.portfolio_open_eur,
        natural_person=state.party.natural_person,
        p_late30=p_late30,
        naf=state.party.naf,
        n_paid_late0=_late(values, "late0_share_all", paid),
        n_paid_late15=_late(values, "late15_share_all", paid),
        n_paid_late30=_late(values, "late30_share_all", paid),
        n_paid_late60=_late(values, "late60_share_all", paid),
    )


def _late(values: Floats, share: str, paid: float) -> int:
    """Return how many of the invoices paid make up a share of them."""
    return round(paid * (_value(values, share) or 0.0))


def ask_about(frame: pd.DataFrame, days: Ints, requests: Sequence[CreditRequest]) -> pd.DataFrame:
    """Describe an invoice that each customer may get on a day, beside its state.

    Parameters
    ----------
    frame
        State columns, shape `(n, n_state_columns)`.
    days
        Days of issue since 1970-01-01, shape `(n,)`.
    requests
        Amount and terms of each; both are known.
    """
    terms = np.array([request.terms_days or 0 for request in requests], dtype=np.int64)
    amounts = np.array([request.amount_eur or 0.0 for request in requests], dtype=np.float64)
    asked = invoice.Asked(days, days + terms, amounts)
    cents = np.rint(amounts * 100).astype(np.int64)
    like = alike.columns_of_kept(frame, days, asked.due, cents)
    columns = invoice.describe(asked, days, frame["usual_eur"].to_numpy(np.float64), like)
    return pd.concat([frame, pd.DataFrame(columns)], axis=1)


def prospect_state(
    party: Party, accounts: Sequence[Mapping[str, object]], as_of: dt.date, peers: Mapping[str, object]
) -> CustomerState:
    """Compute the state of somebody without history, through the same features as anyone's."""
    who = party.customer_id or "prospect"
    person: dict[str, Any] = {name: getattr(party, name, None) for name in CUSTOMERS.column_names}
    frames = {"customers": pd.DataFrame([{**person, "customer_id": who}])}
    if accounts:
        rows = pd.DataFrame([{**dict(row), "customer_id": who, "siren": None} for row in accounts])
        frames["accounts"] = rows.reindex(columns=ACCOUNTS.column_names)
    builder = FeatureBuilder.of(from_frames(frames))
    day = np.array([(as_of - EPOCH).days], dtype=np.int64)
    state = builder.states(np.zeros(1, dtype=np.int64), day).iloc[0].copy()
    registers = builder.company.static
    group = int(peer_group(registers["division"], registers["headcount"])[0])
    state["peer_late30_rate"], state["peer_default_rate"] = _peer_rates(group, peers)
    return CustomerState(party, as_of, state.to_numpy(np.float64))


def _peer_rates(group: int, peers: Mapping[str, object]) -> tuple[float, float]:
    found: Any = peers.get(str(group), (math.nan, math.nan))
    late, default = (math.nan if value is None else float(value) for value in found)
    return late, default


def _probabilities(model: FittedModel, frame: pd.DataFrame) -> list[Probability]:
    margin = model.margin(frame)
    paid = paid_invoices(frame)
    value = model.calibration.probability(margin, paid)
    low, high = model.calibration.interval(margin, paid)
    intercept = model.calibration.intercepts(paid)
    shap, base = model.contributions(frame)
    matrix = model.matrix(frame)
    version = model.version
    return [
        Probability(
            model.target,
            float(value[row]),
            float(low[row]),
            float(high[row]),
            confidence(float(low[row]), float(high[row])),
            float(margin[row]),
            model.calibration.slope,
            float(intercept[row]),
            float(base[row]),
            explain(
                dict(zip(model.features, matrix[row].tolist(), strict=True)),
                dict(zip(model.features, shap[row].tolist(), strict=True)),
            ),
            version,
        )
        for row in range(len(frame))
    ]


_PLACE = {name: place for place, name in enumerate(STATE_COLUMNS)}


def _value(values: Floats, name: str) -> float | None:
    value = float(values[_PLACE[name]])
    return None if math.isnan(value) else value


def _yearly(values: Floats) -> float | None:
    """Return a year's purchases at the pace of the last 12 months, None without any."""
    invoiced, since = _value(values, "invoiced_365d_eur"), _value(values, "days_since_first_invoice")
    if not invoiced or since is None:
        return None
    return round(invoiced * 365 / min(max(since, 30.0), 365.0), 2)


def _history(values: Floats, *, in_default: bool) -> str:
    if in_default:
        return "in_default"
    paid = _value(values, "n_paid_all") or 0.0
    return "none" if paid == 0 else "short" if paid < 10 else "full"
