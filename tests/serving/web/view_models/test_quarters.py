import datetime as dt

from serving.store.dossiers import PaidInvoice
from serving.store.published_rows import HistoryPoint
from serving.web.view_models.history import history_view
from serving.web.view_models.quarters import quarters
from serving.web.words import words
from tests.serving.store.builders import an_invoice

FR = words("fr")


def paid(due: str, days_late: int, amount_eur: float = 100.0) -> PaidInvoice:
    day = dt.date.fromisoformat(due)
    return PaidInvoice(due, day, day + dt.timedelta(days=days_late), days_late, amount_eur)


def a_night(day: str, grade: str) -> HistoryPoint:
    return HistoryPoint(1, dt.date.fromisoformat(day), 0.02, 0.1, grade, 5_000.0, 1.0, 0.0)


def test_quarters_are_those_of_the_due_date_with_the_last_night_of_each():
    found = quarters(
        [paid("2026-09-30", 10, 300.0), paid("2026-07-01", -2, 100.0), paid("2025-12-31", 0)],
        [],
        [a_night("2026-09-29", "B"), a_night("2026-09-30", "C"), a_night("2026-10-01", "D")],
        FR,
    )
    assert [(row.name, row.last.isoformat(), row.invoices) for row in found] == [
        ("T4 2026", "2026-12-31", 0),
        ("T3 2026", "2026-09-30", 2),
        ("T4 2025", "2025-12-31", 1),
    ]
    assert [(row.late_share, row.days_late) for row in found] == [(None, None), (0.5, 7.0), (0.0, 0.0)]
    assert [row.night.grade if row.night else None for row in found] == ["D", "C", None]


def test_an_open_overdue_invoice_counts_as_late_by_the_days_so_far():
    row = an_invoice("F1", "C1", due_on=dt.date(2026, 8, 1), open_eur=100.0)
    (found,) = quarters([paid("2026-08-02", 0)], [(row, 60)], [], FR)
    assert (found.invoices, found.late_share, found.days_late) == (2, 0.5, 30.0)


def test_the_first_night_shows_the_quarters_before_it():
    view = history_view([a_night("2026-10-01", "C")], FR, [paid("2026-05-02", 3), paid("2026-02-02", 9)])
    assert [row.name for row in view.quarters] == ["T4 2026", "T2 2026", "T1 2026"]
    assert [len(picture.rows) for picture in view.pictures] == [2, 2]
