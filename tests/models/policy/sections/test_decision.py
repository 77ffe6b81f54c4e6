from pathlib import Path

import pytest

from models.errors import PolicyError
from models.policy.document import load_policy
from models.policy.means_of_payment import MEANS_OF_PAYMENT
from models.policy.sections.decision import CONFIDENCES
from tests.models.policy.test_document import written


def test_the_packaged_policy_says_on_what_an_order_is_accepted_without_a_person():
    rules = load_policy().decision
    assert rules.minimum_confidence in CONFIDENCES
    assert rules.late_means_of_payment in MEANS_OF_PAYMENT
    assert 0 <= rules.tolerance_share < 1


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ('minimum_confidence = "low"', 'minimum_confidence = "sure"', "minimum_confidence"),
        ("max_p_late30 = 0.40", "max_p_late30 = 40", "max_p_late30"),
        ("valid_days = 30", "valid_days = 0", "valid_days"),
        ("cover_share = 0.90", "cover_share = 0.0", "cover_share"),
    ],
)
def test_a_rule_that_cannot_be_is_refused_by_its_key(tmp_path: Path, old: str, new: str, key: str):
    with pytest.raises(PolicyError, match=rf"decision\.{key}"):
        load_policy(written(tmp_path, (old, new)))
