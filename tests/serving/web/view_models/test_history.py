import datetime as dt

from serving.store.published_rows import HistoryPoint
from serving.web.view_models.history import history_view
from serving.web.words import words

FR = words("fr")


def a_night(day: int, **changes: object) -> HistoryPoint:
    values = {
        "pd_12m": 0.02,
        "p_late30": 0.1,
        "grade": "C",
        "limit_eur": 5_000.0,
        "open_eur": 1.0,
        "overdue_eur": 0.0,
    }
    return HistoryPoint(day, dt.date(2026, 11, day), **(values | changes))


def test_what_changed_is_told_before_and_after():
    view = history_view([a_night(1), a_night(2, grade="D", limit_eur=0.0)], FR)
    assert view.since == dt.date(2026, 11, 1)
    assert [(change.label, change.before, change.after) for change in view.changes] == [
        ("Note", "C", "D"),
        ("Plafond", FR.eur(5_000), FR.eur(0)),
    ]


def test_what_rounds_to_the_same_is_no_change():
    assert history_view([a_night(1), a_night(2, pd_12m=0.020_001)], FR).changes == ()


def test_one_night_alone_has_nothing_to_compare():
    view = history_view([a_night(1)], FR)
    assert view.since is None
    assert view.changes == ()
    assert view.pictures == ()


def test_every_figure_is_drawn_over_all_nights():
    view = history_view([a_night(1), a_night(2), a_night(3, p_late30=0.2)], FR)
    assert [len(picture.rows) for picture in view.pictures] == [3, 3, 3]
    assert view.pictures[1].rows[-1][1] == FR.share(0.2)
