import datetime as dt

import pytest

from serving.callers import Caller
from serving.store import Override
from serving.web.view_models.override_form import OverrideForm
from serving.web.view_models.overrides import overrides_view
from serving.web.words import words
from tests.serving.fakes import FakeAssessor
from tests.serving.store.builders import an_override
from tests.serving.web.view_models.builders import a_document, a_file, in_force

FR = words("fr")
TODAY = dt.date(2026, 11, 22)
ANALYST, SALES = Caller("dominique", "analyst", "session"), Caller("camille", "sales", "session")
SET_AT = dt.datetime(2026, 11, 1, 9, 30, tzinfo=dt.UTC)


def kept(number: int = 1, **changes: object):
    return an_override(**({"override_id": number, "created_at": SET_AT} | changes))


def view_of(*overrides: Override, person: Caller = ANALYST, assessor=None, document=None, **counts: object):
    row = {"assessment": document or a_document()}
    found = a_file(row, overrides=overrides)
    return overrides_view(found, in_force(**counts), person, TODAY, FR, assessor or FakeAssessor())


def stopped_document():
    document = a_document()
    stop = {"name": "open_proceeding", "label_fr": "Blocage : procédure", "label_en": "Stop", "inputs": {}}
    terms = [{**stop, "value_eur": 0.0}, *document["limit"]["terms"]]
    return a_document(limit={**document["limit"], "terms": terms})


def test_what_counts_stands_beside_the_models_own():
    view = view_of(limit_eur=40_000.0, own_limit_eur=28_000.0, grade="A", own_grade="B")
    (limit, grade) = view.comparison
    assert [" ".join(one.split()) for one in limit] == ["Plafond", "40 000 €", "28 000 €"]
    assert grade == ("Note", "A", "B")


def test_the_history_is_whole_and_the_newest_comes_first():
    taken_back = {"withdrawn_at": SET_AT, "withdrawn_by": "anne", "withdrawn_reason": "plus de garantie"}
    ended = dt.date(2026, 11, 10)
    view = view_of(kept(1, valid_until=ended), kept(2), kept(3, **taken_back), kept(4))
    assert [(one.override_id, one.state) for one in view.history] == [
        (4, "in_force"),
        (3, "withdrawn"),
        (2, "replaced"),
        (1, "ended"),
    ]
    assert [one.may_withdraw for one in view.history] == [True, False, True, False]
    assert "anne" in str(view.history[1].withdrawn)
    assert "plus de garantie" in str(view.history[1].withdrawn)


def test_a_limit_and_a_grade_stand_together():
    view = view_of(kept(1), kept(2, kind="grade", value="B"))
    assert [(one.kind, one.state) for one in view.history] == [("Note", "in_force"), ("Plafond", "in_force")]


def test_under_a_stop_nothing_is_in_force_and_nothing_may_be_set():
    view = view_of(kept(1), document=stopped_document())
    assert [one.state for one in view.history] == ["stopped"]
    assert view.bounds is None
    assert view.stops == ("Blocage\N{NARROW NO-BREAK SPACE}: procédure",)


def test_sales_sees_the_history_and_may_set_nothing():
    view = view_of(kept(1), person=SALES)
    assert len(view.history) == 1
    assert (view.may_set, view.bounds, view.grades) == (False, None, ())


def test_the_bounds_are_the_policys():
    rules, own = FakeAssessor().policy.overrides, a_document()
    view = view_of()
    assert view.bounds is not None
    assert view.bounds.last_day == TODAY + dt.timedelta(days=rules.longest_days)
    assert view.bounds.most_eur >= own["limit"]["limit_eur"]
    assert [code for code, _ in view.grades] == ["", *view.bounds.grades]


def test_without_a_policy_to_ask_nothing_can_be_set_but_all_is_seen():
    found = a_file(overrides=(kept(1),))
    view = overrides_view(found, in_force(), ANALYST, TODAY, FR, None)
    assert (view.may_set, view.bounds) == (True, None)
    assert len(view.history) == 1


@pytest.mark.parametrize("fault", [{}, {"limit-reason": "…"}])
def test_what_was_typed_is_shown_again(fault):
    form = OverrideForm({"limit-value": "12"}, fault)
    found = a_file()
    assert overrides_view(found, in_force(), ANALYST, TODAY, FR, FakeAssessor(), form).form is form
