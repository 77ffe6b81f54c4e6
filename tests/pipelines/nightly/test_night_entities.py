"""A night over customers of which two are one legal entity."""

import datetime as dt
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from models.assessment.assessment import CreditRequest
from models.ledger.entities import EntityDecision, joined
from models.ledger.ledger import Ledger
from models.policy.credit_case import CreditCase, case_of
from pipelines.ledger_parts import LedgerInMemory
from pipelines.nightly.night import run_night
from serving.store import Store, open_store
from serving.usecases.subjects import published_run, state_of
from tests.models.fitted import fitted
from tests.pipelines.two_numbers import DAY, few, named, same_siren, with_sirens

SHOWN = {"entities", "entity_of"}


@pytest.fixture
def store(tmp_path: Path):
    opened = open_store(f"sqlite:///{tmp_path}/encours.db")
    yield opened
    opened.close()


def night(store: Store, ledger: Ledger) -> dict[str, Any]:
    run_night(LedgerInMemory.of(ledger, DAY), fitted().assessor, store, lambda *_: ())
    run = store.current_run()
    assert run is not None
    assert run.context is not None
    return dict(run.context["surroundings"])


def case(store: Store, customer_id: str) -> CreditCase:
    stored = store.customer(customer_id)
    assert stored is not None
    return case_of(stored.row.assessment)


def test_two_numbers_of_one_siren_count_what_the_other_owes_and_share_the_worse_grade(store: Store):
    sums = night(store, same_siren())
    one, other = case(store, named(0)), case(store, named(1))
    assert one.entity_open_eur == max(round(other.open_eur, 2), 0.0)
    assert other.entity_open_eur == max(round(one.open_eur, 2), 0.0)
    assert one.grade == other.grade
    own = [store.customer(named(place)).row.pd_12m for place in (0, 1)]  # type: ignore[union-attr]  # published
    assert one.pd_12m == other.pd_12m == max(own)
    assert sorted(sums["entity_of"]) == [named(0), named(1)]


def test_customers_that_are_entities_by_themselves_are_answered_to_the_bit_as_without_any_shared(
    store: Store, tmp_path: Path
):
    alone = open_store(f"sqlite:///{tmp_path}/alone.db")
    assert not SHOWN & set(night(alone, few()))
    assert set(night(store, same_siren())) & SHOWN == SHOWN
    for place in range(2, 20):
        was, now = alone.customer(named(place)), store.customer(named(place))
        assert was is not None
        assert now is not None
        assert now.row.assessment == was.row.assessment
    alone.close()


def test_asking_between_nights_knows_the_other_number_too(store: Store):
    night(store, same_siren())
    stored = store.customer(named(1))
    assert stored is not None
    asked = fitted().assessor.assess(state_of(stored, published_run(store)), CreditRequest())
    assert asked.figures() == stored.row.assessment


def test_a_join_makes_another_run_and_one_entity_of_numbers_without_siren(store: Store):
    apart = with_sirens(**{named(0): None, named(1): None})
    assert not SHOWN & set(night(store, apart))
    before = case(store, named(0))
    at = dt.datetime(2026, 9, 1, tzinfo=dt.UTC)
    together = joined(apart, [EntityDecision(at, "join", named(0), named(1), "anne", "one letterhead")])
    assert set(night(store, together.ledger)) >= SHOWN
    after = case(store, named(0))
    assert (before.entity_open_eur, before.open_eur) == (0.0, after.open_eur)
    assert after.entity_open_eur == max(round(case(store, named(1)).open_eur, 2), 0.0)


def test_the_default_of_one_number_stops_the_other(store: Store):
    ledger = same_siren()
    losses = (
        fitted()
        .ledger.signals.iloc[:1]
        .assign(customer_id=named(0), kind="write_off", seen_on=few().invoices["issued_on"].max())
    )
    night(store, replace(ledger, signals=losses.reset_index(drop=True)))
    other = store.customer(named(1))
    assert other is not None
    assert case(store, named(0)).in_default
    assert (other.row.grade, other.row.limit_eur) == ("E", 0.0)
    assert other.row.assessment["limit"]["binding"] == "entity_in_default"
    assert not case_of(other.row.assessment).in_default


def test_the_portfolio_counts_a_legal_entity_once_and_with_the_worst_probability_of_its_numbers(store: Store):
    night(store, same_siren())
    found, both = store.portfolio(), [case(store, named(place)) for place in (0, 1)]
    assert found is not None
    assert (found["customers"], found["entities"]) == (20, 19)
    together = sum(max(round(one.open_eur, 2), 0.0) for one in both)
    (entity,) = [one for one in found["top_entities"] if named(0) in one["customer_ids"]]
    assert sorted(entity["customer_ids"]) == sorted([named(0), named(1)])
    assert entity["open_eur"] == pytest.approx(together)
    spread = found["concentration"]
    assert spread["entities"]["total_eur"] == pytest.approx(spread["customers"]["total_eur"])
    assert spread["entities"]["herfindahl"] >= spread["customers"]["herfindahl"]
    worst = max(one.pd_12m for one in both)
    lgd = found["expected_loss"]["lgd_share"]
    assert entity["expected_loss_eur"] <= worst * lgd * together + 1e-9
    uncovered = [one for one in both if one.insured_limit_eur == 0.0]
    lost = worst * lgd * sum(max(one.open_eur, 0.0) for one in uncovered)
    assert entity["expected_loss_eur"] >= lost - 1e-9
