import datetime as dt

from models.portfolio.history import kept_figures, monthly, quarterly

AS_OF = dt.date(2026, 9, 30)


def a_night(as_of: str, **more: object) -> dict[str, object]:
    return {"as_of": as_of, "exposure_eur": 100.0, "quarter": None, **more}


def reconstructed(*days: str) -> list[dict[str, object]]:
    return [{"as_of": day, "exposure_eur": 50.0} for day in days]


def test_a_month_has_its_last_night_and_else_its_reconstruction():
    nights = [a_night("2026-09-30"), a_night("2026-08-30"), a_night("2026-08-02")]
    found = monthly(nights, reconstructed("2026-07-31", "2026-08-31"), AS_OF)
    assert [(one["as_of"], one["source"]) for one in found] == [
        ("2026-07-31", "ledger"),
        ("2026-08-30", "night"),
        ("2026-09-30", "night"),
    ]
    assert found[0]["grades"] is None
    assert found[0]["over_limit"] is None


def test_months_of_a_year_ago_are_no_longer_shown():
    found = monthly([a_night("2025-09-30"), a_night("2025-10-01")], reconstructed("2025-08-31"), AS_OF)
    assert [one["as_of"] for one in found] == ["2025-10-01"]


def test_a_quarter_has_the_migration_of_its_last_night():
    moved = {"since": "2026-06-30", "better": 1, "worse": 2}
    nights = [
        a_night("2026-09-30", quarter={**moved, "worse": 5}),
        a_night("2026-06-30", quarter=moved),
        a_night("2026-08-31", quarter=moved),
        a_night("2026-03-31"),
    ]
    assert [(one["as_of"], one["worse"]) for one in quarterly(nights)] == [
        ("2026-06-30", 2),
        ("2026-09-30", 5),
    ]


def test_a_portfolio_of_an_earlier_version_has_no_figures_to_keep():
    assert kept_figures({"as_of": "2026-09-30", "customers": 3}) is None
