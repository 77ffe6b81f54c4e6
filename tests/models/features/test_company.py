import math

import numpy as np
import pytest

from models.features.company import FEATURES, concerned
from models.ledger.ledger import Ledger
from models.ledger.tables import FILING_KINDS, PLANS, PROCEEDINGS
from tests.builders import a_customer, a_filing, a_ledger, customer_at, on, some_accounts


def with_accounts(*accounts: dict[str, object], **customer: object) -> Ledger:
    return a_ledger(customers=[a_customer(**customer)], accounts=accounts)  # type: ignore[arg-type]  # by name


def test_accounts_count_from_their_publication_not_their_closing():
    ledger = with_accounts(some_accounts(0, 200, equity=40.0, total_assets=100.0))
    assert math.isnan(customer_at(ledger, 199)["equity_ratio"])
    assert customer_at(ledger, 200)["equity_ratio"] == 0.4
    assert customer_at(ledger, 200)["accounts_age_days"] == 200


def test_the_latest_year_closed_speaks_though_an_older_one_is_published_after_it():
    ledger = with_accounts(
        some_accounts(0, 400, equity=10.0, total_assets=100.0),
        some_accounts(365, 390, equity=20.0, total_assets=100.0),
    )
    found = customer_at(ledger, 500)
    assert (found["equity_ratio"], found["accounts_years"]) == (0.2, 2.0)


def test_confidential_accounts_say_that_they_are_and_nothing_else():
    found = customer_at(with_accounts(some_accounts(0, 90, confidential=True)), 100)
    assert found["accounts_confidential"] == 1.0
    assert found["accounts_years"] == 1.0
    assert math.isnan(found["equity_ratio"])


def test_a_filing_that_is_withdrawn_counts_until_then():
    filings = [a_filing(kind, 10, 20, withdrawn_on=on(50)) for kind in ("receivership", "closure", "sale")]
    ledger = a_ledger(filings=filings)
    counted = [customer_at(ledger, day) for day in (19, 20, 49, 50)]
    for name in ("proceedings", "closures", "sales"):
        assert [one[name] for one in counted] == [0, 1, 1, 0]


def test_filings_count_from_their_publication_by_kind():
    filings = [a_filing(kind, 10, 20) for kind in FILING_KINDS]
    found = [customer_at(a_ledger(filings=filings), day) for day in (19, 20)]
    assert [row["proceedings"] for row in found] == [0.0, len(PROCEEDINGS) + len(PLANS)]
    assert (found[1]["closures"], found[1]["sales"]) == (1.0, 1.0)


def test_a_register_finds_its_customer_by_siren_and_the_number_wins_over_it():
    ledger = a_ledger(
        customers=[a_customer("C1", siren="111111111"), a_customer("C2", siren="222222222")],
        filings=[
            a_filing("closure", 1, 1, None, siren="222222222"),
            a_filing("closure", 2, 2, "C1", siren="222222222"),
            a_filing("closure", 3, 3, None, siren="999999999"),
            a_filing("closure", 4, 4, None),
        ],
    )
    rows, owner = concerned(ledger, ledger.filings)
    by_day = dict(zip(ledger.filings["judged_on"].dt.day.iloc[rows], owner, strict=True))
    assert [int(by_day[day]) for day in sorted(by_day)] == [1, 0, -1, -1]


def test_what_is_filed_by_siren_concerns_every_customer_number_of_the_company():
    ledger = a_ledger(
        customers=[a_customer(name, siren=siren) for name, siren in zip("ABCD", "XYXX", strict=True)],
        filings=[
            a_filing("liquidation", 1, 1, None, siren="X"),
            a_filing("closure", 2, 2, "C", siren="X"),
            a_filing("sale", 3, 3, None, siren="Y"),
            a_filing("sale", 4, 4, None, siren="Z"),
        ],
        accounts=[some_accounts(0, 5, None, siren="X", equity=40.0, total_assets=100.0)],
    )
    rows, owner = concerned(ledger, ledger.filings)
    told = ledger.filings["kind"].iloc[rows]
    assert sorted(zip(told, owner.tolist(), strict=True)) == [
        ("closure", 2), ("liquidation", 0), ("liquidation", 2), ("liquidation", 3), ("sale", -1), ("sale", 1),
    ]  # fmt: skip
    assert [customer_at(ledger, 9, name)["proceedings"] for name in "ABCD"] == [1.0, 0.0, 1.0, 1.0]
    assert customer_at(ledger, 9, "D")["equity_ratio"] == 0.4


@pytest.mark.parametrize(
    ("naf", "section"),
    [("43.21A", 5.0), ("01.11Z", 0.0), ("99.00Z", 20.0), ("04.00Z", math.nan), (None, math.nan)],
)
def test_a_naf_code_belongs_to_its_section(naf: str | None, section: float):
    found = customer_at(a_ledger(customers=[a_customer(naf=naf)]), 0)["sector_section"]
    assert found == pytest.approx(section, nan_ok=True)


@pytest.mark.parametrize(
    ("staff", "turnover", "assets", "size"),
    [
        (9, 2e6, 1e9, 0),
        (9, 1e9, 2e6, 0),
        (9, 3e6, 3e6, 1),
        (10, 1e5, 1e5, 1),
        (249, 50e6, 1e9, 1),
        (249, 51e6, 44e6, 2),
        (250, 1e6, 1e6, 2),
        (4999, 1500e6, 9e9, 2),
        (5000, 1e6, 1e6, 3),
        (5, 2e9, 3e9, 3),
        (5, None, 60e6, 2),
        (5, 60e6, None, 2),
        (5, None, None, 0),
        (None, 1e6, None, 0),
        (None, None, None, math.nan),
    ],
)
def test_a_company_is_classed_by_the_decree_of_2008(
    staff: float | None, turnover: float | None, assets: float | None, size: float
):
    ledger = with_accounts(some_accounts(0, 10, turnover=turnover, total_assets=assets), headcount=staff)
    assert customer_at(ledger, 20)["size_class"] == pytest.approx(size, nan_ok=True)


def test_age_is_counted_in_years_and_is_never_negative():
    ledger = a_ledger(customers=[a_customer("C1", created=100), a_customer("C2")])
    assert customer_at(ledger, 100 + 731)["company_age_years"] == pytest.approx(2.0, abs=0.01)
    assert customer_at(ledger, 50)["company_age_years"] == 0.0
    assert math.isnan(customer_at(ledger, 50, "C2")["company_age_years"])


def test_figures_that_nobody_filed_leave_every_ratio_unknown():
    found = customer_at(a_ledger(), 0)
    ratios = [
        f.name for f in FEATURES if f.group in ("solvency", "liquidity", "profitability", "accounts_size")
    ]
    assert np.isnan([found[name] for name in ratios]).all()
    assert found["accounts_years"] == 0.0
