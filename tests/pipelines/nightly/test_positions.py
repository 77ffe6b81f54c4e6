"""The positions of a night are the customers of the night."""

from dataclasses import replace
from pathlib import Path

import pytest

from models.errors import NotPublishedError
from models.ledger.insurers import insurers_on
from models.portfolio.expected_loss import expected_loss_eur
from pipelines.ledger_parts import LedgerInMemory
from pipelines.nightly.night import run_night
from serving.store import Store, open_store
from serving.usecases.positions import positions
from tests.models.fitted import fitted
from tests.pipelines.nightly.test_night import DAY


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory):
    folder: Path = tmp_path_factory.mktemp("positions")
    opened = open_store(f"sqlite:///{folder}/encours.db")
    ledger = fitted().ledger
    customers = ledger.customers.assign(postcode="59000", country="FR")
    parts = LedgerInMemory.of(replace(ledger, customers=customers), DAY)
    run_night(parts, fitted().assessor, opened, lambda *_: ())
    yield opened
    opened.close()


def test_positions_are_the_customers_of_the_night(store: Store):
    found, lines = positions(store), store.search("", limit=1000).items
    assert found.as_of == DAY
    assert [one.customer_id for one in found.items] == sorted(line.customer_id for line in lines)
    known = {line.customer_id: line for line in lines}
    lgd_share = fitted().assessor.policy.expected_loss.lgd_share
    for one in found.items:
        line = known[one.customer_id]
        assert (one.open_eur, one.grade, one.limit_eur) == (line.open_eur, line.grade, line.limit_eur)
        assert one.expected_loss_eur == expected_loss_eur(one.exposure, lgd_share)


def test_positions_carry_what_links_customers(store: Store):
    found = {one.customer_id: one for one in positions(store).items}
    groups = dict(
        zip(*(fitted().ledger.customers[name] for name in ("customer_id", "group_id")), strict=True)
    )
    insurers = insurers_on(fitted().ledger.insurance, DAY)
    assert {one.region for one in found.values()} == {"59"}
    assert {who: one.insurer for who, one in found.items() if one.insurer} == insurers
    assert any(one.group_id for one in found.values())
    assert all(one.group_id is None or one.group_id == groups[who] for who, one in found.items())


def test_open_invoices_come_by_customer_and_due_date(store: Store):
    run = store.current_run()
    assert run is not None
    invoices = list(store.open_invoices(run.run_id))
    assert invoices == sorted(invoices, key=lambda one: (one.customer_id, one.due_on, one.invoice_id))
    assert len(invoices) == (run.context or {})["open_invoices"]


def test_without_a_night_there_are_no_positions(tmp_path: Path):
    empty = open_store(f"sqlite:///{tmp_path}/empty.db")
    with pytest.raises(NotPublishedError):
        positions(empty)
    empty.close()
