import re
from pathlib import Path

import pytest

from models.errors import PolicyError
from models.policy.document import load_policy, policy_faults, policy_from_text


def written(tmp_path: Path, *changes: tuple[str, str]) -> Path:
    import models.policy.document

    text = Path(models.policy.document.__file__).with_name("policy.toml").read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    path = tmp_path / "policy.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_packaged_policy_is_valid_and_carries_its_version_and_hash():
    policy = load_policy()
    assert policy.version == "2026.12"
    assert len(policy.hash) == 16
    assert int(policy.hash, 16) > 0


def test_the_hash_changes_with_a_value_and_not_with_a_comment(tmp_path: Path):
    same = load_policy(written(tmp_path, ("version =", "# a remark\nversion =")))
    assert same.hash == load_policy().hash
    other = load_policy(written(tmp_path, ("budget_eur = 2_500.0", "budget_eur = 600.0")))
    assert other.hash != load_policy().hash


def test_every_fault_is_named_at_once_with_what_came_and_what_is_allowed(tmp_path: Path):
    path = written(
        tmp_path,
        ("lgd_share = 0.60", "lgd_share = 1.6"),
        ("max_overdue_days = 120", 'max_overdue_days = "long"'),
        ("legal_cap_days = 60", "legal_cap_days = 90"),
        ("budget_eur = 2_500.0", "budget_eur = nan"),
        ("max_group_share = 0.05", "maximum = 0.05"),
    )
    with pytest.raises(PolicyError) as caught:
        load_policy(path)
    message = str(caught.value)
    assert "6 to correct" in message
    assert "expected_loss.lgd_share: got 1.6; allowed is a number above 0 to 1" in message
    assert "stops.max_overdue_days: got 'long'; allowed is a whole number from 0 to 3650" in message
    assert "terms.legal_cap_days: got 90; allowed is a whole number from 0 to 60" in message
    assert "expected_loss.budget_eur: got nan" in message
    assert "concentration.max_group_share: missing" in message
    assert "concentration.maximum: no such key" in message


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ("B = 0.015", "B = 0.15", "pd_grades"),
        ("B = 0.35", "B = 0.45", "capacity.net_worth_share"),
        ("B = 60_000.0", "B = 75_001.0", "capacity.no_accounts_eur.B"),
        ("cap_eur = 10_000.0", "cap_eur = 1_000.0", "starter.steps[1].cap_eur"),
        ("below_paid_on_time = 3", "below_paid_on_time = 1", "starter.steps[1].below_paid_on_time"),
        ('A = "transfer"', 'A = "cheque"', "terms.means_of_payment.A"),
        ("max_overdue_days = 120", "max_overdue_days = true", "stops.max_overdue_days"),
        ("step_eur = 100.0", "step_eur = 0", "limit.step_eur"),
        ("step_eur = 100.0", "step_eur = 0.125", "limit.step_eur"),
        ("on_time_within_days = 15", "on_time_within_days = 20", "starter.on_time_within_days"),
        ('currency = "EUR"', 'currency = "euro"', "currency"),
        ("up_to_eur = 25_000.0", "up_to_eur = 5_000.0", "approval.levels[1].up_to_eur"),
        ('role = "analyst"', 'role = "somebody"', "approval.levels[1].role"),
    ],
)
def test_a_policy_that_breaks_an_order_or_a_range_is_refused(tmp_path: Path, old: str, new: str, key: str):
    with pytest.raises(PolicyError, match=rf"policy\.toml:\d+: {re.escape(key)}"):
        load_policy(written(tmp_path, (old, new)))


@pytest.mark.parametrize("content", [b"version = ", b"\xff\xfe"])
def test_an_unreadable_file_is_a_policy_error_that_names_it(tmp_path: Path, content: bytes):
    path = tmp_path / "broken.toml"
    path.write_bytes(content)
    with pytest.raises(PolicyError, match=r"broken\.toml"):
        load_policy(path)


def test_a_policy_kept_as_text_is_the_policy_of_its_file(tmp_path: Path):
    path = written(tmp_path)
    assert policy_from_text(path.read_text(encoding="utf-8"), "kept") == load_policy(path) == load_policy()


def test_faults_are_listed_without_raising_and_a_valid_text_has_none(tmp_path: Path):
    path = written(tmp_path, ("step_eur = 100.0", "step_eur = 0"))
    (fault,) = policy_faults(path.read_text(encoding="utf-8"), "kept")
    line = path.read_text(encoding="utf-8").splitlines()[fault.line - 1]
    assert (fault.key, line) == ("limit.step_eur", "step_eur = 0")
    assert policy_faults(written(tmp_path).read_text(encoding="utf-8"), "kept") == ()


def test_a_missing_file_is_a_policy_error(tmp_path: Path):
    with pytest.raises(PolicyError, match="cannot be read"):
        load_policy(tmp_path / "none.toml")


@pytest.mark.parametrize(
    ("before", "after", "key"),
    [
        ("[limit.validity_days]\nA = 365", "[limit.validity_days]\nA = 365.5", "limit.validity_days.A"),
        ("[review.every_days]\nA = 365", "[review.every_days]\nA = 365.5", "review.every_days.A"),
        ("[terms.max_days]\nA = 60", "[terms.max_days]\nA = 45.5", "terms.max_days.A"),
    ],
)
def test_days_are_whole(tmp_path: Path, before: str, after: str, key: str):
    text = written(tmp_path).read_text(encoding="utf-8")
    (fault,) = policy_faults(text.replace(before, after), "kept")
    assert fault.key == key
    assert "a whole number" in fault.words


def test_a_revision_of_a_field_that_there_is_not_is_refused():
    policy = load_policy()
    with pytest.raises(TypeError, match="step"):
        policy.revised(limit={"step": 1.0})
    with pytest.raises(AttributeError, match="step_eur"):
        policy.revised(step_eur=1.0)
