import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.explanation import GROUPS, explain
from models.features.build import INVOICE_FEATURES
from models.features.table import names

NAMES = names(INVOICE_FEATURES)


@given(
    shap=st.dictionaries(st.sampled_from(NAMES), st.floats(-5, 5), max_size=60),
    values=st.dictionaries(st.sampled_from(NAMES), st.floats(0, 1e7) | st.just(math.nan), max_size=60),
)
def test_reasons_add_up_rank_by_weight_and_name_each_group_once(
    shap: dict[str, float], values: dict[str, float]
):
    reasons = explain(values, shap)
    assert math.fsum(reason.contribution for reason in reasons) == pytest.approx(math.fsum(shap.values()))
    weights = [abs(reason.contribution) for reason in reasons]
    assert weights == sorted(weights, reverse=True)
    groups = [reason.group for reason in reasons]
    assert len(set(groups)) == len(groups)
    for reason in reasons:
        for sentence in (reason.sentence_fr, reason.sentence_en):
            assert sentence.endswith(".")
            assert "nan" not in sentence.lower().split()


def sentences(name: str, value: float, weight: float = 1.0, **others: float) -> tuple[str, str]:
    (reason,) = explain({name: value, **others}, {name: weight})
    return reason.sentence_fr, reason.sentence_en


def test_a_reason_says_which_way_it_pushes():
    up, down = sentences("overdue_eur", 1_234.0, 0.5), sentences("overdue_eur", 0.0, -0.5)
    assert up[0].startswith("Ses factures échues augmentent le risque")
    assert up[1].startswith("Its overdue invoices raise the risk")
    assert down[0].startswith("Ses factures échues réduisent le risque")
    assert down[1].startswith("Its overdue invoices lower the risk")


def test_figures_are_written_as_each_language_writes_them():
    assert sentences("overdue_eur", 1_234.0)[0].endswith("1\u202f234 €.")
    assert sentences("overdue_eur", 1_234.0)[1].endswith("€1,234.")
    assert sentences("late30_share_365d", 0.125)[0].endswith("12,5 %.")
    assert sentences("late30_share_365d", 0.125)[1].endswith("12.5%.")
    assert sentences("current_ratio", 1_234.56)[0].endswith("1\u202f234,56.")
    assert sentences("natural_person", 1.0) == (
        "Sa forme juridique augmente le risque : personne physique : oui.",
        "Its legal form raises the risk: natural person: yes.",
    )


def test_a_code_is_told_by_its_name():
    assert sentences("sector_section", 5.0)[1].endswith(": F.")
    assert sentences("due_weekday", 4.0)[0].endswith("vendredi.")
    assert sentences("size_class", 1.0)[0].endswith("PME.")


def test_a_customer_without_history_is_told_so_in_words():
    fr, en = sentences("days_late_mean_all", math.nan, n_paid_all=0.0)
    assert fr == "Aucun paiement n'est connu à ce jour : cela augmente le risque."
    assert en == "No payment is known so far: this raises the risk."


def test_a_figure_that_is_missing_is_told_as_unknown():
    assert sentences("equity_ratio", math.nan)[0].endswith("inconnu.")
    assert sentences("equity_ratio", math.nan)[1].endswith("unknown.")


def test_a_group_speaks_through_the_feature_that_pushes_most_its_way():
    (reason,) = explain(
        {"overdue_eur": 500.0, "overdue90_eur": 70.0}, {"overdue_eur": -0.9, "overdue90_eur": 1.5}
    )
    assert reason.contribution == pytest.approx(0.6)
    assert "90" in reason.sentence_fr


def test_every_group_has_words_in_both_languages():
    for subject_fr, subject_en, _ in GROUPS.values():
        assert subject_fr.strip()
        assert subject_en.strip()
        assert subject_fr != subject_en


def test_nothing_to_explain_gives_no_reason():
    assert len(explain({}, {})) == 0
