from models.policy.reading import PolicyReader
from models.policy.sections.limit import ON_TIME_DAYS, read_starter, read_step
from tests.models.policy.builders import a_case


def test_every_tolerance_that_a_policy_may_name_is_counted_in_a_case():
    assert [a_case(n_paid_late60=3).n_paid_late(days) for days in ON_TIME_DAYS] == [0, 0, 0, 3]


def test_a_tolerance_that_no_history_counts_by_is_refused_with_its_line():
    reader = PolicyReader.of_text("[starter]\non_time_within_days = 7\nsteps = []\n", "policy.toml")
    read_starter(reader)
    (fault,) = reader.faults()
    assert fault.told("policy.toml") == (
        "policy.toml:2: starter.on_time_within_days: got 7; allowed is one of 0, 15, 30, 60"
    )


def test_a_step_is_whole_cents():
    reader = PolicyReader.of_text("[limit]\nstep_eur = 0.1\n", "policy.toml")
    assert read_step(reader) == 0.1
    assert reader.faults() == ()
