"""Inputs of a credit limit for one customer, with validation and JSON serialization.

Owns the shape of a case and what its figures may be. It travels with every answer, so that a limit can be
computed again under any policy by arithmetic alone. What is computed is `models.policy.limit.limit`'s.
"""

from __future__ import annotations

import datetime as dt
import sys
from dataclasses import asdict, dataclass, fields
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Self

from models.errors import CreditError
from models.law.insolvency import Insolvency
from models.policy.grades import GRADES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    _Fault = tuple[str, object, str]
    _Bound = tuple[str, float, float, str]


@dataclass(frozen=True)
class CreditCase:
    """Inputs of a credit limit for one customer.

    Without slots, so that `with_order` need not set each of its figures anew.

    Parameters
    ----------
    pd_12m
        Probability of default within 12 months, in [0, 1]: the highest among the numbers of its legal entity.
    grade
        `A` to `E`, of `models.policy.bands.pd_grade`.
    yearly_sales_forecast_eur
        Sales expected over a year, incl. VAT; None where unknown.
    terms_days
        Days from the invoice to its due date.
    expected_days_late
        Days after the due date; negative when early.
    peak_exposure_eur
        The most that was owed, or an order to decide on, on top of it; None where unknown.
    net_worth_eur, turnover_eur
        Of the last accounts known; None where unknown. Net worth may be negative.
    n_paid_invoices
        Invoices paid so far.
    insured_limit_eur, covered_share
        The insurer's limit, 0 if none, and the share of a loss it pays, in [0, 1].
    open_proceeding
        Whether an insolvency proceeding is open.
    oldest_overdue_days
        Age past due of the oldest open invoice; 0 if none.
    in_default
        Whether it is in default already, whatever opened it: a write-off and long arrears count too.
    closed
        Whether its closure is published.
    currency, insured_currency
        What the amounts of the case, and the insurer's limit, are counted in: ISO 4217 codes.
    open_eur
        What it owes now; negative where more was paid than owed.
    group_open_eur
        Owed by the other members of its group.
    sector_open_eur, portfolio_open_eur
        Owed by the customers of its sector, and by all, this one included.
    natural_person
        Whether a person must decide (GDPR art. 22).
    unlisted
        Whether the public register holds no company of its SIREN.
    p_late30
        Probability that an invoice is paid more than 30 days late; None where no model was applied.
    naf
        Activity code such as 43.21A; None where unknown.
    n_paid_late0, n_paid_late15, n_paid_late30, n_paid_late60
        Of the invoices paid, those paid more than so many days late.
    entity_open_eur
        Owed by the other customer numbers of its legal entity.
    entity_in_default, entity_oldest_overdue_days
        Whether one of those numbers is in default, and the age past due of their oldest open invoice.
    insolvency
        Its insolvency proceedings; None where nothing was judged, or by an earlier version.
    """

    pd_12m: float
    grade: str
    yearly_sales_forecast_eur: float | None
    terms_days: int
    expected_days_late: float
    peak_exposure_eur: float | None
    net_worth_eur: float | None
    turnover_eur: float | None
    n_paid_invoices: int
    insured_limit_eur: float
    covered_share: float
    open_proceeding: bool
    oldest_overdue_days: float
    as_of: dt.date
    in_default: bool = False
    closed: bool = False
    currency: str = "EUR"
    insured_currency: str = "EUR"
    open_eur: float = 0.0
    group_open_eur: float = 0.0
    sector_open_eur: float = 0.0
    portfolio_open_eur: float = 0.0
    natural_person: bool = False
    p_late30: float | None = None
    naf: str | None = None
    n_paid_late0: int = 0
    n_paid_late15: int = 0
    n_paid_late30: int = 0
    n_paid_late60: int = 0
    entity_open_eur: float = 0.0
    entity_in_default: bool = False
    entity_oldest_overdue_days: float = 0.0
    unlisted: bool = False
    insolvency: Insolvency | None = None

    @property
    def is_defaulted(self) -> bool:
        """Whether the legal entity is in default, by this number or by another one."""
        return self.in_default or self.entity_in_default

    def n_paid_late(self, days: int) -> int:
        """Return the number of invoices paid more than `days` days late.

        Raises
        ------
        CreditError
            The case does not count late payments by so many days.
        """
        counted = {
            0: self.n_paid_late0,
            15: self.n_paid_late15,
            30: self.n_paid_late30,
            60: self.n_paid_late60,
        }
        if days not in counted:
            raise CreditError(f"late payments are counted by {', '.join(map(str, counted))} days, not {days}")
        return counted[days]

    def with_order(
        self,
        yearly_sales_forecast_eur: float | None,
        terms_days: int,
        expected_days_late: float,
        peak_exposure_eur: float | None,
        p_late30: float | None,
    ) -> Self:
        """Return the same customer's case for another order: `dataclasses.replace`, twenty times as fast.

        What `check` accepted about the customer is not checked again.
        """
        figures = self.__dict__.copy()
        figures["yearly_sales_forecast_eur"] = yearly_sales_forecast_eur
        figures["terms_days"] = terms_days
        figures["expected_days_late"] = expected_days_late
        figures["peak_exposure_eur"] = peak_exposure_eur
        figures["p_late30"] = p_late30
        return self._of_figures(figures)

    def with_figures(self, **changed: Any) -> Self:  # noqa: ANN401  # a value of any field
        """Return a copy with other figures, as fast; `check` checks all of them.

        Raises
        ------
        TypeError
            The case has no such figure.
        """
        if not changed.keys() <= self.__dict__.keys():
            raise TypeError(f"a case has no {', '.join(sorted(changed.keys() - self.__dict__.keys()))}")
        figures = self.__dict__ | changed
        figures.pop(_SOUND, None)
        return self._of_figures(figures)

    def _of_figures(self, figures: dict[str, Any]) -> Self:
        made = object.__new__(type(self))
        object.__setattr__(made, "__dict__", figures)
        return made

    def document(self) -> dict[str, Any]:
        """Return the case as plain JSON values, its date in ISO form."""
        insolvency = None if self.insolvency is None else self.insolvency.document()
        return {**asdict(self), "as_of": self.as_of.isoformat(), "insolvency": insolvency}

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Self:
        """Build a case from its JSON values, ignoring unknown keys.

        Raises
        ------
        CreditError
            A figure that every case has is missing, or the date is none.
        """
        values = {field.name: document[field.name] for field in fields(cls) if field.name in document}
        try:
            day = values.get("as_of")
            if isinstance(day, str):
                values["as_of"] = dt.date.fromisoformat(day)
            if isinstance(values.get("insolvency"), dict):
                values["insolvency"] = Insolvency.from_document(values["insolvency"])
            return cls(**values)
        except (TypeError, ValueError) as error:
            raise CreditError(
                f"the stored case cannot be read: {error}; run `encours nightly` to write it anew"
            ) from error

    def check(self) -> None:
        """Validate the inputs.

        Raises
        ------
        CreditError
            Figures lie outside what they may be: all are named.
        """
        faults = _order_faults(self)
        if _SOUND not in self.__dict__:
            faults = _customer_faults(self) + faults
        if faults:
            messages = (f"{name} is {value!r}; {allowed}" for name, value, allowed in faults)
            raise CreditError("the case cannot be computed: " + "; ".join(messages))
        # It is frozen: what is sound stays so.
        object.__setattr__(self, _SOUND, True)


