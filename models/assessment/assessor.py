"""Computation of assessments from features, two models and the policy.

The nightly run, the API and the command line all call `Assessor` with the same state, so their results agree.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from models.assessment.assessment import (
    Assessment,
    CreditRequest,
    CustomerState,
    Probability,
    RelatedExposure,
)
from models.assessment.customer_context import ALWAYS_READ, EPOCH, FEATURE_PLACES, CustomerContext
from models.assessment.party import Party
from models.assessment.related_exposure import NO_RELATED_EXPOSURE
from models.assessment.scoring import Scorer
from models.errors import StateError
from models.features import curves, invoice
from models.features.build import CUSTOMER_FEATURES, INVOICE_FEATURES, STATE_SCHEMA
from models.features.insolvencies import insolvency_in
from models.features.open_invoices import OpenInvoices
from models.features.similar_invoices import StoredInvoices
from models.features.state import aligned, lacking
from models.features.state_schema import StateVector
from models.features.table import names
from models.law.insolvency_words import notice_of
from models.learning.delay_curve import REPORTED
from models.policy.bands import payer_grade
from models.policy.limit.limit import recommend_limit
from models.policy.terms import recommend_terms

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence
    from concurrent.futures import Executor

    from models.arrays import Floats
    from models.features.state_schema import StateSchema
    from models.learning.artifact import FittedModel
    from models.policy.document import Policy

__all__ = ["EPOCH", "Assessor"]

_N_PAID = names(CUSTOMER_FEATURES).index("n_paid_all")
_MOST_NAMED = 5
_WORTH_A_THREAD = 8
"""Number of customers from which a second thread saves more than its wake-up costs."""


@dataclass(frozen=True, slots=True)
class Assessor:
    """The champion models and the policy in force."""

    late: FittedModel
    default: FittedModel
    policy: Policy
    _by_invoice: Scorer = field(init=False, compare=False, repr=False)
    _by_customer: Scorer = field(init=False, compare=False, repr=False)
    _read: frozenset[str] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_invoice", Scorer.of(self.late, names(INVOICE_FEATURES)))
        object.__setattr__(self, "_by_customer", Scorer.of(self.default, names(CUSTOMER_FEATURES)))
        by_models = {*self.late.read, *self.default.read}
        object.__setattr__(self, "_read", ALWAYS_READ | by_models.intersection(names(CUSTOMER_FEATURES)))

    def assess(self, state: CustomerState, request: CreditRequest) -> Assessment:
        """Assess one customer with a stored state."""
        return self.assess_many([state], [request])[0]

    def state_of_prospect(
        self,
        party: Party,
        accounts: Sequence[Mapping[str, object]],
        as_of: dt.date,
        peers: Mapping[str, object],
        surroundings: RelatedExposure = NO_RELATED_EXPOSURE,
        filings: Sequence[Mapping[str, object]] = (),
    ) -> CustomerState:
        """Compute the state of a prospect from register data, accounts and the rates of its peer group.

        Parameters
        ----------
        accounts
            Rows of the `accounts` table without the customer's id.
        peers
            Late and default rates by peer group, as the nightly run publishes them.
        surroundings
            Exposure of its sector and of the whole portfolio.
        filings
            Rows of the `filings` table without the columns that identify the company.
        """
        from models.assessment.prospects import prospect_state  # noqa: PLC0415  # brings pandas along

        who = replace(party, insolvency=insolvency_in(filings, as_of, party.naf))
        return replace(prospect_state(who, accounts, as_of, peers, filings), surroundings=surroundings)

    def assess_many(
        self, states: Sequence[CustomerState], requests: Sequence[CreditRequest], *, explained: bool = True
    ) -> list[Assessment]:
        """Assess customers in one batch; each result equals that of a single call.

        Parameters
        ----------
        explained
            Whether to give reasons; the figures are the same without.
        """
        return self.answer(self.know(states, explained=explained), requests, explained=explained)

    def know(self, states: Sequence[CustomerState], *, explained: bool = True) -> list[CustomerContext]:
        """Compute for each customer what does not depend on the request, for `answer`.

        Parameters
        ----------
        explained
            Whether to give reasons for the probability of default.

        Raises
        ------
        StateError
            A state of another version lacks features that the models or the policy read.
        """
        if not states:
            return []
        for schema in {state.vector.schema for state in states}:
            self._require(schema)
        values = [aligned(state.vector).values for state in states]
        rows = np.stack([row[FEATURE_PLACES] for row in values])
        default = self._by_customer.probabilities(rows, rows[:, _N_PAID], explained=explained)
        return [
            CustomerContext.of(state, row, found, self.policy)
            for state, row, found in zip(states, values, default, strict=True)
        ]

    def lacks(self, schema: StateSchema) -> tuple[str, ...]:
        """Return the features that the models or the policy read and a schema lacks, sorted by name."""
        return tuple(sorted(lacking(schema) & self._read))

    def _require(self, schema: StateSchema) -> None:
        if missing := self.lacks(schema):
            named = ", ".join([*missing[:_MOST_NAMED], *["…"][: len(missing) - _MOST_NAMED]])
            raise StateError(
                "the published scores are of another version of Encours and lack what the models or the "
                f"policy read: {named}; run `encours nightly`, then ask again"
            )

    def answer(
        self,
        customers: Sequence[CustomerContext],
        requests: Sequence[CreditRequest],
        executor: Executor | None = None,
        *,
        explained: bool = True,
    ) -> list[Assessment]:
        """Assess customers with a context in one batch; each result equals that of a single call.

        Parameters
        ----------
        executor
            Computes days late while this thread computes probabilities, for batches large enough: the tree
            kernels release the GIL.
        explained
            Whether to give reasons for the probability of late payment.
        """
        if not customers:
            return []
        asked = [one.resolve(wanted, self.policy) for one, wanted in zip(customers, requests, strict=True)]
        described = describe(customers, asked)
        features = np.concatenate([one.features for one in customers]).reshape(len(customers), -1)
        rows = np.concatenate((features, np.array(list(described.values())).T), axis=1)
        outlook = partial(self._by_invoice.outlook, rows, rows[:, _N_PAID])
        meanwhile = executor.submit(outlook) if executor and len(customers) >= _WORTH_A_THREAD else None
        caches = [one.reason_cache for one in customers]
        late = self._by_invoice.probabilities(rows, rows[:, _N_PAID], caches, explained=explained)
        quantiles, chances = outlook() if meanwhile is None else meanwhile.result()
        results = zip(customers, asked, late, quantiles.tolist(), chances.tolist(), strict=True)
        return [self._assessment(*row) for row in results]

    def warm(self) -> None:
        """Assess an empty state, so that the first request does not wait for compilation."""
        nobody = CustomerState(
            Party(None), EPOCH, StateVector(STATE_SCHEMA, np.full(STATE_SCHEMA.length, np.nan))
        )
        for count in (1, 2):
            self.assess_many([nobody] * count, [CreditRequest()] * count)

    def _assessment(
        self,
        known: CustomerContext,
        request: CreditRequest,
        late: Probability,
        quantiles: Sequence[float],
        chances: Sequence[float],
    ) -> Assessment:
        state, policy, (p10, p50, p90) = known.state, self.policy, quantiles
        insolvency = state.party.insolvency
        grade, case = known.grade, known.case(request, late.value, p50)
        limit = recommend_limit(case, policy, known.customer_terms)
        terms = recommend_terms(
            grade, limit.limit_eur, request.terms_days, policy, state.party.naf, known.caps
        )
        return Assessment(
            party=state.party,
            as_of=state.as_of,
            request=request,
            p_late30=late,
            pd_12m=None if insolvency is not None and insolvency.is_open else known.default,
            days_late_p10=p10,
            days_late_p50=p50,
            days_late_p90=p90,
            p_later_than={str(days): chance for days, chance in zip(REPORTED, chances, strict=False)},
            grade=grade,
            payer_grade=payer_grade(p50, policy).code,
            paydex=known.facts["paydex_365d"],
            history=known.history,
            limit=limit,
            case=case,
            recommended_terms_days=terms.terms_days,
            deposit_share=terms.deposit_share,
            means_of_payment=terms.means_of_payment,
            needs_human=state.party.natural_person or (insolvency is not None and insolvency.is_unread),
            policy_version=policy.version,
            policy_hash=policy.hash,
            features_hash=known.features_hash,
            default_model=known.default.model_version,
            insolvency=None
            if insolvency is None
            else notice_of(insolvency, state.as_of, policy.proceedings.declare_within_months),
        )


def describe(customers: Sequence[CustomerContext], requests: Sequence[CreditRequest]) -> dict[str, Floats]:
    """Compute the invoice features of each customer's request on the day of its state.

    Parameters
    ----------
    requests
        Amount and terms of each, both resolved.
    """
    days = np.array([one.day for one in customers], dtype=np.int64)
    terms = np.array([request.terms_days or 0 for request in requests], dtype=np.int64)
    amounts = np.array([request.amount_eur or 0.0 for request in requests], dtype=np.float64)
    usual = np.array([one.facts["usual_eur"] for one in customers], dtype=np.float64)
    asked = invoice.InvoiceQueries(days, days + terms, amounts)
    past, cents = (
        StoredInvoices.together([one.past for one in customers]),
        np.rint(amounts * 100).astype(np.int64),
    )
    like = past.columns(days, asked.due, cents)
    opened = OpenInvoices.together([one.open for one in customers])
    parent = np.stack([one.parent for one in customers])
    like |= curves.columns_of_kept(past, opened, parent, days, asked.due, cents, days - asked.due - 1)
    return invoice.describe(asked, days, usual, like)
