"""The credit limit and its calculation: every term, the binding one, and its validity.

Owns the calculation, with every term described (`recommend_limit`) or as its result alone (`limit_amount`),
and the shape of its answer. Who the customer is and where the
figures come from is left to `models.assessment.assessor`; terms and deposit to `models.policy.terms`.
"""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from models.errors import CreditError
from models.policy.limit import terms as parts
from models.policy.limit.caps import cap_amounts, caps
from models.policy.limit.entity import legal_entity, legal_entity_eur
from models.policy.limit.stops import stop_amounts, stops

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from models.policy.credit_case import CreditCase
    from models.policy.document import Policy
    from models.policy.limit.terms import Amount, LimitTerm


@dataclass(frozen=True)  # without slots orjson reads its fields three times as fast
class CreditLimit:
    """A recommended limit with its calculation; 0 means prepayment.

    Parameters
    ----------
    limit_eur
        The most exposure accepted, rounded down to a multiple of `step_eur`.
    binding
        The name of the term that binds.
    valid_until
        The last day on which the limit holds.
    review_on
        The day by which somebody looks at the customer again.
    """

    limit_eur: float
    binding: str
    terms: tuple[LimitTerm, ...]
    valid_until: dt.date
    review_on: dt.date
    step_eur: float
    currency: str


@dataclass(frozen=True, slots=True)
class CustomerTerms:
    """Limit terms that depend on the customer alone, the same for every order.

    Parameters
    ----------
    stops, caps
        See `models.policy.limit.stops` and `models.policy.limit.caps`.
    borne
        What is borne at our own risk, next to the value of an order and the starter cap.
    valid_until, review_on
        As the limit has them.
    """

    stops: tuple[LimitTerm, ...]
    caps: tuple[LimitTerm, ...]
    borne: tuple[LimitTerm, ...]
    starter: LimitTerm
    valid_until: dt.date
    review_on: dt.date

    @classmethod
    def of(cls, case: CreditCase, policy: Policy) -> Self:
        """Compute the terms for the customer of a case."""
        return cls(
            stops(case, policy),
            caps(case, policy),
            (
                parts.capacity(case, policy.capacity),
                parts.no_accounts(case, policy.capacity),
                parts.expected_loss(case, policy.expected_loss),
            ),
            parts.starter(case, policy.starter),
            case.as_of + dt.timedelta(days=policy.limit.validity_days[case.grade]),
            case.as_of + dt.timedelta(days=policy.review.every_days[case.grade]),
        )

    def __iter__(self) -> Iterator[LimitTerm]:
        yield from (*self.stops, *self.caps, *self.borne, self.starter)


def recommend_limit(
    case: CreditCase, policy: Policy, customer_terms: CustomerTerms | None = None
) -> CreditLimit:
    """Compute the limit of a case: the minimum of need, caps, and what is insured or borne.

    At our own risk we bear `unsecured = min(capacity or no_accounts, expected_loss, value, starter)`. Cover
    adds to it, its uncovered quota taken out of the unsecured part: `secured = max(insured limit, unsecured +
    insured limit x covered share)`. Then `limit = min(need, caps of concentration, what the legal entity's
    other numbers leave, secured)`; a stop makes it 0. Terms that are unknown do not bind; the expected-loss
    term is always known.

    Parameters
    ----------
    case
        The customer's figures; see `CreditCase`.
    customer_terms
        The terms of this customer under this policy, where they were computed before.

    Raises
    ------
    CreditError
        Figures of the case lie outside what they may be: all are named. Or it counts in another currency
        than the policy: nothing is converted.

    Examples
    --------
    >>> import datetime as dt
    >>> from models.policy.credit_case import CreditCase
    >>> from models.policy.document import load_policy
    >>> case = CreditCase(
    ...     pd_12m=0.01, grade="B", yearly_sales_forecast_eur=400_000, terms_days=30, expected_days_late=5,
    ...     peak_exposure_eur=None, net_worth_eur=80_000, turnover_eur=700_000, n_paid_invoices=40,
    ...     insured_limit_eur=0, covered_share=0, open_proceeding=False, oldest_overdue_days=0,
    ...     as_of=dt.date(2026, 11, 21),
    ... )
    >>> limit = recommend_limit(case, load_policy())
    >>> limit.limit_eur, limit.binding
    (28000.0, 'capacity')
    """
    check_case(case, policy)
    customer_terms = CustomerTerms.of(case, policy) if customer_terms is None else customer_terms
    borne = (*customer_terms.borne, parts.value(case, policy))
    own = (*borne, customer_terms.starter)
    outer = (*customer_terms.stops, parts.need(case), *customer_terms.caps)
    limit_eur, binding = _combined(
        case,
        policy,
        [term.amount for term in outer],
        [term.amount for term in borne],
        customer_terms.starter.amount,
    )
    shared = legal_entity(case, _least(term.amount for term in borne)[0], policy)
    insured = parts.insurance(case, _least(term.amount for term in own)[0])
    return CreditLimit(
        limit_eur=limit_eur,
        binding=binding,
        terms=(*outer, shared, *own, insured),
        valid_until=customer_terms.valid_until,
        review_on=customer_terms.review_on,
        step_eur=policy.limit.step_eur,
        currency=policy.currency,
    )


