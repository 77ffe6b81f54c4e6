"""However often and by whomever an event is told, its rows hold the days on which one telling stood."""

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from models.ledger.ledger import conform
from models.ledger.tables import FILINGS
from pipelines.sources.registers.spans import TELLINGS, joined_spans

FIRST = pd.Timestamp("2026-01-01")
DRAWN = st.lists(
    st.tuples(st.integers(0, 9), st.integers(1, 9) | st.none(), st.sampled_from("AB")), max_size=6
)


def tellings(drawn: list[tuple[int, int | None, str]]) -> pd.DataFrame:
    rows = [
        {
            "siren": "732829320",
            "kind": "closure",
            "judged_on": FIRST,
            "published_on": day(published),
            "withdrawn_on": pd.NaT if length is None else day(published + length),
            "source": source,
        }
        for published, length, source in drawn
    ]
    return conform(pd.DataFrame(rows, columns=FILINGS.column_names).drop_duplicates(), TELLINGS)


def day(number: int) -> pd.Timestamp:
    return FIRST + pd.Timedelta(days=number)


def standing(frame: pd.DataFrame, number: int) -> int:
    """Count the rows that stand at the end of a day."""
    begun = frame["published_on"] <= day(number)
    return int((begun & ~(frame["withdrawn_on"] <= day(number))).sum())


@settings(max_examples=40, deadline=None)
@given(DRAWN)
def test_joined_rows_stand_on_the_same_days_and_one_at_a_time(drawn: list[tuple[int, int | None, str]]):
    told = tellings(drawn)
    joined = joined_spans(told)
    for number in range(-1, 20):
        assert standing(joined, number) == min(standing(told, number), 1)


@settings(max_examples=40, deadline=None)
@given(DRAWN)
def test_neither_order_nor_joining_twice_matters(drawn: list[tuple[int, int | None, str]]):
    joined = joined_spans(tellings(drawn))
    assert joined_spans(joined).equals(joined)
    assert joined_spans(tellings(drawn[::-1])).equals(joined)


def test_a_joined_row_names_the_source_that_stands():
    joined = joined_spans(tellings([(0, 5, "A"), (3, None, "B")]))
    assert joined["source"].tolist() == ["B"]
    assert joined["published_on"].tolist() == [day(0)]
