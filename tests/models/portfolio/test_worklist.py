import datetime as dt
import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.law.insolvency import Insolvency
from models.law.insolvency_words import InsolvencyNotice, notice_of
from models.policy.document import load_policy
from models.policy.grades import PAYER_GRADES
from models.portfolio.debtors import Debtor, OpenInvoice
from models.portfolio.worklist import STAGE_OF, worklist
from models.wording.numerals import SPACE, WORD_SPACE
from tests.typography import faults

DAY = dt.date(2026, 11, 21)
RULES = load_policy().dunning


def an_invoice(overdue: int = 25, eur: float = 1_000.0, p: float = 0.5, **more: object) -> OpenInvoice:
    made = OpenInvoice(f"F{overdue}-{eur}", DAY - dt.timedelta(days=overdue), eur, p, overdue)
    return replace(made, **more)  # type: ignore[arg-type]  # fields by name


def a_debtor(*invoices: OpenInvoice, **more: object) -> Debtor:
    return replace(Debtor("C1", "Société C1", "good", True, invoices), **more)  # type: ignore[arg-type]


invoices = st.builds(
    OpenInvoice,
    st.text("F0123456789", min_size=1, max_size=4),
    st.just(DAY),
    st.integers(0, 10_000_000).map(lambda cents: cents / 100),  # amounts are whole cents
    st.floats(0, 1),
    st.integers(-60, 1_000),
    st.booleans(),
)
debtors = st.builds(
    Debtor,
    st.text("C012", min_size=1, max_size=3),
    st.none(),
    st.sampled_from(PAYER_GRADES),
    st.booleans(),
    st.lists(invoices, max_size=4).map(tuple),
    st.floats(-1_000, 0),
)


def test_euros_at_risk_are_what_is_open_times_the_probability():
    line = worklist([a_debtor(an_invoice(25, 1_000, 0.5), an_invoice(40, 200, 1.0))], DAY, RULES)[0]
    assert (line.at_risk_eur, line.overdue_eur, line.oldest_days) == (700.0, 1_200.0, 40)
    assert [invoice.open_eur for invoice in line.invoices] == [1_000, 200]


def test_what_is_in_dispute_is_set_apart_and_sets_no_tone():
    line = worklist([a_debtor(an_invoice(5), an_invoice(90, 5_000, 1.0, disputed=True))], DAY, RULES)[0]
    assert (line.tone, line.overdue_eur, line.disputed_eur) == ("courteous", 1_000.0, 5_000.0)
    assert [invoice.disputed for invoice in line.disputed] == [True]


def test_a_customer_with_disputes_only_is_not_chased():
    assert worklist([a_debtor(an_invoice(90, disputed=True))], DAY, RULES) == ()


def test_what_is_not_due_yet_is_not_chased():
    assert worklist([a_debtor(an_invoice(-3))], DAY, RULES) == ()


def test_trifles_are_not_chased():
    assert worklist([a_debtor(an_invoice(60, RULES.de_minimis_eur - 0.01))], DAY, RULES) == ()
    assert worklist([a_debtor(an_invoice(60, RULES.de_minimis_eur))], DAY, RULES)


def test_money_on_account_that_covers_the_debt_spares_a_reminder():
    assert worklist([a_debtor(an_invoice(60, 500.0), on_account_eur=-500.0)], DAY, RULES) == ()


def test_the_steps_are_dated_by_the_oldest_delay():
    line = worklist([a_debtor(an_invoice(25))], DAY, RULES)[0]
    firm = int(RULES.firm_after_days["good"])
    assert line.tone == "firm"
    assert line.last_step_on == DAY - dt.timedelta(days=25 - firm)
    assert line.next_step_on == line.last_step_on + dt.timedelta(days=RULES.repeat_days)


def test_the_sentence_says_why_in_both_languages():
    line = worklist([a_debtor(an_invoice(25))], DAY, RULES)[0]
    assert line.why_fr.replace(SPACE, " ").replace(WORD_SPACE, " ") == (
        "Facture la plus ancienne échue depuis 25 jours, bon payeur : relance ferme."
    )
    assert line.why_en == "Oldest invoice overdue for 25 days, good payer: a firm reminder."


def test_a_first_delay_that_is_spared_says_so():
    line = worklist([a_debtor(an_invoice(28), payer_grade="very_poor", ever_late=False)], DAY, RULES)[0]
    assert line.tone == "firm"
    assert "Premier retard de ce client" in line.why_fr
    assert "no formal notice before 31 days" in line.why_en


