from pathlib import Path

import pytest

from models.errors import PolicyError
from models.policy.document import load_policy
from tests.models.policy.test_document import written


def test_the_packaged_policy_knows_the_caps_of_l441_11_and_applies_none_without_the_sellers_activity():
    rules = load_policy().terms
    assert [cap.law for cap in rules.sector_caps[:5]] == [f"L441-11 II {n}°" for n in range(1, 6)]
    assert rules.caps_for("49.41A") == ()
    assert [cap.law for cap in rules.caps_for("84.11Z")] == ["R2192-10 CCP"]


def test_a_seller_falls_under_the_caps_of_each_of_its_activities(tmp_path: Path):
    path = written(tmp_path, ("seller_naf = []", 'seller_naf = ["49.41A", "11.02A"]'))
    assert [cap.days for cap in load_policy(path).terms.caps_for("43.21A")] == [60, 30]


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ('side = "customer"', 'side = "carrier"', r"terms\.sector_caps\[5\]\.side"),
        ("days = 20", "days = 75", r"terms\.sector_caps\[1\]\.days"),
        ('start = "delivery_month"', 'start = "order"', r"terms\.sector_caps\[2\]\.start"),
        ("seller_naf = []", "seller_naf = [49]", r"terms\.seller_naf"),
        ("default_days = 30", "default_days = 61", r"terms\.default_days"),
    ],
)
def test_a_cap_that_cannot_be_is_refused_by_its_key(tmp_path: Path, old: str, new: str, key: str):
    with pytest.raises(PolicyError, match=key):
        load_policy(written(tmp_path, (old, new)))