def case_of(answer: Mapping[str, Any]) -> CreditCase:
    """Return the case stored in an answer's document.

    Raises
    ------
    CreditError
        It carries none, or one that cannot be read.
    """
    document = answer.get("case")
    if document is None:
        raise CreditError(
            "the stored answer carries no case to compute a limit from: an earlier version wrote it; "
            "run `encours nightly` to write it anew"
        )
    return CreditCase.from_document(document)


_SHARES = ("pd_12m", "covered_share", "p_late30")
_COUNTS = ("terms_days", "n_paid_invoices", "n_paid_late0", "n_paid_late15", "n_paid_late30", "n_paid_late60")
_FROM_ZERO = (
    "yearly_sales_forecast_eur",
    "peak_exposure_eur",
    "insured_limit_eur",
    "group_open_eur",
    "sector_open_eur",
    "portfolio_open_eur",
    "entity_open_eur",
    "entity_oldest_overdue_days",
)
_FINITE = ("net_worth_eur", "turnover_eur", "expected_days_late", "oldest_overdue_days", "open_eur")


_MOST = sys.float_info.max
_BOUNDS = (
    *((name, 0.0, 1.0, "a share or a probability lies in [0, 1]") for name in _SHARES),
    *((name, 0.0, _MOST, "a count starts at 0") for name in _COUNTS),
    *((name, 0.0, _MOST, "a finite number from 0 is allowed") for name in _FROM_ZERO),
    *((name, -_MOST, _MOST, "a finite number is allowed") for name in _FINITE),
)
_BY_ORDER = ("yearly_sales_forecast_eur", "terms_days", "expected_days_late", "peak_exposure_eur", "p_late30")
"""What `with_order` changes."""
_ORDER_BOUNDS = tuple(bound for bound in _BOUNDS if bound[0] in _BY_ORDER)
_CUSTOMER_BOUNDS = tuple(bound for bound in _BOUNDS if bound[0] not in _BY_ORDER)
_order_figures = attrgetter(*(name for name, *_ in _ORDER_BOUNDS))
_customer_figures = attrgetter(*(name for name, *_ in _CUSTOMER_BOUNDS))
_SOUND = "_customer_is_sound"
"""Set in addition to the fields once all but `_BY_ORDER` were checked."""


def _order_faults(case: CreditCase) -> list[_Fault]:
    return _outside(_order_figures(case), _ORDER_BOUNDS)


def _customer_faults(case: CreditCase) -> list[_Fault]:
    faults = _outside(_customer_figures(case), _CUSTOMER_BOUNDS)
    if case.grade not in GRADES:
        faults.insert(0, ("grade", case.grade, f"grades are {', '.join(GRADES)}"))
    return faults


def _outside(figures: Sequence[float | None], bounds: Sequence[_Bound]) -> list[_Fault]:
    return [
        (name, value, allowed)
        for value, (name, low, high, allowed) in zip(figures, bounds, strict=True)
        if value is not None and not low <= value <= high
    ]
