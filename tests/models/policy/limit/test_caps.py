from dataclasses import replace

from models.policy.document import load_policy
from models.policy.limit.caps import customer_cap, group_cap, sector_cap
from tests.models.policy.builders import a_case

SELLER = load_policy().revised(
    concentration={
        "seller_yearly_turnover_eur": 200_000.0,
        "max_customer_share": 0.05,
        "max_group_share": 0.1,
        "max_sector_share": 0.4,
        "sector_floor_eur": 50_000.0,
    }
)
SILENT = SELLER.revised(concentration={"seller_yearly_turnover_eur": 0.0})


def in_sector(own: float, others: float, elsewhere: float, **more: object) -> float | None:
    case = a_case(
        naf="43.21A",
        open_eur=own,
        sector_open_eur=own + others,
        portfolio_open_eur=own + others + elsewhere,
        **more,
    )
    return sector_cap(case, SELLER.concentration).value_eur


def test_a_customer_gets_no_more_than_its_share_of_the_sellers_turnover():
    assert customer_cap(SELLER.concentration).value_eur == 10_000


def test_what_the_other_members_of_a_group_owe_is_taken_off_its_cap():
    assert group_cap(a_case(), SELLER.concentration).value_eur == 20_000
    assert group_cap(a_case(group_open_eur=15_000.0), SELLER.concentration).value_eur == 5_000
    assert group_cap(a_case(group_open_eur=25_000.0), SELLER.concentration).value_eur == 0


def test_neither_is_applied_where_the_sellers_turnover_is_unknown():
    assert customer_cap(SILENT.concentration).value_eur is None
    assert group_cap(a_case(group_open_eur=15_000.0), SILENT.concentration).value_eur is None


def test_a_sector_takes_no_more_than_its_share_of_the_portfolio():
    assert in_sector(own=5_000.0, others=15_000.0, elsewhere=80_000.0) == 25_000


def test_a_full_sector_keeps_what_it_owes_and_takes_on_nobody_new():
    assert in_sector(own=5_000.0, others=80_000.0, elsewhere=15_000.0) == 5_000
    assert in_sector(own=0.0, others=80_000.0, elsewhere=20_000.0) == 0


def test_a_small_portfolio_has_no_sector_cap():
    assert in_sector(own=5_000.0, others=40_000.0, elsewhere=4_000.0) is None


def test_without_a_sector_or_with_a_share_of_one_no_sector_cap_is_applied():
    case = a_case(naf="43.21A", open_eur=1.0, sector_open_eur=90_000.0, portfolio_open_eur=90_000.0)
    assert sector_cap(replace(case, naf=None), SELLER.concentration).value_eur is None
    whole = SELLER.revised(concentration={"max_sector_share": 1.0})
    assert sector_cap(case, whole.concentration).value_eur is None
