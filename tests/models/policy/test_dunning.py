import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.policy.document import load_policy
from models.policy.dunning import FORMAL_AT, TONES, step_of
from models.policy.grades import PAYER_GRADES

RULES = load_policy().dunning
days = st.integers(0, 500)
payers = st.sampled_from(PAYER_GRADES)


@pytest.mark.parametrize(
    ("overdue", "payer", "ever_late", "tone"),
    [
        (3, "very_poor", True, "courteous"),
        (7, "very_poor", True, "firm"),
        (17, "very_poor", True, "formal"),
        (29, "very_good", True, "courteous"),
        (30, "very_good", True, "firm"),
        (60, "very_good", True, "formal"),
        (17, "very_poor", False, "firm"),
        (30, "very_poor", False, "firm"),
        (31, "very_poor", False, "formal"),
        (47, "very_poor", True, "legal"),
        (61, "very_poor", False, "legal"),
    ],
)
def test_the_tone_follows_the_delay_the_payer_and_its_past(
    overdue: int, payer: str, ever_late: bool, tone: str
):
    step = step_of(overdue, payer, ever_late=ever_late, rules=RULES)
    assert step is not None
    assert step.tone == tone


def test_a_delay_of_a_day_or_two_is_not_chased():
    assert step_of(RULES.first_reminder_days - 1, "very_poor", ever_late=True, rules=RULES) is None


@given(days, payers)
def test_a_first_small_delay_is_never_written_to_formally(overdue: int, payer: str):
    step = step_of(min(overdue, RULES.first_delay_days), payer, ever_late=False, rules=RULES)
    assert step is None or step.tone != "formal"


@given(days, days, payers, st.booleans())
def test_a_longer_delay_is_never_written_to_more_softly(one: int, other: int, payer: str, late: bool):
    steps = [step_of(day, payer, ever_late=late, rules=RULES) for day in sorted((one, other))]
    ranks = [-1 if step is None else TONES.index(step.tone) for step in steps]
    assert ranks == sorted(ranks)


@given(days, payers, payers, st.booleans())
def test_a_better_payer_is_never_written_to_more_harshly(overdue: int, one: str, other: str, late: bool):
    better, worse = sorted((one, other), key=PAYER_GRADES.index)
    tones = [step_of(overdue, payer, ever_late=late, rules=RULES) for payer in (better, worse)]
    ranks = [-1 if step is None else TONES.index(step.tone) for step in tones]
    assert ranks == sorted(ranks)


@given(days, payers, st.booleans())
def test_the_last_step_is_past_and_the_next_one_ahead(overdue: int, payer: str, late: bool):
    step = step_of(overdue, payer, ever_late=late, rules=RULES)
    if step is not None:
        assert RULES.first_reminder_days <= step.last_day <= overdue < step.next_day
        assert step.next_day - step.last_day <= RULES.repeat_days
        then = step_of(step.next_day, payer, ever_late=late, rules=RULES)
        assert then is not None
        assert then.tone == step.next_tone


@given(days, payers)
def test_only_a_notice_that_would_be_formal_is_spared(overdue: int, payer: str):
    first = step_of(overdue, payer, ever_late=False, rules=RULES)
    again = step_of(overdue, payer, ever_late=True, rules=RULES)
    if first is not None and again is not None:
        is_formal = [TONES.index(step.tone) >= FORMAL_AT for step in (first, again)]
        assert first.spared == (is_formal == [False, True])
        assert not again.spared
