import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.law.insolvency import Insolvency
from models.law.insolvency_words import InsolvencyNotice, notice_of
from models.policy.document import load_policy
from models.policy.grades import GRADES
from models.portfolio.change_words import sentence
from models.portfolio.changes import (
    CAUSES,
    KINDS,
    ChangeCause,
    ChangeKind,
    ComparedFigures,
    cause_of,
    effects_of,
    kinds_of,
    severity_of,
)
from models.wording.numerals import SPACE
from tests.typography import faults

RULES, WARN_DAYS = load_policy().alerts, load_policy().proceedings.warn_days
CALM = ComparedFigures(0.01, 0.2, "B", 10_000.0, 2_000.0, 0.0, False, 0.0)

figures = st.builds(
    ComparedFigures,
    st.floats(0, 1),
    st.floats(0, 1),
    st.sampled_from(GRADES),
    st.floats(0, 1e6),
    st.floats(-1e4, 1e6),
    st.floats(0, 400),
    st.booleans(),
    st.floats(0, 1e6),
)


def changed(**more: object) -> ComparedFigures:
    return replace(CALM, **more)  # type: ignore[arg-type]  # fields by name


@pytest.mark.parametrize(
    ("after", "kinds", "severity"),
    [
        (changed(), (), None),
        (changed(open_proceeding=True), ("proceeding",), "high"),
        (changed(grade="C"), ("grade",), "medium"),
        (changed(grade="D"), ("grade",), "high"),
        (changed(grade="A"), ("grade",), "low"),
        (changed(limit_eur=9_000.0), (), None),
        (changed(limit_eur=8_000.0), ("limit",), "medium"),
        (changed(limit_eur=13_000.0), ("limit",), "low"),
        (changed(limit_eur=0.0), ("limit", "over_limit"), "high"),
        (changed(pd_12m=0.02), ("probability",), "medium"),
        (changed(pd_12m=0.004), ("probability",), "low"),
        (changed(p_late30=0.4), ("probability",), "medium"),
        (changed(open_eur=10_001.0), ("over_limit",), "medium"),
        (changed(oldest_overdue_days=60.0), ("long_overdue",), "medium"),
    ],
)
def test_a_change_is_told_with_its_urgency(
    after: ComparedFigures, kinds: tuple[str, ...], severity: str | None
):
    found = kinds_of(CALM, after, RULES, WARN_DAYS)
    assert found == kinds
    if severity is not None:
        assert severity_of(CALM, after, found, RULES) == severity


def test_cover_that_ends_is_told_once():
    before = changed(covered_eur=9_000.0)
    assert kinds_of(before, CALM, RULES, WARN_DAYS) == ("cover_ended",)
    assert kinds_of(CALM, CALM, RULES, WARN_DAYS) == ()


def test_what_was_told_already_is_not_told_again():
    bad = changed(open_proceeding=True, open_eur=20_000.0, oldest_overdue_days=99.0)
    assert kinds_of(bad, replace(bad, oldest_overdue_days=100.0), RULES, WARN_DAYS) == ()


@given(figures, figures, figures, figures)
def test_the_three_parts_sum_to_the_whole_change(
    old: ComparedFigures, policy: ComparedFigures, models: ComparedFigures, new: ComparedFigures
):
    effects = effects_of(old, policy, models, new)
    for measure in ("pd_12m", "p_late30", "limit_eur"):
        assert effects[measure].whole == pytest.approx(
            getattr(new, measure) - getattr(old, measure), rel=1e-9, abs=1e-6
        )
    assert effects["grade"].whole == GRADES.index(new.grade) - GRADES.index(old.grade)


@given(figures, figures)
def test_with_the_same_models_and_policy_all_is_due_to_the_data(old: ComparedFigures, new: ComparedFigures):
    effects = effects_of(old, old, old, new)
    assert all((effect.model, effect.policy) == (0, 0) for effect in effects.values())
    kinds = kinds_of(old, new, RULES, WARN_DAYS)
    if kinds:
        assert cause_of(kinds, effects) == "data"


@given(figures, figures)
def test_with_the_same_data_nothing_is_due_to_it(old: ComparedFigures, other: ComparedFigures):
    assert all(effect.data == 0 for effect in effects_of(old, old, other, other).values())
    assert all(effect.model == 0 for effect in effects_of(old, other, other, other).values())


@given(figures, figures)
def test_every_change_is_worded_in_both_languages(old: ComparedFigures, new: ComparedFigures):
    kinds = kinds_of(old, new, RULES, WARN_DAYS)
    if kinds:
        for cause in CAUSES:
            fr, en = sentence(old, new, kinds, cause, RULES)
            assert fr.endswith(".")
            assert en.endswith(".")
            assert fr != en


def test_an_exposure_above_a_limit_that_another_policy_lowered_is_due_to_the_policy():
    lower, after = changed(limit_eur=8_500.0), changed(limit_eur=8_500.0, open_eur=9_000.0)
    before = changed(open_eur=8_900.0)
    kinds = kinds_of(before, after, RULES, WARN_DAYS)
    assert kinds == ("over_limit",)
    assert cause_of(kinds, effects_of(before, replace(lower, open_eur=8_900.0), lower, after)) == "policy"