@dataclass(frozen=True, slots=True)
class SettledAmounts:
    """Values of a limit that depend neither on risk (probability, grade) nor on cover, computed once.

    Parameters
    ----------
    outer
        The least of stops, need and caps.
    starter
        The starter cap.
    """

    outer: Amount
    starter: Amount

    @classmethod
    def of(cls, case: CreditCase, policy: Policy) -> Self:
        """Compute the values for a case."""
        least, binding = _least(
            (*stop_amounts(case, policy), ("need", parts.need_eur(case)), *cap_amounts(case, policy))
        )
        starter_eur = None if not least else parts.starter_eur(case, policy.starter)
        return cls((binding, least), ("starter", starter_eur))


def limit_amount(
    case: CreditCase, policy: Policy, settled: SettledAmounts | None = None
) -> tuple[float, str]:
    """Return `limit_eur` and `binding` of `recommend_limit`, without its terms: for whole portfolios.

    Parameters
    ----------
    case
        A case that `check_case` accepts: it is not checked here.
    settled
        Of the same case under the same policy, whatever its probability, grade and cover were.

    Examples
    --------
    >>> import datetime as dt
    >>> from models.policy.credit_case import CreditCase
    >>> from models.policy.document import load_policy
    >>> case = CreditCase(
    ...     pd_12m=0.01, grade="B", yearly_sales_forecast_eur=400_000, terms_days=30, expected_days_late=5,
    ...     peak_exposure_eur=None, net_worth_eur=80_000, turnover_eur=700_000, n_paid_invoices=40,
    ...     insured_limit_eur=0, covered_share=0, open_proceeding=False, oldest_overdue_days=0,
    ...     as_of=dt.date(2026, 11, 21),
    ... )
    >>> limit_amount(case, load_policy())
    (28000.0, 'capacity')
    """
    settled = SettledAmounts.of(case, policy) if settled is None else settled
    binding, least = settled.outer
    if not least:  # nothing is less, and a term named before the others binds
        return 0.0, binding
    borne = (
        ("capacity", parts.capacity_eur(case, policy.capacity)),
        ("no_accounts", parts.no_accounts_eur(case, policy.capacity)),
        ("expected_loss", parts.within_budget_eur(case, policy.expected_loss)),
        ("value", parts.value_eur(case, policy)),
    )
    return _combined(case, policy, (settled.outer,), borne, settled.starter)


def _combined(
    case: CreditCase, policy: Policy, outer: Sequence[Amount], borne: Sequence[Amount], starter: Amount
) -> tuple[float, str]:
    """Combine the values of the terms to a limit and the name of the term that binds."""
    borne_eur, _ = _least(borne)
    unsecured_eur, secured_by = _least((*borne, starter))
    insured_eur = parts.insurance_eur(case, unsecured_eur)
    secured_eur = unsecured_eur if insured_eur is None else insured_eur
    # Cover alone binds where its uncovered quota leaves nothing of the unsecured part.
    if insured_eur is not None and parts.rests_on_cover(case, unsecured_eur):
        secured_by = "insurance"
    least, binding = _least((*outer, ("legal_entity", legal_entity_eur(case, borne_eur, policy))))
    if secured_eur < least:
        least, binding = secured_eur, secured_by
    return _round_down(least, policy.limit.step_eur), binding


def check_case(case: CreditCase, policy: Policy) -> None:
    """Validate the figures and the currency of a case.

    Raises
    ------
    CreditError
        As `recommend_limit` says.
    """
    case.check()
    named = [("the case", case.currency)]
    if case.insured_limit_eur > 0:
        named.append(("the insured limit", case.insured_currency))
    for what, currency in named:
        if currency != policy.currency:
            raise CreditError(
                f"{what} counts in {currency} and the policy in {policy.currency}; amounts are not "
                f"converted: give {policy.currency}, or a policy in {currency}"
            )


def _least(amounts: Iterable[Amount]) -> tuple[float, str]:
    """Return the minimum of the known terms and its name; among equals the first binds."""
    least, binding = math.inf, ""
    for name, value_eur in amounts:
        if value_eur is not None and value_eur < least:
            least, binding = value_eur, name
    return least, binding


def _round_down(value_eur: float, step_eur: float) -> float:
    """Round down to a multiple of the step, computed in whole cents to avoid binary rounding."""
    step_cents = round(step_eur * 100)
    return (round(value_eur * 100) // step_cents) * step_cents / 100
