import math

from hypothesis import given
from hypothesis import strategies as st

from models.explain.compared_words import Comparison
from models.explain.explanation import explain
from models.explain.reason_list import MOST_REASONS, ReasonList, reason_list
from models.explain.reasons import Reason, Reasons
from models.explain.typical_values import TypicalValues
from models.features.build import CUSTOMER_FEATURES
from models.features.table import names
from models.wording.formats import number, percent

NAMES = names(CUSTOMER_FEATURES)
ROUGHLY = TypicalValues(dict.fromkeys(NAMES, 0.4), {5: dict.fromkeys(NAMES, 0.2)})


def a_list(reasons: Reasons | list[Reason], base: float = -2.0) -> ReasonList:
    margin = base + math.fsum(one.contribution for one in reasons)
    value = 0.5 + 0.5 * math.tanh(margin / 2)
    return reason_list(value, (base, 1.0, 0.0), reasons, "late30", Comparison(ROUGHLY, 5))


def a_reason(contribution: float, feature: str = "overdue_eur", value: float | None = 9.0) -> Reason:
    return Reason("overdue", contribution, "f", "e", feature, value)


def cents(text: str) -> int:
    """Read a figure of a page as hundredths of a percent."""
    return round(100 * float(text.removesuffix("%").replace("−", "-")))


@given(
    shap=st.dictionaries(st.sampled_from(NAMES), st.floats(-5, 5), min_size=1, max_size=60),
    values=st.dictionaries(st.sampled_from(NAMES), st.floats(0, 1e5), max_size=60),
    base=st.floats(-8, 3),
)
def test_the_figures_that_are_written_sum_to_the_probability_that_is_written(shap, values, base):
    found = a_list(explain(values, shap), base)
    written = [number(100 * one.points, "en", found.decimals) for one in found.reasons]
    ends = [percent(one, "en", found.decimals) for one in (found.base, found.probability)]
    others = number(100 * found.others, "en", found.decimals)
    assert sum(map(cents, (ends[0], *written, others))) == cents(ends[1])
    assert len(written) <= MOST_REASONS
    assert all(cents(one) != 0 for one in written)


def test_a_reason_whose_words_contradict_it_is_in_the_remainder():
    better_but_raises = a_reason(1.0, "days_late_by_amount_365d", -9.0)
    found = a_list([better_but_raises, a_reason(-0.5, "late30_share_365d", 0.05)])
    (only,) = found.reasons
    assert only.sentence_en.endswith("over 12 months: 5.0%, against 20.0% on average in its sector")
    assert found.others > 0


def test_reasons_that_show_nothing_are_in_the_remainder():
    small = [a_reason(0.001, "overdue30_eur"), a_reason(0.0004, "overdue60_eur")]
    found = a_list([a_reason(2.0), *small])
    assert len(found.reasons) == 1


def test_a_tiny_probability_has_two_decimals_as_everywhere():
    assert a_list([a_reason(-0.1, "late30_share_365d", 0.0)], base=-6.0).decimals == 2
    assert a_list([a_reason(0.1)], base=0.0).decimals == 1


def test_an_answer_of_an_earlier_version_keeps_its_sentences():
    (only,) = a_list([Reason("overdue", 1.0, "Ses factures échues augmentent le risque.", "e")]).reasons
    assert only.sentence_fr == "Ses factures échues augmentent le risque."


def test_reasons_that_say_the_same_are_one():
    unpaid = [
        Reason("lateness", 0.4, "f", "e", "days_late_mean_all"),
        Reason("trend", 0.3, "f", "e", "n_paid_all", 0.0),
    ]
    (only,) = reason_list(0.2, (-2.0, 1.0, 0.0), unpaid, "late30", Comparison(unpaid=True)).reasons
    assert only.sentence_en == "No payment is known so far"
