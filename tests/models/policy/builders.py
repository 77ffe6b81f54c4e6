"""Makes cases for the policy's tests."""

import datetime as dt
from dataclasses import replace

from models.policy.limit import CreditCase

AS_OF = dt.date(2026, 11, 21)

SOUND = CreditCase(
    pd_12m=0.01,
    grade="B",
    yearly_sales_forecast_eur=1_000_000.0,
    terms_days=30,
    expected_days_late=5.0,
    peak_exposure_eur=None,
    net_worth_eur=80_000.0,
    turnover_eur=700_000.0,
    n_paid_invoices=40,
    insured_limit_eur=0.0,
    covered_share=0.0,
    open_proceeding=False,
    oldest_overdue_days=0.0,
    as_of=AS_OF,
)


def a_case(**changes: object) -> CreditCase:
    return replace(SOUND, **changes)  # type: ignore[arg-type]  # fields by name
