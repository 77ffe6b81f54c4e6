import pytest

from models.policy.document import load_policy
from models.policy.limit.limit import recommend_limit
from models.policy.limit.stops import STOPS, stops
from tests.models.policy.builders import a_case

POLICY = load_policy()
STOPPED = [
    ({"open_proceeding": True}, "open_proceeding"),
    ({"closed": True}, "closed"),
    ({"in_default": True}, "in_default"),
    ({"oldest_overdue_days": 120.5}, "long_overdue"),
    ({"entity_in_default": True}, "entity_in_default"),
    ({"entity_oldest_overdue_days": 120.5}, "entity_long_overdue"),
]


@pytest.mark.parametrize(("change", "binding"), STOPPED)
def test_a_stop_gives_zero_even_with_cover(change: dict[str, object], binding: str):
    limit = recommend_limit(a_case(insured_limit_eur=50_000.0, covered_share=0.9, **change), POLICY)
    assert (limit.limit_eur, limit.binding) == (0, binding)


def test_arrears_of_exactly_the_days_borne_stop_nothing():
    assert recommend_limit(a_case(oldest_overdue_days=120.0), POLICY).limit_eur == 28_000


def test_every_stop_is_told_whether_it_holds_or_not():
    assert tuple(term.name for term in stops(a_case(), POLICY)) == STOPS
    assert all(term.value_eur is None for term in stops(a_case(), POLICY))
