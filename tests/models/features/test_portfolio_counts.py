"""A portfolio scored part by part gives what it gives as a whole, to the last bit."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.errors import LedgerError
from models.features.build import FeatureBuilder
from models.features.portfolio_counts import PortfolioCounts
from models.ledger.ledger import Ledger
from models.ledger.partitions import split
from tests.builders import FIRST
from tests.models.fitted import fitted
from tests.random_ledger import LAST_DAY, draw_ledger


def states(builder: FeatureBuilder, day: int) -> dict[str, bytes]:
    owners = np.arange(len(builder.book.customer_ids))
    rows = builder.states(owners, np.full(len(owners), day)).to_numpy()
    return {who: row.tobytes() for who, row in zip(builder.book.customer_ids, rows, strict=True)}


def part_by_part(parts: list[Ledger], day: int) -> dict[str, bytes]:
    builders = [FeatureBuilder.of(part) for part in parts]
    counts = PortfolioCounts.summed([builder.counts(day) for builder in builders])
    found: dict[str, bytes] = {}
    for builder in builders:
        found |= states(builder.within(counts), day)
    return found


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10**6), day=st.integers(0, LAST_DAY), count=st.integers(1, 5))
def test_any_ledger_in_any_parts_has_the_states_of_the_whole(seed: int, day: int, count: int):
    drawn = draw_ledger(seed)
    whole = states(FeatureBuilder.of(drawn), FIRST + day)
    assert part_by_part(split(drawn, count), FIRST + day) == whole


def test_a_portfolio_has_the_features_of_invoices_of_the_whole():
    whole, parts = fitted().builder, split(fitted().ledger, 4)
    day = int(whole.book.issued.max())
    builders = [FeatureBuilder.of(part) for part in parts]
    counts = PortfolioCounts.summed([builder.counts(day) for builder in builders])

    def rows(builder: FeatureBuilder) -> dict[str, bytes]:
        book = builder.book
        asked = np.flatnonzero(book.is_invoice & (book.owner >= 0) & (book.settled > day))
        found = builder.documents(asked, np.full(len(asked), day)).to_numpy()
        return {who: row.tobytes() for who, row in zip(book.invoice_ids[asked], found, strict=True)}

    together: dict[str, bytes] = {}
    for builder in builders:
        together |= rows(builder.within(counts))
    assert len(together) > 100
    assert together == rows(whole)


def test_counts_of_two_days_or_of_no_part_do_not_add_up():
    builder = fitted().builder
    day = int(builder.book.issued.max())
    with pytest.raises(LedgerError, match="2 days"):
        PortfolioCounts.summed([builder.counts(day), builder.counts(day - 1)])
    with pytest.raises(LedgerError, match="0 days"):
        PortfolioCounts.summed([])


def test_a_part_cannot_be_counted_as_the_whole():
    builder = fitted().builder
    day = int(builder.book.issued.max())
    with pytest.raises(LedgerError, match="count before"):
        builder.within(builder.counts(day)).counts(day)
