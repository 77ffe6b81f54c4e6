import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.explain.explanation import explain
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
    assert up[0].startswith("Ses factures échues augmentent le risque (")
    assert up[1].startswith("Its overdue invoices raise the risk (")
    assert down[0].startswith("Le niveau de ses factures échues réduit le risque (")
    assert down[1].startswith("The level of its overdue invoices lowers the risk (")


def test_a_figure_that_is_missing_is_told_as_unknown():
    assert sentences("equity_ratio", math.nan)[0].endswith("donnée inconnue).")
    assert sentences("equity_ratio", math.nan)[1].endswith("unknown).")


def test_a_customer_without_payments_is_told_so():
    assert "aucun paiement connu" in sentences("days_late_mean_all", math.nan, n_paid_all=0.0)[0]
    assert "aucun paiement connu" not in sentences("days_late_mean_all", math.nan, n_paid_all=2.0)[0]


def test_a_group_speaks_through_the_feature_that_pushes_most_its_way():
    (reason,) = explain(
        {"overdue_eur": 500.0, "overdue90_eur": 70.0}, {"overdue_eur": -0.9, "overdue90_eur": 1.5}
    )
    assert reason.contribution == pytest.approx(0.6)
    assert "90" in reason.sentence_fr


def test_nothing_to_explain_gives_no_reason():
    assert len(explain({}, {})) == 0
