import datetime as dt

from models.portfolio.grade_paths import STATES, GradeChange, GradePaths, StillCustomers

FIRST, LAST = dt.date(2026, 1, 1), dt.date(2026, 12, 31)


def change(who: str, month: int, state: str, year: int = 2026) -> GradeChange:
    return GradeChange(who, dt.date(year, month, 1), state)


def names(codes: list[int]) -> list[str | None]:
    return [None if code < 0 else (*STATES, "withdrawn")[code] for code in codes]


def test_a_path_has_the_state_of_its_last_change():
    paths = GradePaths.of([], [change("C1", 1, "A"), change("C1", 4, "C"), change("C2", 6, "B")], FIRST, LAST)
    assert names(paths.on(dt.date(2026, 3, 31).toordinal()).tolist()) == ["A", None]
    assert names(paths.on(dt.date(2026, 4, 1).toordinal()).tolist()) == ["C", None]
    assert names(paths.on(LAST.toordinal()).tolist()) == ["C", "B"]


def test_what_lies_outside_the_two_days_is_cut():
    moves = [change("C1", 2, "A", 2025), change("C1", 7, "B", 2025), change("C1", 3, "C", 2027)]
    paths = GradePaths.of([StillCustomers(dt.date(2020, 1, 1), "D", 7)], moves, FIRST, LAST)
    assert paths.begin.tolist() == [FIRST.toordinal()] * 2
    assert paths.end.tolist() == [LAST.toordinal()] * 2
    assert (names(paths.state.tolist()), paths.following.tolist()) == (["D", "B"], [-1, -1])
    assert paths.customers.tolist() == [7, 1]


def test_a_default_counts_from_its_day_on_even_where_it_has_ended():
    paths = GradePaths.of(
        [], [change("C1", 1, "E"), change("C1", 5, "default"), change("C1", 6, "D")], FIRST, LAST
    )
    may = dt.date(2026, 5, 1).toordinal()
    assert paths.defaulted(may - 1, LAST.toordinal()).tolist() == [True]
    assert paths.defaulted(may, LAST.toordinal()).tolist() == [False]


def test_no_customer_has_no_path():
    assert len(GradePaths.of([], [], FIRST, LAST).customers) == 0
