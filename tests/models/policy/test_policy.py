from pathlib import Path

import pytest

from models.errors import PolicyError
from models.policy.policy import load_policy


def written(tmp_path: Path, *changes: tuple[str, str]) -> Path:
    import models.policy.policy

    text = Path(models.policy.policy.__file__).with_name("policy.toml").read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    path = tmp_path / "policy.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_packaged_policy_is_valid_and_carries_its_version_and_hash():
    policy = load_policy()
    assert policy.version == "2026.11"
    assert len(policy.hash) == 16
    assert int(policy.hash, 16) > 0


def test_the_hash_changes_with_a_value_and_not_with_a_comment(tmp_path: Path):
    same = load_policy(written(tmp_path, ("version =", "# a remark\nversion =")))
    assert same.hash == load_policy().hash
    other = load_policy(written(tmp_path, ("budget_eur = 500.0", "budget_eur = 600.0")))
    assert other.hash != load_policy().hash


def test_every_fault_is_named_at_once_with_what_came_and_what_is_allowed(tmp_path: Path):
    path = written(
        tmp_path,
        ("lgd_share = 0.60", "lgd_share = 1.6"),
        ("max_overdue_days = 120", 'max_overdue_days = "long"'),
        ("legal_cap_days = 60", "legal_cap_days = 90"),
        ("budget_eur = 500.0", "budget_eur = nan"),
        ("max_share = 0.05", "maximum = 0.05"),
    )
    with pytest.raises(PolicyError) as caught:
        load_policy(path)
    message = str(caught.value)
    assert "6 to correct" in message
    assert "expected_loss.lgd_share: got 1.6; allowed is a number above 0 to 1" in message
    assert "stops.max_overdue_days: got 'long'; allowed is a whole number from 0 to 3650" in message
    assert "terms.legal_cap_days: got 90; allowed is a whole number from 0 to 60" in message
    assert "expected_loss.budget_eur: got nan" in message
    assert "concentration.max_share: missing" in message
    assert "concentration.maximum: no such key" in message


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ("B = 0.015", "B = 0.15", "pd_grades"),
        ("B = 0.35", "B = 0.45", "capacity.net_worth_share"),
        ("B = 7_500.0", "B = 75_000.0", "capacity.no_accounts_eur"),
        ("cap_eur = 5_000.0", "cap_eur = 1_000.0", "starter.steps"),
        ("below_paid_invoices = 3", "below_paid_invoices = 1", "starter.steps"),
        ('A = "transfer"', 'A = "cheque"', "terms.means_of_payment.A"),
        ("max_overdue_days = 120", "max_overdue_days = true", "stops.max_overdue_days"),
        ("step_eur = 100.0", "step_eur = 0", "limit.step_eur"),
    ],
)
def test_a_policy_that_breaks_an_order_or_a_range_is_refused(tmp_path: Path, old: str, new: str, key: str):
    with pytest.raises(PolicyError, match=key.replace(".", r"\.")):
        load_policy(written(tmp_path, (old, new)))


@pytest.mark.parametrize("content", [b"version = ", b"\xff\xfe"])
def test_an_unreadable_file_is_a_policy_error_that_names_it(tmp_path: Path, content: bytes):
    path = tmp_path / "broken.toml"
    path.write_bytes(content)
    with pytest.raises(PolicyError, match=r"broken\.toml"):
        load_policy(path)


def test_a_missing_file_is_a_policy_error(tmp_path: Path):
    with pytest.raises(PolicyError, match="cannot be read"):
        load_policy(tmp_path / "none.toml")
