import datetime as dt
import itertools
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import PolicyError
from models.law.legal_rates import load_rates, semester_of, semesters

DAYS = st.dates(dt.date(2016, 1, 1), dt.date(2026, 6, 30))


def test_the_packaged_table_holds_every_half_year_from_its_first_to_its_last():
    rates = load_rates()
    first, last = min(rates.rates), max(rates.rates)
    every = [f"{year}-S{half}" for year in range(int(first[:4]), int(last[:4]) + 1) for half in (1, 2)]
    assert list(rates.rates) == [semester for semester in every if semester <= last]


def test_published_rates_stand_in_the_table():
    """Orders of 27 June 2023 and 15 December 2025; the ECB rates of those days."""
    rates = load_rates()
    assert rates.of("2023-S2").legal_professional == Decimal("0.0422")
    assert rates.of("2026-S1").legal_professional == Decimal("0.0262")
    assert rates.of("2022-S2").ecb_refinancing == 0
    assert rates.of("2024-S2").ecb_refinancing == Decimal("0.0425")


PUBLISHED = [
    # half-year, legal rate, the order, ECB rate on its first day, in force since
    ("2016-S1", "1.01", "arrêté du 23 décembre 2015", "0.05", "2014-09-10"),
    ("2023-S1", "2.06", "arrêté du 26 décembre 2022", "2.50", "2022-12-21"),
    ("2023-S2", "4.22", "arrêté ECOT2317028A du 27 juin 2023", "4.00", "2023-06-21"),
    ("2024-S1", "5.07", "arrêté du 21 décembre 2023", "4.50", "2023-09-20"),
    ("2024-S2", "4.92", "arrêté du 26 juin 2024", "4.25", "2024-06-12"),
    ("2025-S1", "3.71", "arrêté du 17 décembre 2024", "3.15", "2024-12-18"),
    ("2025-S2", "2.76", "arrêté ECOT2516925A du 19 juin 2025", "2.15", "2025-06-11"),
]


@pytest.mark.parametrize(("semester", "legal", "order", "ecb", "since"), PUBLISHED)
def test_each_rate_stands_with_its_publication_and_the_day_it_holds_from(
    semester: str, legal: str, order: str, ecb: str, since: str
):
    found = load_rates().of(semester)
    assert (found.legal_professional, found.ecb_refinancing) == (Decimal(legal) / 100, Decimal(ecb) / 100)
    assert found.legal_publication.startswith(order)
    assert found.ecb_origin is not None
    assert found.ecb_origin.effective == dt.date.fromisoformat(since)


def test_every_rate_of_the_packaged_table_has_its_day_and_its_source():
    for semester, found in load_rates().rates.items():
        first = dt.date(int(semester[:4]), 1 if semester.endswith("1") else 7, 1)
        assert found.ecb_origin is not None
        assert found.legal_origin is not None
        assert found.ecb_origin.effective <= first == found.legal_origin.effective
        assert found.ecb_origin.publication
        assert found.ecb_origin.source
        assert found.legal_origin.source


def test_a_rate_in_force_after_the_half_year_began_is_refused(tmp_path: Path):
    path = tmp_path / "rates.toml"
    late = 'percent = 2.0\neffective = 2031-01-02\npublication = ""\nsource = "x"\n'
    path.write_text(
        f"[2031-S1.ecb_refinancing]\n{late}why = 1\n[2031-S1.legal_professional]\n{late}", "utf-8"
    )
    with pytest.raises(PolicyError, match=r"effective: got 2031-01-02") as caught:
        load_rates(path)
    assert "2031-S1.ecb_refinancing.why: no such key" in str(caught.value)


def test_a_missing_half_year_is_an_error_that_names_it_and_the_file():
    with pytest.raises(PolicyError, match=r"2031-S2.*legal_rates\.toml.*add \[2031-S2\]"):
        load_rates().of("2031-S2")


@given(DAYS, st.integers(0, 2000))
def test_half_years_cut_a_span_into_pieces_that_touch_and_lie_in_one_each(first: dt.date, length: int):
    last = first + dt.timedelta(days=length)
    parts = list(semesters(first, last))
    assert parts[0][1] == first
    assert parts[-1][2] == last
    assert all(left[2] + dt.timedelta(days=1) == right[1] for left, right in itertools.pairwise(parts))
    assert all(semester_of(begins) == semester_of(ends) == name for name, begins, ends in parts)


def test_every_fault_of_a_table_is_named_at_once(tmp_path: Path):
    path = tmp_path / "rates.toml"
    path.write_text(
        "[2026-S3]\nx = 1\n[2026-S1]\necb_refinancing = 215\nlegal_rate = 2.62\n"
        '[2026-S2]\necb_refinancing = "2.15"\nlegal_professional = nan\n',
        encoding="utf-8",
    )
    with pytest.raises(PolicyError) as caught:
        load_rates(path)
    message = str(caught.value)
    assert "6 to correct" in message
    for fault in (
        "2026-S3: no half-year",
        "2026-S1.ecb_refinancing: got 215",
        "2026-S1.legal_rate: no such key",
        "2026-S1.legal_professional: missing",
        "2026-S2.ecb_refinancing: got '2.15'",
        "2026-S2.legal_professional: got NaN",
    ):
        assert fault in message


@pytest.mark.parametrize("content", [b"[2026-S1", b"\xff\xfe"])
def test_an_unreadable_table_is_an_error_that_names_it(tmp_path: Path, content: bytes):
    path = tmp_path / "rates.toml"
    path.write_bytes(content)
    with pytest.raises(PolicyError, match=r"rates\.toml cannot be read"):
        load_rates(path)


def test_an_empty_table_says_that_it_holds_nothing(tmp_path: Path):
    path = tmp_path / "rates.toml"
    path.write_text("", encoding="utf-8")
    with pytest.raises(PolicyError, match="holds none"):
        load_rates(path).of("2026-S1")
