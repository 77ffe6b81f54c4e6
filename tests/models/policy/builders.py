"""Makes cases for the policy's tests."""

import datetime as dt
from dataclasses import replace
from pathlib import Path

from hypothesis import strategies as st

from models.policy.credit_case import CreditCase
from models.policy.document import Policy, load_policy

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


def earlier_policy() -> Policy:
    """Return a policy of before levels approved limits."""
    return load_policy(Path(__file__).with_name("earlier_policy.toml"))


@st.composite
def cases(draw: st.DrawFn) -> CreditCase:
    """Draw any case that there may be: counts and sums fit together."""
    amounts = st.one_of(st.none(), st.floats(0, 5e6))
    owed = st.floats(0, 5e6)
    paid = sorted((draw(st.integers(0, 30)) for _ in range(5)), reverse=True)
    open_eur, others, elsewhere = draw(st.floats(-1e4, 1e6)), draw(owed), draw(owed)
    sector_eur = max(open_eur, 0.0) + others
    return CreditCase(
        pd_12m=draw(st.floats(0, 1)),
        grade=draw(st.sampled_from("ABCDE")),
        yearly_sales_forecast_eur=draw(amounts),
        terms_days=draw(st.integers(0, 90)),
        expected_days_late=draw(st.floats(-30, 200)),
        peak_exposure_eur=draw(amounts),
        net_worth_eur=draw(st.one_of(st.none(), st.floats(-1e6, 5e6))),
        turnover_eur=draw(amounts),
        n_paid_invoices=paid[0],
        insured_limit_eur=draw(st.floats(0, 1e6)),
        covered_share=draw(st.floats(0, 1)),
        open_proceeding=draw(st.booleans()),
        oldest_overdue_days=draw(st.floats(0, 200)),
        as_of=AS_OF,
        closed=draw(st.booleans()),
        open_eur=open_eur,
        group_open_eur=draw(owed),
        sector_open_eur=sector_eur,
        portfolio_open_eur=sector_eur + elsewhere,
        natural_person=draw(st.booleans()),
        p_late30=draw(st.one_of(st.none(), st.floats(0, 1))),
        naf=draw(st.sampled_from([None, "43.21A", "10.11Z"])),
        n_paid_late0=paid[1],
        n_paid_late15=paid[2],
        n_paid_late30=paid[3],
        n_paid_late60=paid[4],
        entity_open_eur=draw(st.one_of(st.just(0.0), owed)),
        entity_in_default=draw(st.booleans()),
        entity_oldest_overdue_days=draw(st.floats(0, 200)),
    )
