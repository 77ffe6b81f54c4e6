"""Asking from the command line finds the customer first, and says what is near where there is none."""

from pathlib import Path

import numpy as np
import pytest

from models.assessment.assessment import CreditRequest
from models.errors import CreditError, StoreError, UnknownCustomerError
from pipelines.cli.asking import assess_customer
from pipelines.nightly.night import run_night
from serving.store import Store, open_store
from tests.models.fitted import fitted
from tests.pipelines.nightly.test_night import DAY


@pytest.fixture
def store(tmp_path: Path):
    opened = open_store(f"sqlite:///{tmp_path}/encours.db")
    yield opened
    opened.close()


def never():
    raise AssertionError("the models were loaded for nothing")


def test_without_scores_it_says_what_to_run(store: Store):
    with pytest.raises(StoreError, match="encours nightly"):
        assess_customer(store, never, "C000001", CreditRequest())


def test_an_unknown_customer_is_answered_with_those_near_it(store: Store):
    run_night(fitted().ledger, DAY, fitted().assessor, store, lambda _: ())
    known = store.search("", limit=1).items[0]
    with pytest.raises(UnknownCustomerError, match=known.customer_id):
        assess_customer(store, never, (known.name or "")[:4], CreditRequest())


@pytest.mark.parametrize(
    ("request_", "option"),
    [
        (CreditRequest(amount_eur=-5.0), "--amount"),
        (CreditRequest(amount_eur=np.nan), "--amount"),
        (CreditRequest(amount_eur=np.inf), "--amount"),
        (CreditRequest(terms_days=400), "--terms"),
        (CreditRequest(yearly_forecast_eur=-1.0), "--forecast"),
    ],
)
def test_what_is_out_of_bounds_is_refused_by_its_option(store: Store, request_: CreditRequest, option: str):
    with pytest.raises(CreditError, match=option):
        assess_customer(store, never, "C000001", request_)
