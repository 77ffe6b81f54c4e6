import re

from hypothesis import given
from hypothesis import strategies as st

from models.explain.compared_words import Comparison, compared_words, expected_sign
from models.explain.reason_words import BY_NAME
from models.explain.reasons import Reason
from models.explain.typical_values import TypicalValues
from models.features.build import INVOICE_FEATURES
from models.features.table import names
from models.wording.numerals import SPACE
from tests.typography import faults

NAMES = names(INVOICE_FEATURES)
EVERYONE = {"late0_share_365d": 0.4, "peer_late30_rate": 0.05, "days_late_mean_365d": 5.0, "size_class": 1.0}
SECTOR = EVERYONE | {"late0_share_365d": 0.48, "peer_late30_rate": 0.08}
KNOWN = Comparison(TypicalValues(EVERYONE, {5: SECTOR}), 5)


def words(
    name: str, value: float | None, contribution: float, with_: Comparison = KNOWN
) -> tuple[str, str] | None:
    return compared_words(Reason("g", contribution, "f", "e", name, value), "late30", with_)


def test_a_reason_says_compared_with_what():
    fr, en = words("late0_share_365d", 0.32, -0.3) or ("", "")
    assert fr.endswith(
        f"en retard sur 12 mois{SPACE}: 32,0{SPACE}%, contre 48,0{SPACE}% en moyenne dans son secteur"
    )
    assert en == "Share of invoices paid late over 12 months: 32.0%, against 48.0% on average in its sector"
    elsewhere = words("late0_share_365d", 0.32, -0.3, Comparison(KNOWN.typical, 9))
    assert elsewhere is not None
    assert elsewhere[1].endswith("against 40.0% on average among your customers")


def test_a_good_value_that_raises_or_a_bad_one_that_lowers_is_not_said():
    assert words("late0_share_365d", 0.32, 0.3) is None
    assert words("late0_share_365d", 0.6, -0.3) is None
    assert words("days_late_mean_365d", 1.0, 0.3) is None
    assert words("overdue_eur", 0.0, 0.3) is None
    assert words("equity_ratio", -0.2, -0.3) is None


def test_what_is_overdue_raises_the_risk_also_where_others_have_more_and_is_not_compared_then():
    with_more = Comparison(TypicalValues({"overdue_eur": 9_000.0}, {}))
    assert words("overdue_eur", 1_000.0, 0.3, with_more) == (
        f"Montant échu{SPACE}: 1{SPACE}000{SPACE}€",
        "Overdue amount: €1,000",
    )
    assert words("overdue_eur", 0.0, 0.3, with_more) is None


def test_what_equals_the_average_or_is_unknown_and_lowers_is_not_said():
    assert words("late0_share_365d", 0.4801, 0.3) is None
    assert words("equity_ratio", None, -0.3) is None
    assert words("equity_ratio", None, 0.3) == (
        f"Capitaux propres / total du bilan{SPACE}: donnée inconnue",
        "Equity to assets: unknown",
    )


def test_a_sector_is_compared_by_its_rate_of_late_payment():
    found = words("sector_section", 5.0, 0.2)
    assert found is not None
    assert found[1] == (
        "Sector: construction, 8.0% of invoices more than 30 days late, against 5.0% among your customers"
    )
    assert words("sector_section", 5.0, -0.2) is None


def test_an_estimate_of_the_probability_is_compared_with_the_average_customer_s():
    habit = Reason("lateness", -0.9, "f", "e", "curve_30", -2.0)
    known = Comparison(TypicalValues({"curve_30": -3.0}, {}))
    assert (
        str(compared_words(habit, "late30", known, 0.211)).count("against 21.1% for an average customer") == 1
    )
    assert compared_words(habit, "late30", known, 0.05) is None


def test_the_own_past_is_told_as_such():
    assert words("days_late_trend", 4.2, 0.2) == (
        "Paie 4\N{NO-BREAK SPACE}jours plus tard sur 90 jours que sur 12 mois",
        "Pays 4 days later over 90 days than over 12 months",
    )
    assert words("days_late_trend", 4.2, -0.2) is None
    assert words("days_late_trend", 0.2, 0.2) is None


def test_no_history_is_told_once_and_only_where_it_raises():
    unpaid = Comparison(unpaid=True)
    assert words("days_late_mean_all", None, 0.2, unpaid) == (
        "Aucun paiement connu à ce jour", "No payment is known so far",
    )  # fmt: skip
    assert words("days_late_mean_all", None, -0.2, unpaid) is None
    assert words("oldest_overdue_days", 0.0, -0.2, unpaid) is None
    assert words("overdue_eur", 500.0, 0.2, unpaid) != words("overdue_eur", 0.0, 0.2, unpaid)
    fr, en = words("curve_30", -3.0, -0.9, unpaid) or ("", "")
    assert "d'après l'ensemble des clients, faute d'historique" in fr
    assert en.endswith("judging by all customers for want of history: 4.7%")


@given(
    name=st.sampled_from(NAMES),
    value=st.none() | st.floats(-1e6, 1e6).map(lambda value: value + 0.0),
    average=st.floats(-1e6, 1e6).map(lambda value: value + 0.0),
    contribution=st.sampled_from([-0.5, 0.5]),
)
def test_every_comparison_is_well_set_and_never_against_the_expected_direction(
    name: str, value: float | None, average: float, contribution: float
):
    typical = TypicalValues(dict.fromkeys(NAMES, average), {})
    found = words(name, value, contribution, Comparison(typical, None))
    if found is None:
        return
    fr, en = found
    assert faults(fr, "fr") == []
    assert faults(en, "en") == []
    assert fr[0].isupper()
    assert en[0].isupper()
    if value is not None and re.search(" (en moyenne|on average) ", fr):
        sign = expected_sign(BY_NAME[name])
        assert sign == 0 or ((value > average) == (sign > 0)) == (contribution > 0)


def test_the_contract_of_a_feature_is_what_is_expected_of_it():
    unexpected = [name for name in NAMES if BY_NAME[name].sign not in (0, expected_sign(BY_NAME[name]))]
    assert unexpected == []
