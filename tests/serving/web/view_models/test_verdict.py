from dataclasses import replace

import pytest

from models.policy.credit_case import CreditCase
from models.policy.decision.available_credit import available_credit
from models.policy.decision.decision import decide
from models.policy.decision.order import Order
from models.policy.document import load_policy
from models.policy.limit.limit import recommend_limit
from models.wording.formats import LANGUAGES
from serving.web.view_models.verdict import VerdictView, available_verdict, order_verdict
from serving.web.words import words
from tests.models.policy.builders import a_case

FR = words("fr")
POLICY = load_policy()
RISKY = a_case(grade="D", pd_12m=0.05)
STOPPED = a_case(open_proceeding=True)


def on_order(case: CreditCase, order: Order, language: str = "fr") -> VerdictView:
    answer = decide(case, order, POLICY).document()
    beside = {"answer_id": "a" * 32, "in_force": {"grade": case.grade}}
    return order_verdict(answer | beside, words(language))


def without_order(case: CreditCase, language: str = "fr") -> VerdictView:
    limit_eur = recommend_limit(case, POLICY).limit_eur
    return available_verdict(
        available_credit(case, POLICY, limit_eur).document(), case.grade, words(language)
    )


def test_an_order_within_the_limit_is_a_yes_with_its_amount_and_terms():
    view = on_order(a_case(), Order(1_000.0, 45))
    assert (view.outcome, view.headline) == ("accept", "Oui")
    assert view.order == f"Commande de {FR.eur(1_000)} TTC, à {FR.days(45)} date de facture"
    assert view.approval == FR("verdict.no_approval")


def test_an_only_condition_stands_in_the_headline_and_nowhere_else():
    view = on_order(a_case(), Order(1_000.0, 60))
    assert view.headline.startswith("Oui, si")
    assert "45" in view.headline
    assert view.conditions == ()


def test_several_conditions_are_listed_with_how_they_go_together():
    view = on_order(RISKY, Order(1_000.0, 15))
    assert view.headline == FR("verdict.yes_ifs")
    assert [(group.heading, len(group.conditions)) for group in view.conditions] == [
        (FR("verdict.always"), 2)
    ]
    assert "note\u00a0D" in view.reason


def test_what_refers_an_order_is_the_reason_and_who_decides_is_named():
    view = on_order(STOPPED, Order(10_000.0, 30))
    assert view.headline == FR("verdict.refer")
    assert view.reason.rstrip(".") in [
        FR.either(one.label_fr, one.label_en)
        for one in decide(STOPPED, Order(10_000.0, 30), POLICY).reasons
        if one.refers
    ]
    assert view.approval.startswith("À valider par")


def test_a_small_order_that_is_referred_is_for_the_credit_department_and_not_for_sales():
    assert on_order(STOPPED, Order(100.0, 30)).approval == FR("verdict.credit_decides")


def test_what_is_available_is_said_up_to_an_amount_at_the_longest_terms():
    view = without_order(a_case(open_eur=10_000.0))
    left = recommend_limit(a_case(open_eur=10_000.0), POLICY).limit_eur - 10_000.0
    assert view.headline == f"Oui, jusqu'à {FR.eur(left)} à {FR.days(45)}"
    assert view.conditions == ()


def test_a_limit_that_is_used_up_says_that_prepayment_is_enough():
    view = without_order(a_case(open_eur=1e6))
    assert view.headline == FR("verdict.yes_if", condition="paiement avant livraison")
    assert view.conditions == ()


def test_a_natural_person_is_for_a_person_with_what_the_calculation_allows():
    view = without_order(replace(a_case(), natural_person=True))
    assert view.outcome == "refer"
    assert view.allowed.startswith("Le calcul admet jusqu'à")
    assert "RGPD" in view.reason


def test_a_proceeding_is_the_reason_for_a_natural_person_too():
    view = without_order(replace(STOPPED, natural_person=True))
    assert "procédure" in view.reason


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("case", [a_case(), RISKY, STOPPED, a_case(open_eur=1e6)])
def test_a_reason_is_one_sentence_in_the_language_of_who_reads(case: CreditCase, language: str):
    for view in (on_order(case, Order(2_000.0, 30), language), without_order(case, language)):
        assert view.reason.endswith(".")
        assert not view.reason.endswith("..")
