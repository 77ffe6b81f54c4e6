import datetime as dt

import pandas as pd

from models.ledger.insurers import insurers_on

DAY = dt.date(2026, 9, 30)


def table(*rows: tuple[str, str | None, float, float, str, str | None]) -> pd.DataFrame:
    names = ("customer_id", "insurer", "limit_eur", "covered_share", "valid_from", "valid_to")
    made = pd.DataFrame(rows, columns=names)
    days = {name: pd.to_datetime(made[name]) for name in ("valid_from", "valid_to")}
    return made.assign(**days)


def test_the_insurer_in_force_that_pays_most_counts():
    found = insurers_on(
        table(
            ("C1", "A", 1000.0, 0.9, "2026-01-01", None),
            ("C1", "B", 2000.0, 0.5, "2026-01-01", "2026-09-30"),
            ("C2", "A", 1000.0, 0.9, "2026-01-01", "2026-09-29"),
            ("C3", "A", 1000.0, 0.9, "2026-10-01", None),
            ("C4", None, 1000.0, 0.9, "2026-01-01", None),
            ("C5", "A", 0.0, 0.9, "2026-01-01", None),
        ),
        DAY,
    )
    assert found == {"C1": "B"}


def test_among_equals_the_first_by_name_counts_whatever_the_order():
    rows = [("C1", name, 1000.0, 0.9, "2026-01-01", None) for name in ("B", "A")]
    assert insurers_on(table(*rows), DAY) == insurers_on(table(*rows[::-1]), DAY) == {"C1": "A"}


def test_nobody_is_insured_without_cover():
    assert insurers_on(table(), DAY) == {}
