"""A customer's file has the reasons and terms of its night's assessment, computed when it is read."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace

import pytest

from models.assessment.assessment import EXPLAINED, CreditRequest, is_figures
from models.errors import NoChampionError, UnknownCustomerError
from models.features.default_events import IN_DEFAULT
from models.learning.artifact import FittedModel
from models.ledger.partitions import split
from models.policy.overrides import stopped_by
from pipelines.ledger_parts import LedgerInMemory
from pipelines.nightly.night import run_night
from serving.store import CustomerFile, PackedPartition, Store
from serving.usecases.assessors import AssessorSource, CreditAssessor, FixedAssessor
from serving.usecases.customer_file import CustomerFiles, find_file
from serving.usecases.old_versions import OldVersions
from serving.usecases.subjects import published_run, state_of
from tests.models.fitted import fitted
from tests.pipelines.nightly.test_night import DAY
from tests.serving.store.builders import a_customer, a_key

Find = Callable[[str, str], FittedModel | None]


def files(store: Store, source: AssessorSource | None = None, find: Find | None = None) -> CustomerFiles:
    assessors = source or FixedAssessor(fitted().assessor)
    return CustomerFiles(lambda: store, assessors, OldVersions(lambda: store, assessors, find), lambda: DAY)


@pytest.fixture
def who(store: Store) -> str:
    """A customer of a published night."""
    few = split(fitted().ledger, 10)[0]
    run_night(LedgerInMemory.of(few, DAY), fitted().assessor, store, lambda *_: ())
    return store.customers_by_risk(1)[0].customer_id


def reasons(found: CustomerFile) -> list[object]:
    return [found.stored.row.assessment[name]["reasons"] for name in EXPLAINED]


def test_a_night_stores_figures_and_a_file_has_the_whole_answer(store: Store, who: str):
    raw = find_file(store, who).stored
    assert is_figures(raw.row.assessment)
    assert raw.row.assessment["limit"]["terms"] == []
    asked = fitted().assessor.assess(state_of(raw, published_run(store)), CreditRequest()).document()
    found = files(store).find(who)
    assert found.stored.row.assessment == asked
    assert all(reasons(found))


def another_in_charge() -> AssessorSource:
    later = replace(fitted().default, read_as="later")
    assert later.version != fitted().default.version
    return FixedAssessor(replace(fitted().assessor, default=later))


def test_reasons_are_the_nights_after_another_model_took_charge(store: Store, who: str):
    before = files(store).find(who).stored.row.assessment
    known = {("default12", fitted().default.version): fitted().default}
    later = files(store, another_in_charge(), lambda *asked: known.get(asked))
    assert later.find(who).stored.row.assessment == before


def test_where_the_nights_model_is_gone_the_figures_are_shown_without_reasons(store: Store, who: str):
    found = files(store, another_in_charge(), lambda *_: None).find(who)
    assert reasons(found) == [[], []]
    assert found.stored.row.assessment["limit"] == find_file(store, who).stored.row.assessment["limit"]


def test_figures_name_the_stops_that_apply(who: str, store: Store):
    raw = find_file(store, who).stored
    state = state_of(raw, published_run(store))
    stopped = replace(state, vector=state.vector.with_numbers({"in_default": IN_DEFAULT}))
    figures = fitted().assessor.assess(stopped, CreditRequest()).figures()
    assert [one["name"] for one in stopped_by(figures)] == ["in_default"]
    assert len(figures["limit"]["terms"]) == 1


class Away:
    """No model is in charge."""

    def get(self) -> CreditAssessor:
        raise NoChampionError("no model answers yet")


def test_where_no_model_is_in_charge_the_figures_are_shown_without_reasons(store: Store, who: str):
    found = files(store, Away()).find(who)
    assert reasons(found) == [[], []]
    assert found.stored.row.assessment["grade"] == find_file(store, who).stored.row.assessment["grade"]


def test_an_answer_stored_whole_by_an_earlier_version_is_shown_as_it_is(store: Store):
    run = store.begin_run(a_key(as_of=dt.date(2026, 1, 1)))
    whole = {"grade": "B", "p_late30": {"value": 0.1, "reasons": []}, "pd_12m": None}
    store.write_partition(run.run_id, 0, PackedPartition.of([a_customer("C1", assessment=whole)], []))
    store.publish(run.run_id, {})
    assert files(store).find("C1").stored.row.assessment == whole


def test_an_unknown_customer_is_said(store: Store):
    with pytest.raises(UnknownCustomerError, match="no customer 'X'"):
        files(store).find("X")