@given(st.lists(debtors, max_size=6, unique_by=lambda d: d.customer_id))
def test_the_list_is_ranked_and_holds_nothing_disputed_or_not_due(those: list[Debtor]):
    lines = worklist(those, DAY, RULES)
    saveable = [line.saveable_eur for line in lines]
    assert saveable == sorted(saveable, reverse=True)
    for line in lines:
        owed_eur = round(sum(invoice.open_eur for invoice in line.invoices), 2)
        is_due = line.stage != "not_due"
        assert all(not i.disputed and (i.days_overdue > 0) == is_due for i in line.invoices)
        assert line.saveable_eur <= line.at_risk_eur + 0.01
        assert line.saveable_eur <= max(owed_eur + line.on_account_eur, 0.0) + 0.01
        assert line.at_risk_eur <= owed_eur + line.lost_eur + 0.01
        assert owed_eur >= RULES.de_minimis_eur
        assert line.last_step_on <= DAY
        assert line.next_step_on is None or line.next_step_on > DAY
        json.dumps(line.document(), allow_nan=False)


@given(st.lists(debtors, max_size=6, unique_by=lambda d: d.customer_id))
def test_the_order_customers_come_in_changes_nothing(those: list[Debtor]):
    assert worklist(those, DAY, RULES) == worklist(reversed(those), DAY, RULES)


def judged(stage: str = "open", published: int = 30, **more: object) -> InsolvencyNotice:
    """What is said of a receivership that was judged and published so many days before `DAY`."""
    day = DAY - dt.timedelta(days=published)
    found = Insolvency(stage, "receivership", day, day, day, "BODACC A1")  # type: ignore[arg-type]  # a stage
    return notice_of(replace(found, **more), DAY, 2)  # type: ignore[arg-type]  # fields by name


def issued(days_ago: int, overdue: int, eur: float = 1_000.0, **more: object) -> OpenInvoice:
    return an_invoice(overdue, eur, issued_on=DAY - dt.timedelta(days=days_ago), **more)


def test_under_a_proceeding_the_claim_is_declared_and_nobody_is_reminded():
    before = (issued(100, 60), issued(40, -5, 500.0), issued(80, 40, 300.0, disputed=True))
    debtor = a_debtor(*before, issued(10, 1, 70.0), insolvency=judged(), on_account_eur=-200.0)
    line = worklist([debtor], DAY, RULES)[0]
    assert (line.tone, line.claim_eur, line.at_risk_eur) == ("declare", 1_600.0, 1_600.0)
    assert line.next_step_on == dt.date(2026, 12, 22)
    assert "Déclarer la créance avant le 22/12/2026" in line.why_fr
    assert "Facturé depuis" in line.why_fr
    assert len(line.invoices) == 3
    json.dumps(line.document(), allow_nan=False)


@pytest.mark.parametrize(("published", "tone"), [(30, "declare"), (90, "relief"), (400, "follow")])
def test_after_the_deadlines_a_line_says_what_is_left(published: int, tone: str):
    debtor = a_debtor(issued(published + 50, published + 20), insolvency=judged(published=published))
    line = worklist([debtor], DAY, RULES)[0]
    assert line.tone == tone
    assert (line.at_risk_eur == 0) == (tone == "follow")  # nothing that a call could save
    assert (line.next_step_on is None) == (tone == "follow")


def test_who_owes_nothing_from_before_the_opening_has_nothing_to_declare():
    assert worklist([a_debtor(issued(5, 1), insolvency=judged())], DAY, RULES) == ()


def test_under_a_plan_only_what_came_after_the_opening_is_chased():
    plan = judged("plan", 700, plan_until=DAY + dt.timedelta(days=3_000))
    line = worklist([a_debtor(issued(800, 700), issued(90, 60, 400.0), insolvency=plan)], DAY, RULES)[0]
    assert (line.overdue_eur, line.oldest_days) == (400.0, 60)
    assert worklist([a_debtor(issued(800, 700), insolvency=plan)], DAY, RULES) == ()


def test_a_judgment_that_was_not_understood_is_read_before_any_reminder():
    unread = judged("none", unread_on=DAY, unread_source="BODACC A9")
    line = worklist([a_debtor(an_invoice(90), insolvency=unread)], DAY, RULES)[0]
    assert (line.tone, line.claim_eur, line.next_step_on) == ("read", 0.0, None)
    assert "BODACC A9" in line.why_en


