"""What is worked out of a customer's state once, whatever is asked about it afterwards.

Owns which of a state's fields the policy reads. The probability of default hangs on the customer alone, and
so it stands here with its reasons; late payment hangs on the invoice too, and is asked anew each time.
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
from models.features.similar_invoices import PAST_FIELD, KeptPast
from models.features.table import names
from models.policy.bands import customer_grade
from models.policy.credit_case import CreditCase
from models.policy.limit.limit import StandingTerms

if TYPE_CHECKING:
    from collections.abc import Mapping

    from models.arrays import Floats
    from models.assessment.assessment import CustomerState, Probability
    from models.explain.explanation import Told
    from models.law.legal_terms import SectorCap
    from models.policy.document import Policy

EPOCH = dt.date(1970, 1, 1)
FEATURE_PLACES = STATE_SCHEMA.places(names(CUSTOMER_FEATURES))
"""Where `CUSTOMER_FEATURES` are in a state of today."""
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
"""What the policy reads."""
ALWAYS_READ = frozenset({*FACTS, PAST_FIELD.name})
"""What no answer does without. A state may lack its open invoices and the hazards it is drawn to: without the
first nothing is known to be open, and in place of the others stands what statistics publish."""
_FACT_PLACES = STATE_SCHEMA.places(FACTS)
_UNKNOWN_AMOUNT_EUR = 1_000.0
"""The invoice assumed for somebody who was never invoiced and names no amount."""


@dataclass(frozen=True, slots=True, eq=False)
class CustomerContext:
    """A state and what it says, whatever is asked.

    Parameters
    ----------
    facts
        The figures that the policy reads, by their names; None where unknown.
    past, open
        Its settled invoices and its open ones, ready to be weighed.
    parent
        The hazards it is drawn to, shape `(n_bounds,)`; NaN where its state lacks them.
    default
        Its probability of default.
    grade
        The same for every number of its legal entity: by the worst of them.
    case_without_order
        The figures that its limit depends on, as if it ordered nothing.
    standing
        The terms of its limit that hang on no order.
    caps
        What the law allows for what is sold to it.
    yearly_eur
        A year's purchases at the pace of the last 12 months; None without any.
    features
        The customer's features, shape `(n_features,)`.
    history
        How much history an answer rests on.
    features_hash
        Of the state's vector as it is stored.
    told
        What was said of it so far about late payment and will be said again; grows as it is asked about.
    """

    state: CustomerState
    day: int
    facts: Mapping[str, float | None]
    past: KeptPast
    open: OpenInvoices
    parent: Floats
    default: Probability
    grade: str
    case_without_order: CreditCase
    standing: StandingTerms
    caps: tuple[SectorCap, ...]
    yearly_eur: float | None
    features: Floats
    history: str
    features_hash: str
    told: Told = field(default_factory=dict, repr=False)

    @classmethod
    def of(
        cls, state: CustomerState, values: Floats, default: Probability, policy: Policy
    ) -> CustomerContext:
        """Read a state, for answers under a policy.

        Parameters
        ----------
        values
            The state's vector aligned with `STATE_SCHEMA`, by `models.features.state`.
        """
        around = state.surroundings
        facts = facts_of(values)
        # The numbers of a legal entity fail together: the worst of them counts.
        insolvency = state.party.insolvency
        is_open = insolvency is not None and insolvency.is_open
        # What has happened is certain.
        worst_pd_12m = 1.0 if is_open else max(default.value, around.entity_pd_12m)
        is_defaulted = bool(facts["in_default"]) or around.entity_in_default
        has_plan = insolvency is not None and insolvency.has_plan
        grade = customer_grade(worst_pd_12m, policy, in_default=is_defaulted, has_plan=has_plan)
        case = _case_without_order(state, facts, worst_pd_12m, grade)
        with suppress(CreditError):
            # What is sound need not be checked at each order; what is not is told to who asks.
            case.check()
        return cls(
            state,
            (state.as_of - EPOCH).days,
            facts,
            KeptPast.of(values[None, _PAST]),
            OpenInvoices.of(values[None, _OPEN]),
            values[_PARENT],
            default,
            grade,
            case,
            StandingTerms.of(case, policy),
            policy.terms.caps_for(state.party.naf),
            _yearly(facts),
            values[FEATURE_PLACES],
            _history(facts),
            state.vector.hash,
        )

    def resolve(self, request: CreditRequest, policy: Policy) -> CreditRequest:
        """Fill in what was not asked from the customer's habits, then from the policy."""
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
        """Return the figures that the limit depends on, for a request that leaves nothing open."""
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
        # A state counts the proceedings ever published; who is in one is in default by it.
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
    """Take the figures that the policy reads out of a vector of `STATE_SCHEMA`; None where unknown."""
    found = zip(FACTS, values[_FACT_PLACES].tolist(), strict=True)
    return {name: None if math.isnan(value) else value for name, value in found}


def _history(facts: Mapping[str, float | None]) -> str:
    if facts["in_default"]:
        return "in_default"
    paid = facts["n_paid_all"] or 0.0
    return "none" if paid == 0 else "short" if paid < 10 else "full"


def _yearly(facts: Mapping[str, float | None]) -> float | None:
    """Return a year's purchases at the pace of the last 12 months, None without any."""
    invoiced, since = facts["invoiced_365d_eur"], facts["days_since_first_invoice"]
    if not invoiced or since is None:
        return None
    return round(invoiced * 365 / min(max(since, 30.0), 365.0), 2)
