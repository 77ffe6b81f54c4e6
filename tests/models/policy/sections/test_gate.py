"""The bars a model must reach come out of the policy checked, and a wrong one is named."""

from pathlib import Path

import pytest

from models.errors import PolicyError
from models.policy.document import load_policy
from tests.models.policy.test_document import written


def test_every_late_target_shares_one_set_of_bars():
    gate = load_policy().gate
    assert gate.bars("late30") is gate.bars("late15") is gate.late
    assert gate.bars("default12") is gate.default


def test_one_person_is_enough_unless_the_policy_says_otherwise(tmp_path: Path):
    assert not load_policy().gate.two_persons
    changed = load_policy(written(tmp_path, ("two_persons = false", "two_persons = true")))
    assert changed.gate.two_persons


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ("two_persons = false", "two_persons = 1", "gate.two_persons: got 1; allowed is true or false"),
        ("auc_ceiling = 0.995", "auc_ceiling = 0.2", "gate.auc_ceiling"),
        ("bootstrap = 1000", "bootstrap = 1", "gate.bootstrap"),
        ("bad_customers = 50", "bad_customers = 0", "gate.late.bad_customers"),
        ("predicted_to_realised_high = 2.5", "predicted_to_realised_high = 0.9", "gate.default.predicted"),
        ("margin_share = 0.10", "margin_share = 10", "value.margin_share"),
        ("held_back_share = 0.10\n", "", "value.held_back_share: missing"),
    ],
)
def test_a_bar_that_cannot_be_is_refused_by_its_name(tmp_path: Path, old: str, new: str, key: str):
    with pytest.raises(PolicyError, match=key):
        load_policy(written(tmp_path, (old, new)))
