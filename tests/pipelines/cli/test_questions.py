"""Asking from the command line finds the customer first, and says what is near where there is none."""

import math
from pathlib import Path

import pytest

from models.errors import CreditError, NotPublishedError, UnknownCustomerError
from pipelines.cli.questions import assessment_question, require_customer
from pipelines.ledger_parts import LedgerInMemory
from pipelines.nightly.night import run_night
from serving.store import Store, open_store
from tests.models.fitted import fitted
from tests.pipelines.nightly.test_night import DAY


@pytest.fixture
def store(tmp_path: Path):
    opened = open_store(f"sqlite:///{tmp_path}/encours.db")
    yield opened
    opened.close()


def test_without_scores_it_says_what_to_run(store: Store):
    with pytest.raises(NotPublishedError, match="encours nightly"):
        require_customer(store, "C000001")


def test_an_unknown_customer_is_answered_with_those_near_it(store: Store):
    run_night(LedgerInMemory.of(fitted().ledger, DAY), fitted().assessor, store, lambda *_: ())
    known = store.search("", limit=1).items[0]
    with pytest.raises(UnknownCustomerError, match=known.customer_id):
        require_customer(store, (known.name or "")[:4])


@pytest.mark.parametrize(
    ("asked", "option"),
    [
        ((-5.0, None, None), "--amount"),
        ((math.nan, None, None), "--amount"),
        ((math.inf, None, None), "--amount"),
        ((None, 400, None), "--terms"),
        ((None, None, -1.0), "--forecast"),
    ],
)
def test_what_is_out_of_bounds_is_refused_by_its_option(asked, option: str):
    with pytest.raises(CreditError, match=option):
        assessment_question("C000001", *asked)
