"""The cash forecast of a night is the sum of its open invoices, to the cent."""

from dataclasses import replace

import numpy as np
import pytest

from models.law.insolvency import Insolvency
from models.portfolio.grouped_receipts import GROUPINGS
from models.portfolio.payment_weeks import PARTS, WEEKS, expected_cents
from pipelines.ledger_parts import LedgerInMemory
from pipelines.nightly.night import run_night
from pipelines.nightly.scoring import Scoring
from pipelines.nightly.totals import totals_of
from serving.store import Store, open_store
from tests.models.fitted import fitted
from tests.pipelines.nightly.test_night import DAY


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory):
    folder = tmp_path_factory.mktemp("receipts")
    opened = open_store(f"sqlite:///{folder}/encours.db")
    run_night(LedgerInMemory.of(fitted().ledger, DAY), fitted().assessor, opened, lambda *_: ())
    yield opened
    opened.close()


def forecast(store: Store) -> tuple[dict, np.ndarray, np.ndarray]:
    """Return the published forecast, and the open and expected cents of its invoices."""
    run = store.current_run()
    assert run is not None
    document, weeks = store.cash_forecast(run.run_id), store.payment_weeks(run.run_id)
    assert document is not None
    invoices = list(store.open_invoices(run.run_id))
    assert {one.invoice_id for one in invoices} == set(weeks)
    opened = np.array([round(one.open_eur * 100) for one in invoices])
    return document, opened, expected_cents(opened, np.stack([weeks[one.invoice_id] for one in invoices]))


def in_cents(line: dict) -> list[int]:
    return [round(week["expected_eur"] * 100) for week in line["weeks"]]


@pytest.mark.slow
def test_published_totals_are_the_sums_over_invoices_to_the_cent(store: Store):
    document, opened, cents = forecast(store)
    total = document["total"]
    assert in_cents(total) == cents.sum(axis=0).tolist()
    assert all(week["sales_eur"] >= 0 for week in total["weeks"])
    assert round(total["open_eur"] * 100) == int(opened.sum())
    assert round(total["later_eur"] * 100) == int(opened.sum() - cents.sum())


@pytest.mark.slow
def test_each_grouping_adds_up_to_the_total_to_the_cent(store: Store):
    document, _, _ = forecast(store)
    assert set(document["by"]) == set(GROUPINGS)
    for grouping in ("grade", "sector"):
        summed = np.sum([in_cents(line) for line in document["by"][grouping]], axis=0)
        assert summed.tolist() == in_cents(document["total"])


@pytest.mark.slow
def test_the_band_holds_the_median_and_most_weeks_expect_something(store: Store):
    document, _, _ = forecast(store)
    weeks = document["total"]["weeks"]
    assert len(weeks) == WEEKS
    assert all(0 <= week["p10_eur"] <= week["p50_eur"] <= week["p90_eur"] for week in weeks)
    assert weeks[0]["p90_eur"] > weeks[0]["expected_eur"] > weeks[0]["p10_eur"]


@pytest.mark.slow
def test_the_largest_invoices_of_a_week_are_those_of_most_expected_euros(store: Store):
    document, _, cents = forecast(store)
    for week, lines in enumerate(document["largest"]):
        expected = sorted((value for value in cents[:, week].tolist() if value), reverse=True)
        assert [round(line["expected_eur"] * 100) for line in lines] == expected[: len(lines)]


def test_nothing_is_expected_of_claims_from_before_a_proceeding():
    parts = LedgerInMemory.of(fitted().ledger, DAY)
    scoring = Scoring.of(parts.read(0), fitted().assessor, totals_of(parts, "EUR", 0))
    _, weeks = scoring.invoices()
    debtor = int(weeks.owner[np.argmax(weeks.open_cents)])
    of_debtor = weeks.owner == debtor
    assert weeks.parts[of_debtor].any()
    opened = Insolvency("open", "liquidation", DAY, DAY, DAY)
    _, after = replace(scoring, insolvent={**scoring.insolvent, debtor: opened}).invoices()
    assert not after.parts[of_debtor].any()
    assert (after.parts[~of_debtor] == weeks.parts[~of_debtor]).all()
    assert int(weeks.parts.sum(axis=1).max()) <= PARTS