@given(debtors, st.integers(0, 900), st.sampled_from(["open", "none"]))
def test_no_line_under_a_proceeding_or_an_unread_judgment_proposes_a_reminder(
    debtor: Debtor, published: int, stage: str
):
    notice = judged(stage, published, unread_on=DAY if stage == "none" else None)
    for line in worklist([replace(debtor, insolvency=notice)], DAY, RULES):
        assert STAGE_OF[line.tone] == STAGE_OF[line.next_tone] == "insolvency"
        assert faults(line.why_fr, "fr") == []
        assert faults(line.why_en, "en") == []


def test_a_large_fresh_debt_comes_before_older_larger_ones_that_no_call_saves():
    fresh = replace(a_debtor(an_invoice(12, 40_000, 0.5)), customer_id="fresh")
    insolvent = replace(a_debtor(issued(900, 802, 90_000)), customer_id="insolvent", insolvency=judged())
    old = replace(a_debtor(an_invoice(700, 90_000, 1.0)), customer_id="old")
    lost = replace(a_debtor(an_invoice(802, 90_000, 1.0)), customer_id="lost")
    lines = worklist([lost, old, insolvent, fresh], DAY, RULES)
    assert [line.customer_id for line in lines] == ["fresh", "old", "insolvent", "lost"]
    assert [line.stage for line in lines] == ["amicable", "legal", "insolvency", "lost"]
    assert lines[-1].saveable_eur == 0.0


def test_what_a_call_saves_halves_with_each_half_life_after_thirty_days():
    half_life = RULES.half_life_days
    ages = (1, 30, 30 + int(half_life), 30 + 2 * int(half_life))
    saveable = [an_invoice(age, 1_000.0, 1.0).saveable_eur(half_life) for age in ages]
    assert saveable == pytest.approx([1_000.0, 1_000.0, 500.0, 250.0])


def test_old_invoices_count_as_lost_beside_younger_ones_that_set_the_step():
    line = worklist([a_debtor(an_invoice(802, 300.0, 1.0), an_invoice(25))], DAY, RULES)[0]
    assert (line.tone, line.lost_eur, line.overdue_eur) == ("firm", 300.0, 1_300.0)
    assert "réputés perdus" in line.why_fr
    assert [invoice.days_overdue for invoice in line.invoices] == [25]


def test_what_was_invoiced_before_a_write_off_is_lost_and_what_came_after_is_not():
    debtor = a_debtor(issued(90, 60), written_off_on=DAY - dt.timedelta(days=40))
    assert worklist([debtor], DAY, RULES)[0].tone == "write_off"
    later = replace(debtor, invoices=(issued(39, 9),))
    assert worklist([later], DAY, RULES)[0].stage == "amicable"


def test_a_large_invoice_at_risk_is_reminded_of_before_it_falls_due():
    soon = an_invoice(-RULES.before_due_days, 20_000.0, 0.4)
    line = worklist([a_debtor(soon)], DAY, RULES)[0]
    assert (line.tone, line.overdue_eur, line.saveable_eur) == ("before_due", 0.0, 8_000.0)
    assert "40" in line.why_fr
    assert faults(line.why_fr, "fr") == []
    assert worklist([a_debtor(replace(soon, days_overdue=-RULES.before_due_days - 1))], DAY, RULES) == ()
    never = RULES.with_fields({"before_due_days": 0})
    assert worklist([a_debtor(replace(soon, days_overdue=0))], DAY, never) == ()


@pytest.mark.parametrize("grade", PAYER_GRADES)
def test_one_day_is_written_in_the_singular(grade: str):
    rules = RULES.with_fields({"first_reminder_days": 1})
    line = worklist([a_debtor(an_invoice(1), payer_grade=grade)], DAY, rules)[0]
    assert f"depuis 1{WORD_SPACE}jour," in line.why_fr
    assert "for 1 day," in line.why_en


@given(st.sampled_from(PAYER_GRADES), st.integers(1, 40_000), st.booleans())
def test_every_sentence_is_set_as_its_language_sets_it(grade: str, days: int, ever_late: bool):
    rules = RULES.with_fields({"first_reminder_days": 1})
    debtor = a_debtor(an_invoice(days), payer_grade=grade, ever_late=ever_late)
    line = worklist([debtor], DAY, rules)[0]
    if days > 90:  # nobody praises whom it hands to lawyers or writes off
        assert "payeur" not in line.why_fr
    assert faults(line.why_fr, "fr") == []
    assert faults(line.why_en, "en") == []