def test_a_sentence_reads_as_a_person_would_say_it():
    after = changed(grade="D", limit_eur=1_500.0)
    kinds = kinds_of(CALM, after, RULES, WARN_DAYS)
    fr, en = sentence(CALM, after, kinds, "data", RULES)
    told = "Note B → D ; plafond 10 000 € → 1 500 € ; encours de 2 000 € au-dessus du plafond de 1 500 €"
    assert fr.replace(SPACE, " ") == f"{told} (ses données ont changé)."
    assert en == (
        "Grade B → D; limit €10,000 → €1,500; exposure of €2,000 above the limit of €1,500 "
        "(its data changed)."
    )


def judged(published: str, stage: str = "open", **more: object) -> InsolvencyNotice:
    """What is said of a receivership published on a day, as of 1 June 2026."""
    day = dt.date.fromisoformat(published)
    found = Insolvency(stage, "receivership", day, day, day, "BODACC A1")  # type: ignore[arg-type]  # a stage
    return notice_of(replace(found, **more), dt.date(2026, 6, 1), 2)  # type: ignore[arg-type]  # by name


def in_proceeding(left: int, **more: object) -> ComparedFigures:
    notice = judged("2026-04-15")
    return changed(open_proceeding=True, insolvency=notice, days_to_declare=left, **more)


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (in_proceeding(22), in_proceeding(21), True),
        (in_proceeding(30), in_proceeding(0), True),
        (in_proceeding(21), in_proceeding(20), False),
        (in_proceeding(22), in_proceeding(-1), False),
        (in_proceeding(40), in_proceeding(22), False),
        (in_proceeding(22), in_proceeding(21, open_eur=0.0), False),
        (CALM, in_proceeding(5), True),
    ],
)
def test_a_claim_to_declare_within_the_policys_days_is_told_once(
    before: ComparedFigures, after: ComparedFigures, told: bool
):
    kinds = kinds_of(before, after, RULES, WARN_DAYS)
    assert ("declare_claim" in kinds) == told
    if told:
        assert severity_of(before, after, kinds, RULES) == "high"
        assert "réance à déclarer avant le 15/06/2026" in sentence(before, after, kinds, "data", RULES)[0]


def test_a_new_proceeding_is_told_with_its_days_and_without_a_probability():
    after = in_proceeding(14, pd_12m=1.0, p_late30=0.9)
    kinds = kinds_of(CALM, after, RULES, WARN_DAYS)
    assert kinds[:2] == ("proceeding", "declare_claim")
    assert "probability" not in kinds
    fr, en = sentence(CALM, after, kinds, "data", RULES)
    assert "jugement du 15/04/2026" in fr
    assert "claim to declare by 2026-06-15" in en
    assert after.document()["pd_12m"] is None
    assert after.document()["declare_by"] == "2026-06-15"


def test_a_conversion_a_plan_and_an_unread_judgment_are_told():
    liquidated = replace(in_proceeding(-3), insolvency=replace(judged("2026-04-15"), kind="liquidation"))
    assert kinds_of(in_proceeding(-2), liquidated, RULES, WARN_DAYS) == ("proceeding",)
    planned = changed(insolvency=judged("2026-04-15", "plan", plan_until=dt.date(2036, 4, 15)))
    assert kinds_of(CALM, planned, RULES, WARN_DAYS) == ("plan",)
    unread = changed(insolvency=judged("2026-04-15", "none", unread_on=dt.date(2026, 5, 2)))
    assert kinds_of(CALM, unread, RULES, WARN_DAYS) == ("unread_judgment",)
    assert severity_of(CALM, unread, ("unread_judgment",), RULES) == "high"
    assert kinds_of(unread, unread, RULES, WARN_DAYS) == ()
    assert (
        "Jugement du 02/05/2026 non compris" in sentence(CALM, unread, ("unread_judgment",), "data", RULES)[0]
    )


@given(
    kinds=st.sets(st.sampled_from(KINDS), min_size=1).map(tuple),
    cause=st.sampled_from(CAUSES),
    limit=st.floats(0, 1e7),
    pd=st.floats(0, 1),
)
def test_every_sentence_is_set_as_its_language_sets_it(
    kinds: tuple[ChangeKind, ...], cause: ChangeCause, limit: float, pd: float
):
    after = changed(limit_eur=limit, pd_12m=pd, p_late30=1 - pd)
    fr, en = sentence(CALM, after, kinds, cause, RULES)
    assert faults(fr, "fr") == []
    assert faults(en, "en") == []
    assert "limite" not in fr


def test_only_the_probability_that_moved_is_told_and_a_small_one_more_finely():
    before, after = replace(CALM, pd_12m=0.004, p_late30=0.1), replace(CALM, pd_12m=0.0065, p_late30=0.1)
    fr, en = sentence(before, after, ("probability",), "data", RULES)
    assert fr.replace(SPACE, " ") == (
        "Probabilité de défaillance à 12 mois 0,40 % → 0,65 % (ses données ont changé)."
    )
    assert en == "Probability of default within 12 months 0.40% → 0.65% (its data changed)."


def test_both_probabilities_are_told_where_both_moved():
    fr, en = sentence(CALM, replace(CALM, pd_12m=0.3, p_late30=0.9), ("probability",), "model", RULES)
    assert ", de retard de plus de 30 jours " in fr
    assert ", of more than 30 days late " in en
