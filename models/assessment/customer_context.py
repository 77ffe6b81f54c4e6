"""Per-customer values computed once and reused across requests.

Owns the list of state fields that the policy reads. The probability of default depends on the customer alone
and is stored here with its reasons; the probability of late payment also depends on the invoice and is
computed for each request.
"""

from __future__ import annotations

import datetime as dt
import math
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from models.assessment.assessment import CreditRequest
from models.errors import CreditError
from models.features.build import CUSTOMER_FEATURES, STATE_SCHEMA
from models.features.curves import PARENT_FIELD
from models.features.default_events import IN_DEFAULT
from models.features.open_invoices import OPEN_FIELD, OpenInvoices
from models.features.similar_invoices import PAST_FIELD, StoredInvoices
from models.features.table import names
from models.policy.bands import customer_grade
from models.policy.credit_case import CreditCase
from models.policy.limit.limit import CustomerTerms

if TYPE_CHECKING:
    from collections.abc import Mapping

    from models.arrays import Floats
    from models.assessment.assessment import CustomerState, Probability
    from models.explain.explanation import ReasonCache
    from models.law.legal_terms import SectorCap
    from models.policy.document import Policy

EPOCH = dt.date(1970, 1, 1)
FEATURE_PLACES = STATE_SCHEMA.places(names(CUSTOMER_FEATURES))
"""Positions of `CUSTOMER_FEATURES` in the current state schema."""
_PAST, _OPEN, _PARENT = (STATE_SCHEMA.place(block.name) for block in (PAST_FIELD, OPEN_FIELD, PARENT_FIELD))
FACTS = (
    "usual_eur",
    "agreed_terms_days",
    "invoiced_365d_eur",
    "days_since_first_invoice",
    "in_default",
    "paydex_365d",
    "equity_ratio",
    "total_assets",
    "turnover",
    "open_eur",
    "peak_exposure_eur",
    "n_paid_all",
    "insured_limit_eur",
    "covered_share",
    "proceedings",
    "oldest_overdue_days",
    "closures",
    "late0_share_all",
    "late15_share_all",
    "late30_share_all",
    "late60_share_all",
)
"""State fields that the policy reads."""
ALWAYS_READ = frozenset({*FACTS, PAST_FIELD.name})
"""Fields that every assessment needs. A state may lack its open invoices and its parent hazards: then no
invoice is taken to be open, and published statistics replace the hazards."""
_FACT_PLACES = STATE_SCHEMA.places(FACTS)
_UNKNOWN_AMOUNT_EUR = 1_000.0
"""Amount assumed for a customer without invoices when the request names none."""


@dataclass(frozen=True, slots=True, eq=False)
class CustomerContext:
    """A customer state with the values derived from it, independent of any request.

    Parameters
    ----------
    facts
        Values that the policy reads, by name; None where unknown.
    past, open
        Settled and open invoices, in the form that the similarity weights need.
    parent
        The hazards that its own are shrunk towards, shape `(n_bounds,)`; NaN where its state lacks them.
    default
        Its probability of default.
    grade
        The same for every customer number of its legal entity: that of the worst of them.
    case_without_order
        Inputs of the limit that do not depend on an order.
    customer_terms
        Limit terms that do not depend on an order.
    caps
        Legal caps on payment terms for the customer's sector.
    yearly_eur
        A year's purchases at the pace of the last 12 months; None without any.
    features
        The customer's features, shape `(n_features,)`.
    history
        Amount of payment history: `none`, `short`, `full` or `in_default`.
    features_hash
        Hash of the state's vector as stored.
    reason_cache
        Cache of the late-payment explanations of this customer; grows with the requests.
    """

    state: CustomerState
    day: int
    facts: Mapping[str, float | None]
    past: StoredInvoices
    open: OpenInvoices
    parent: Floats
    default: Probability
    grade: str
    case_without_order: CreditCase
    customer_terms: CustomerTerms
    caps: tuple[SectorCap, ...]
    yearly_eur: float | None
    features: Floats
    history: str
    features_hash: str
    reason_cache: ReasonCache = field(default_factory=dict, repr=False)

    @classmethod
    def of(
        cls, state: CustomerState, values: Floats, default: Probability, policy: Policy
    ) -> CustomerContext:
        """Compute the context of a state under a policy.

        Parameters
        ----------
        values
            The state's vector aligned with `STATE_SCHEMA`, by `models.features.state`.
        """
        around = state.surroundings
        facts = facts_of(values)
        # Customer numbers of one legal entity default together: the worst of them counts.
        insolvency = state.party.insolvency
        is_open = insolvency is not None and insolvency.is_open
        # An open proceeding is a default that has happened.
        worst_pd_12m = 1.0 if is_open else max(default.value, around.entity_pd_12m)
        is_defaulted = bool(facts["in_default"]) or around.entity_in_default
        has_plan = insolvency is not None and insolvency.has_plan
        grade = customer_grade(worst_pd_12m, policy, in_default=is_defaulted, has_plan=has_plan)
        case = _case_without_order(state, facts, worst_pd_12m, grade)
        with suppress(CreditError):
            # A valid case need not be checked for each order; faults of another are reported to the caller.
            case.check()
        return cls(
            state,
            (state.as_of - EPOCH).days,
            facts,
            StoredInvoices.of(values[None, _PAST]),
            OpenInvoices.of(values[None, _OPEN]),
            values[_PARENT],
            default,
            grade,
            case,
            CustomerTerms.of(case, policy),
            policy.terms.caps_for(state.party.naf),
            _yearly(facts),
            values[FEATURE_PLACES],
            _history(facts),
            state.vector.hash,
        )

    def resolve(self, request: CreditRequest, policy: Policy) -> CreditRequest:
        """Fill in the request's missing values from the customer's habits, then from the policy."""
        amount, terms, facts = request.amount_eur, request.terms_days, self.facts
        if amount is None:
            usual = facts["usual_eur"]
            amount = _UNKNOWN_AMOUNT_EUR if usual is None else round(usual, 2)
        if terms is None:
            agreed = facts["agreed_terms_days"]
            terms = policy.terms.default_days if agreed is None else round(agreed)
        forecast = request.yearly_forecast_eur
        return CreditRequest(amount, terms, self.yearly_eur if forecast is None else forecast)

    def case(self, request: CreditRequest, p_late30: float, days_late: float) -> CreditCase:
        """Return the inputs of the limit for a resolved request."""
        case = self.case_without_order
        wanted = case.open_eur + (request.amount_eur or 0.0)
        return case.with_order(
            yearly_sales_forecast_eur=request.yearly_forecast_eur,
            terms_days=request.terms_days or 0,
            expected_days_late=max(days_late, 0.0),
            peak_exposure_eur=max(self.facts["peak_exposure_eur"] or 0.0, wanted),
            p_late30=p_late30,
        )


