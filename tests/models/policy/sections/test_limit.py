from models.policy.document import policy_faults, policy_from_text, policy_text
from models.policy.sections.limit import ON_TIME_DAYS
from tests.models.policy.builders import a_case


def test_every_tolerance_that_a_policy_may_name_is_counted_in_a_case():
    assert [a_case(n_paid_late60=3).n_paid_late(days) for days in ON_TIME_DAYS] == [0, 0, 0, 3]


def test_a_tolerance_that_no_history_counts_by_is_refused():
    text = policy_text().replace("on_time_within_days = 15", "on_time_within_days = 7")
    (fault,) = policy_faults(text, "policy.toml")
    assert (fault.key, fault.words) == (
        "starter.on_time_within_days",
        "got 7; allowed is one of 0, 15, 30, 60",
    )


def test_a_step_is_whole_cents():
    text = policy_text()
    found = policy_from_text(text.replace("step_eur = 100.0", "step_eur = 0.1"), "policy.toml")
    assert found.limit.step_eur == 0.1
    (fault,) = policy_faults(text.replace("step_eur = 100.0", "step_eur = 0.125"), "policy.toml")
    assert fault.words == "got 0.125; allowed are whole cents"
