"""What stands of notices does not depend on the order they came in; each is known from its publication."""

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from serving.registers.notices import ANNULS, CORRECTS, SAYS, Notice, spans, standing, unresolved
from tests.serving.registers.samples import ONE, TWO

FIRST = dt.date(2026, 1, 1)


def a_notice(number: int, day: int, role: str = SAYS, undoes: int | None = None, **more: object) -> Notice:
    published = FIRST + dt.timedelta(days=day)
    given_ = {"siren": ONE, "kind": "liquidation", "detail": "", **more}
    return Notice(
        notice_id=f"A{number}",
        happened_on=published,
        published_on=published,
        role=role,
        undoes="" if undoes is None else f"A{undoes}",
        **given_,
    )


def ids(notices: list[Notice]) -> list[str]:
    return [notice.notice_id for notice in notices]


def test_an_annulment_undoes_and_says_nothing_itself():
    notices = [a_notice(1, 0), a_notice(2, 5, ANNULS, 1)]
    assert standing(notices) == []


def test_a_correction_stands_in_the_place_of_what_it_corrects():
    notices = [a_notice(1, 0), a_notice(2, 5, CORRECTS, 1, kind="receivership")]
    assert [(one.notice_id, one.kind) for one in standing(notices)] == [("A2", "receivership")]


def test_a_correction_of_a_correction_leaves_the_last():
    notices = [a_notice(1, 0), a_notice(2, 5, CORRECTS, 1), a_notice(3, 9, CORRECTS, 2)]
    assert ids(standing(notices)) == ["A3"]


def test_on_a_day_only_what_was_published_until_then_counts():
    notices = [a_notice(1, 0), a_notice(2, 5, ANNULS, 1)]
    assert ids(standing(notices, FIRST + dt.timedelta(days=4))) == ["A1"]
    assert standing(notices, FIRST + dt.timedelta(days=5)) == []
    assert standing(notices, FIRST - dt.timedelta(days=1)) == []


def test_a_correction_that_is_not_understood_leaves_the_proceeding_it_corrects():
    notices = [a_notice(1, 0), a_notice(2, 5, CORRECTS, 1, kind="unknown")]
    assert ids(standing(notices)) == ["A1", "A2"]
    assert ids(unresolved(notices)) == ["A2"]


def test_what_undoes_nothing_that_it_names_is_reported():
    notices = [a_notice(1, 0), a_notice(2, 5, ANNULS), a_notice(3, 6, CORRECTS, 3)]
    assert ids(unresolved(notices)) == ["A2", "A3"]
    assert ids(standing(notices)) == ["A1", "A3"]


def test_a_notice_about_several_companies_is_undone_for_all():
    notices = [a_notice(1, 0), a_notice(1, 0, siren=TWO), a_notice(2, 5, ANNULS, 1, siren="")]
    assert standing(notices) == []


def test_an_annulled_notice_stood_until_its_annulment_was_published():
    (span,) = spans([a_notice(1, 0), a_notice(2, 5, ANNULS, 1)])
    assert (span.notice.notice_id, span.withdrawn_on) == ("A1", FIRST + dt.timedelta(days=5))


@given(st.lists(st.tuples(st.integers(0, 8), st.sampled_from([SAYS, CORRECTS, ANNULS]), st.integers(0, 8))))
def test_spans_hold_on_every_day_the_notices_that_stand_on_it(drawn: list[tuple[int, str, int]]):
    notices = [
        a_notice(place, day, role, undoes if role != SAYS else None)
        for place, (day, role, undoes) in enumerate(drawn)
    ]
    found = spans(notices)
    for day in (FIRST + dt.timedelta(days=number) for number in range(-1, 10)):
        held = [
            one.notice.notice_id
            for one in found
            if one.notice.published_on <= day and (one.withdrawn_on is None or day < one.withdrawn_on)
        ]
        assert sorted(held) == sorted(ids(standing(notices, day)))


@given(st.lists(st.tuples(st.integers(0, 8), st.sampled_from([SAYS, CORRECTS, ANNULS]), st.integers(0, 8))))
def test_neither_order_nor_repetition_matters(drawn: list[tuple[int, str, int]]):
    notices = [
        a_notice(place, day, role, undoes if role != SAYS else None)
        for place, (day, role, undoes) in enumerate(drawn)
    ]
    assert standing([*reversed(notices), *notices]) == standing(notices)


def test_a_correction_that_repeats_the_event_leaves_it_known_since_it_was_first_published():
    first = a_notice(1, 0)
    again = a_notice(2, 5, CORRECTS, 1)
    same = Notice(
        **{**{name: getattr(again, name) for name in again.__slots__}, "happened_on": first.happened_on}
    )
    (left,) = standing([first, same])
    assert (left.notice_id, left.published_on) == ("A2", first.published_on)
    (moved,) = standing([first, again])
    assert moved.published_on == again.published_on


STRUCK = {"kind": "closure", "detail": "Radiation"}
BACK = {"kind": "registered", "detail": "Immatriculation"}


def kinds(notices: list[Notice], day: int) -> list[str]:
    return [one.kind for one in standing(notices, FIRST + dt.timedelta(days=day))]


def test_who_is_registered_again_after_a_striking_off_lives_from_then_on():
    notices = [a_notice(1, 0, **STRUCK), a_notice(2, 30, **BACK)]
    assert kinds(notices, 29) == ["closure"]
    assert kinds(notices, 30) == ["registered"]
    (span,) = [one for one in spans(notices) if one.notice.kind == "closure"]
    assert span.withdrawn_on == FIRST + dt.timedelta(days=30)


def test_a_registration_before_a_striking_off_or_of_another_company_revives_nobody():
    for other in (a_notice(2, -30, **BACK), a_notice(2, 30, **{**BACK, "siren": TWO})):
        assert "closure" in kinds([a_notice(1, 0, **STRUCK), other], 99)


def test_a_seat_that_moved_was_never_closed_whichever_court_publishes_first():
    moved = {"kind": "registered", "detail": "Immatriculation suite à transfert de siège hors ressort"}
    assert "closure" not in kinds([a_notice(1, 0, **STRUCK), a_notice(2, -20, **moved)], 99)
    assert "closure" in kinds([a_notice(1, 0, **STRUCK), a_notice(2, -400, **moved)], 99)


def test_a_company_dissolved_for_want_of_assets_does_not_come_back():
    dissolved = {"kind": "closure", "detail": "Jugement de clôture pour insuffisance d'actif"}
    assert "closure" in kinds([a_notice(1, 0, **dissolved), a_notice(2, 30, **BACK)], 99)