def _case_without_order(
    state: CustomerState, facts: Mapping[str, float | None], worst_pd_12m: float, grade: str
) -> CreditCase:
    around = state.surroundings
    share, assets = facts["equity_ratio"], facts["total_assets"]
    open_eur, paid = facts["open_eur"] or 0.0, facts["n_paid_all"] or 0.0
    return CreditCase(
        pd_12m=worst_pd_12m,
        grade=grade,
        yearly_sales_forecast_eur=None,
        terms_days=0,
        expected_days_late=0.0,
        peak_exposure_eur=max(facts["peak_exposure_eur"] or 0.0, open_eur),
        net_worth_eur=None if share is None or assets is None else round(share * assets, 2),
        turnover_eur=facts["turnover"],
        n_paid_invoices=int(paid),
        insured_limit_eur=facts["insured_limit_eur"] or 0.0,
        covered_share=facts["covered_share"] or 0.0,
        # A state counts all proceedings ever published; one in a proceeding now is also in default.
        open_proceeding=bool(facts["proceedings"]) and facts["in_default"] == IN_DEFAULT,
        oldest_overdue_days=facts["oldest_overdue_days"] or 0.0,
        as_of=state.as_of,
        in_default=bool(facts["in_default"]),
        closed=bool(facts["closures"]),
        open_eur=open_eur,
        group_open_eur=around.group_open_eur,
        sector_open_eur=around.sector_open_eur,
        portfolio_open_eur=around.portfolio_open_eur,
        natural_person=state.party.natural_person,
        naf=state.party.naf,
        n_paid_late0=round(paid * (facts["late0_share_all"] or 0.0)),
        n_paid_late15=round(paid * (facts["late15_share_all"] or 0.0)),
        n_paid_late30=round(paid * (facts["late30_share_all"] or 0.0)),
        n_paid_late60=round(paid * (facts["late60_share_all"] or 0.0)),
        entity_open_eur=around.entity_open_eur,
        entity_in_default=around.entity_in_default,
        entity_oldest_overdue_days=around.entity_oldest_overdue_days,
        unlisted=state.party.unlisted,
        insolvency=state.party.insolvency,
    )


def facts_of(values: Floats) -> dict[str, float | None]:
    """Return the values of a vector of `STATE_SCHEMA` that the policy reads, by name; None where unknown."""
    found = zip(FACTS, values[_FACT_PLACES].tolist(), strict=True)
    return {name: None if math.isnan(value) else value for name, value in found}


def _history(facts: Mapping[str, float | None]) -> str:
    if facts["in_default"]:
        return "in_default"
    paid = facts["n_paid_all"] or 0.0
    return "none" if paid == 0 else "short" if paid < 10 else "full"


def _yearly(facts: Mapping[str, float | None]) -> float | None:
    """Return yearly purchases at the rate of the last 12 months, None without any."""
    invoiced, since = facts["invoiced_365d_eur"], facts["days_since_first_invoice"]
    if not invoiced or since is None:
        return None
    return round(invoiced * 365 / min(max(since, 30.0), 365.0), 2)
