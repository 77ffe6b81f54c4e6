import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.explain.reason_words import CODES, GROUPS, reason_words
from models.explain.reasons import Reasons
from models.features.build import INVOICE_FEATURES
from models.features.table import names
from models.wording.numerals import SPACE, WORD_SPACE
from tests.typography import faults

NAMES = names(INVOICE_FEATURES)
MINUS = "\N{MINUS SIGN}"


def sentences(
    name: str, value: float | None, *, raises: bool = True, unpaid: bool = False
) -> tuple[str, str]:
    (told,) = Reasons([0.0], [reason_words(name, raises, value, unpaid)])
    return told.sentence_fr, told.sentence_en


@given(
    name=st.sampled_from(NAMES),
    value=st.none() | st.floats(-1e7, 1e7).map(lambda value: value + 0.0),
    raises=st.booleans(),
    unpaid=st.booleans(),
)
def test_every_sentence_is_set_as_its_language_sets_it(
    name: str, value: float | None, raises: bool, unpaid: bool
):
    fr, en = sentences(name, value, raises=raises, unpaid=unpaid)
    assert faults(fr, "fr") == []
    assert faults(en, "en") == []
    assert fr[0].isupper()
    assert en[0].isupper()
    assert fr.endswith(").")
    assert en.endswith(").")
    assert fr.count("(") == fr.count(")") == en.count("(") == en.count(")") == 1


@given(name=st.sampled_from(NAMES), value=st.none() | st.floats(-1e7, 1e7), unpaid=st.booleans())
def test_what_raises_and_what_lowers_are_told_apart_by_their_verb(
    name: str, value: float | None, unpaid: bool
):
    up, down = (sentences(name, value, raises=raises, unpaid=unpaid) for raises in (True, False))
    assert re.search(r" (augmente|augmentent) le risque \(", up[0])
    assert " réduit le risque (" in down[0]
    assert re.search(r" raises? the risk \(", up[1])
    assert " lowers the risk (" in down[1]


@given(name=st.sampled_from(NAMES), value=st.floats(-1e4, 1e4))
def test_a_day_a_year_or_a_point_agrees_with_its_figure(name: str, value: float):
    fr, en = sentences(name, value)
    if found := re.search(rf"([\d{SPACE}]+)(?:,(\d))?{WORD_SPACE}(jours?|ans?|points?)\b", fr):
        count = float(f"{found[1].replace(SPACE, '')}.{found[2] or 0}")
        assert found[3].endswith("s") == (count >= 2)
    if found := re.search(r": \W?([\d,.]+) (days?|years?|months?|points?)\b", en):
        assert found[2].endswith("s") == (float(found[1].replace(",", "")) != 1)


@pytest.mark.parametrize(
    ("value", "fr", "en"),
    [
        (0.0, f"0{WORD_SPACE}jour", "0 days"),
        (1.0, f"1{WORD_SPACE}jour", "1 day"),
        (2.0, f"2{WORD_SPACE}jours", "2 days"),
        (-0.2, f"0{WORD_SPACE}jour", "0 days"),
        (-1.0, f"1{WORD_SPACE}jour d'avance", "1 day early"),
        (-3.0, f"3{WORD_SPACE}jours d'avance", "3 days early"),
    ],
)
def test_a_mean_delay_is_late_or_early_in_whole_days(value: float, fr: str, en: str):
    told = sentences("days_late_mean_365d", value)
    assert told[0].endswith(f"{SPACE}: {fr}).")
    assert told[1].endswith(f": {en}).")


@pytest.mark.parametrize("group", GROUPS)
def test_a_fault_is_named_only_where_it_is_one(group: str):
    subject = GROUPS[group]
    name = next(one.name for one in INVOICE_FEATURES if one.group == group)
    if subject.fault_fr is None:
        assert sentences(name, 1.0)[0].startswith(f"{subject.fr} augmente ")
    else:
        assert sentences(name, 1.0)[0].startswith(f"{subject.fault_fr} augmentent ")
        assert sentences(name, 1.0)[1].startswith(f"{subject.fault_en} raise ")
    for value, raises in ((0.0, True), (0.0, False), (1.0, False)):
        fr, en = sentences(name, value, raises=raises)
        assert fr.startswith(f"{subject.fr} {'augmente' if raises else 'réduit'} ")
        assert en.startswith(f"{subject.en} {'raises' if raises else 'lowers'} ")


def test_a_share_of_the_balance_sheet_is_told_as_a_percentage_and_its_change_in_points():
    assert sentences("equity_ratio", 0.321)[0].endswith(f"32,1{SPACE}%).")
    assert sentences("equity_ratio_change", -0.015)[0].endswith(f"{MINUS}1,5{WORD_SPACE}point).")
    assert sentences("turnover_growth", 0.12)[1].endswith("turnover: +12.0%).")
    assert sentences("current_ratio", 1_234.56)[0].endswith(f"1{SPACE}234,56).")
    assert sentences("amount_to_usual", 1.8)[0].endswith(f"1,8{WORD_SPACE}fois).")
    assert sentences("due_day_of_month", 15.0)[0].endswith(f"jour du mois{SPACE}: 15).")


def test_what_the_subject_names_is_told_by_its_value_alone():
    assert sentences("sector_section", 5.0)[0] == "Son secteur augmente le risque (construction)."
    assert sentences("terms_days", 45.0, raises=False)[0] == (
        f"Le délai de paiement réduit le risque (45{WORD_SPACE}jours)."
    )
    assert sentences("sector_section", None)[0].endswith(f"(secteur d'activité{SPACE}: donnée inconnue).")


def test_a_group_whose_figure_is_missing_for_want_of_payments_says_so():
    fr, en = sentences("days_late_mean_all", None, unpaid=True)
    assert fr == "Son comportement de paiement augmente le risque (aucun paiement connu à ce jour)."
    assert en == "Its payment behaviour raises the risk (no payment is known so far)."
    assert sentences("equity_ratio", None, unpaid=True)[0].endswith("donnée inconnue).")


def test_a_code_has_its_words_in_both_languages_and_one_out_of_range_the_nearest():
    for fr, en in CODES.values():
        assert len(fr) == len(en)
    assert len(CODES["sector_section"][0]) == 21
    assert sentences("legal_form_class", 1.0)[1] == "Its legal form raises the risk (sole trader)."
    assert sentences("legal_form_class", 99.0)[1].endswith("other private group).")


def test_both_languages_of_every_subject_differ():
    for subject in GROUPS.values():
        assert subject.fr != subject.en
        assert (subject.fault_fr is None) == (subject.fault_en is None)


def test_every_label_of_a_feature_is_set_as_its_language_sets_it():
    for feature in INVOICE_FEATURES:
        assert faults(feature.label_fr, "fr") == []
        assert faults(feature.label_en, "en") == []
