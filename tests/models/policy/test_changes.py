from pathlib import Path

import models.policy.document
from models.policy.changes import changed_keys, single_changes
from models.policy.document import policy_from_text
from models.policy.sections.exposure import OPEN_INVOICES_ALONE

TEXT = Path(models.policy.document.__file__).with_name("policy.toml").read_text(encoding="utf-8")


def changed(*pairs: tuple[str, str]) -> str:
    text = TEXT
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new, 1)
    return text


def test_a_text_differs_from_itself_in_no_key_whatever_its_comments():
    assert changed_keys(TEXT, changed(("version =", "# a remark\nversion ="))) == ()
    assert single_changes(TEXT, TEXT) == {}


def test_a_list_of_steps_changes_as_one_key():
    other = changed(("cap_eur = 10_000.0", "cap_eur = 9_000.0"), ("budget_eur = 2_500.0", "budget_eur = 1.0"))
    assert changed_keys(TEXT, other) == ("expected_loss.budget_eur", "starter.steps")


def test_each_change_comes_alone_on_the_old_policy():
    other = changed(("lgd_share = 0.60", "lgd_share = 0.5"), ("step_eur = 100.0", "step_eur = 50.0"))
    alone = single_changes(TEXT, other)
    assert set(alone) == {"expected_loss.lgd_share", "limit.step_eur"}
    assert (alone["limit.step_eur"].limit.step_eur, alone["limit.step_eur"].expected_loss.lgd_share) == (
        50.0,
        0.6,
    )
    both = policy_from_text(other, "other")
    assert both.hash not in {policy.hash for policy in alone.values()}


def test_a_change_that_is_valid_only_with_another_comes_alone_too():
    other = changed(("B = 0.015", "B = 0.05"), ("C = 0.04", "C = 0.06"))
    assert changed_keys(TEXT, other) == ("pd_grades.B", "pd_grades.C")
    assert single_changes(TEXT, other)["pd_grades.B"].pd_grades == {
        "A": 0.005,
        "B": 0.05,
        "C": 0.04,
        "D": 0.3,
    }


def test_a_key_of_one_text_only_is_a_change():
    assert changed_keys("a = 1\n[t]\nb = 2\n", "a = 1\n[t]\nc = 3\n") == ("t.c", "t.b")


def test_a_section_that_an_earlier_policy_lacks_is_one_change():
    earlier = (Path(__file__).with_name("earlier_policy.toml")).read_text(encoding="utf-8")
    assert {"exposure", "proceedings"} <= set(changed_keys(earlier, TEXT))
    assert single_changes(earlier, TEXT)["exposure"].exposure == policy_from_text(TEXT, "new").exposure
    assert single_changes(TEXT, earlier)["exposure"].exposure == OPEN_INVOICES_ALONE
