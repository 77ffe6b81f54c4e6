import re
from collections.abc import Callable
from pathlib import Path

import pytest

from models.errors import PolicyChangeError, PolicyError, UnknownPolicyChangeError
from models.policy.document import policy_text
from serving.callers import Caller
from serving.store import Store
from serving.usecases.policy_changes import ChangePolicy
from tests.serving.served import served

ANALYST, OTHER = Caller("dominique", "analyst", "session"), Caller("sacha", "admin", "session")
REASON = "moins de pertes attendues"
PACKAGED = policy_text()


BUDGET = "budget_eur = 123"


def with_values(version: str, *, two_persons: bool = True) -> str:
    """Return the packaged policy under another version, with another budget of losses."""
    text = re.sub(r'^version = ".*"$', f'version = "{version}"', PACKAGED, flags=re.MULTILINE)
    text = re.sub(r"^budget_eur = .*$", BUDGET, text, flags=re.MULTILINE)
    return re.sub(
        r"^two_persons = .*$", f"two_persons = {str(two_persons).lower()}", text, flags=re.MULTILINE
    )


@pytest.fixture
def path(tmp_path: Path) -> Path:
    made = tmp_path / "policy.toml"
    made.write_text(with_values("base"), "utf-8")
    return made


@pytest.fixture
def policy(store: Store, path: Path) -> ChangePolicy:
    return ChangePolicy(lambda: store, path)


def changed(path: Path) -> str:
    return path.read_text("utf-8").replace('version = "base"', 'version = "next"')


def test_a_second_person_puts_a_change_in_force_and_all_of_it_is_in_the_audit_log(
    policy: ChangePolicy, path: Path, store: Store
):
    text, before = changed(path), path.read_text("utf-8")
    change = policy.propose(text, REASON, ANALYST)
    assert (change.closed, path.read_text("utf-8")) == (None, before)
    with pytest.raises(PolicyChangeError, match="second person"):
        policy.confirm(change.change_id, ANALYST)
    done = policy.confirm(change.change_id, OTHER)
    assert (done.closed, done.closed_by, path.read_text("utf-8")) == ("confirmed", "sacha", text)
    assert [(one.who, one.answer["event"]) for one in store.audit().items[::-1]] == [
        ("dominique", "proposed"),
        ("sacha", "confirmed"),
    ]
    for act in (
        lambda: policy.confirm(change.change_id, OTHER),
        lambda: policy.withdraw(change.change_id, "", OTHER),
    ):
        with pytest.raises(PolicyChangeError, match="closed by sacha"):
            act()
    assert sorted(one.name for one in path.parent.glob("*.toml")) == ["policy.toml"]


def test_without_the_rule_a_change_is_in_force_at_once(policy: ChangePolicy, path: Path):
    path.write_text(with_values("base", two_persons=False), "utf-8")
    assert policy.propose(changed(path), REASON, ANALYST).closed == "confirmed"
    assert 'version = "next"' in path.read_text("utf-8")


def test_the_rule_that_counts_is_that_of_the_policy_in_force(policy: ChangePolicy, path: Path):
    change = policy.propose(
        changed(path).replace("two_persons = true", "two_persons = false"), REASON, ANALYST
    )
    assert change.closed is None
    with pytest.raises(PolicyChangeError, match="second person"):
        policy.confirm(change.change_id, ANALYST)


def test_a_change_of_an_older_policy_is_refused(policy: ChangePolicy, path: Path):
    change = policy.propose(changed(path), REASON, ANALYST)
    path.write_text(path.read_text("utf-8").replace(BUDGET, "budget_eur = 124"), "utf-8")
    before = path.read_text("utf-8")
    with pytest.raises(PolicyChangeError, match="has changed since"):
        policy.confirm(change.change_id, OTHER)
    assert (policy.find(change.change_id).closed, path.read_text("utf-8")) == (None, before)


def test_a_folder_that_cannot_be_written_leaves_the_change_waiting(
    policy: ChangePolicy, path: Path, monkeypatch: pytest.MonkeyPatch
):
    change = policy.propose(changed(path), REASON, ANALYST)

    def full(*_given: object, **_named: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("tempfile.NamedTemporaryFile", full)
    with pytest.raises(PolicyError, match="No space left"):
        policy.confirm(change.change_id, OTHER)
    assert policy.find(change.change_id).closed is None


@pytest.mark.parametrize(
    ("edit", "reason", "what"),
    [
        (lambda text: text, REASON, "the one in force"),
        (lambda text: text.replace(BUDGET, "budget_eur = 9"), REASON, "version is still"),
        (lambda text: text.replace('"base"', '"next"'), "short", "at least 10"),
        (lambda text: text.replace(BUDGET, "budget_eur = -1"), REASON, "budget_eur"),
        (lambda _: "", REASON, "version"),
        (lambda _: "= nonsense", REASON, "."),
    ],
)
def test_what_is_no_change_is_refused_and_leaves_nothing(
    policy: ChangePolicy, path: Path, store: Store, edit: Callable[[str], str], reason: str, what: str
):
    with pytest.raises(PolicyError, match=what):
        policy.propose(edit(path.read_text("utf-8")), reason, ANALYST)
    assert policy.history() == ()
    assert store.audit().items == ()


def test_a_change_is_withdrawn(policy: ChangePolicy, path: Path):
    change = policy.propose(changed(path), REASON, ANALYST)
    assert policy.withdraw(change.change_id, "autre idée", ANALYST).closed == "withdrawn"
    with pytest.raises(UnknownPolicyChangeError):
        policy.find(change.change_id + 7)


def test_the_packaged_policy_is_examined_and_stays(store: Store):
    policy = ChangePolicy(lambda: store, None)
    assert policy.examine(PACKAGED.replace("budget_eur", "budget_euro"), "fr").faults
    assert policy.examine(PACKAGED, "fr").difference == ()
    with pytest.raises(PolicyChangeError, match="packaged policy"):
        policy.propose(with_values("next"), REASON, ANALYST)


def test_an_examination_tells_who_would_change():
    policy = ChangePolicy(lambda: served().store, None)
    found = policy.examine(with_values("next"), "fr")
    assert any(line.startswith("+") and "123" in line for line in found.difference)
    assert found.comparison is not None
    assert found.comparison.customers == served().store.search("").total
    assert found.comparison.after.limits_eur < found.comparison.before.limits_eur
    assert found.is_whole
