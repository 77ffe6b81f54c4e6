"""The night gives the numbers that asking gives, twice changes nothing, and a kill harms nobody."""

import datetime as dt
import os
import signal
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from models.assessment.assessment import CreditRequest, CustomerState, completed
from models.assessment.assessor import EPOCH
from models.assessment.party import Party
from models.errors import LedgerError
from models.explain.typical_values import TypicalValues
from models.features.build import STATE_SCHEMA
from models.learning.artifact import save
from models.ledger.files import write_ledger
from models.ledger.ledger import as_known_on, from_frames
from models.policy.credit_case import case_of
from models.policy.limit.limit import recommend_limit
from pipelines.ledger_parts import LedgerInMemory
from pipelines.nightly.night import NightReport, run_night
from pipelines.validation.history import read_runs
from pipelines.validation.ledger_checks import night_check
from serving.store import Store, open_store
from serving.usecases.subjects import published_run, state_of
from tests.models.fitted import fitted

DAY = dt.date(2026, 8, 31)


@pytest.fixture
def store(tmp_path: Path):
    opened = open_store(f"sqlite:///{tmp_path}/encours.db")
    yield opened
    opened.close()


def night(store: Store, day: dt.date = DAY):
    return run_night(LedgerInMemory.of(fitted().ledger, day), fitted().assessor, store, lambda *_: ())


def context_of(store: Store) -> dict[str, Any]:
    run = store.current_run()
    assert run is not None
    assert run.context is not None
    return run.context


def test_of_two_nights_at_once_the_second_waits_and_finds_its_run_published(store: Store):
    waits, others = threading.Event(), []

    def second() -> NightReport:
        known = fitted()
        return run_night(
            LedgerInMemory.of(known.ledger, DAY),
            known.assessor,
            store,
            lambda *_: (),
            waits=lambda _who: waits.set(),
        )

    with ThreadPoolExecutor(1) as executor:

        def check(*_: object) -> tuple[str, ...]:
            others.append(executor.submit(second))
            assert waits.wait(60)
            return ()

        first = run_night(LedgerInMemory.of(fitted().ledger, DAY), fitted().assessor, store, check)
        (found,) = (one.result(60) for one in others)
    assert (first.computed, found.computed) == (True, False)
    assert (found.run_id, found.customers) == (first.run_id, first.customers)


def test_every_customer_and_open_invoice_of_the_day_is_published(store: Store):
    report = night(store)
    known = as_known_on(fitted().ledger, DAY)
    assert report.computed
    assert report.customers == len(known.customers)
    assert store.search("", limit=1).total == len(known.customers)
    stored = store.customers_by_risk(5)
    listed = [invoice for one in stored for invoice in store.invoices_of(one.customer_id)]
    assert all(invoice.issued_on <= DAY and invoice.open_eur > 0 for invoice in listed)
    assert all(0 <= invoice.p_late30 <= 1 for invoice in listed)


def test_an_invoice_that_is_late_already_has_probability_one(store: Store):
    night(store)
    frame = fitted().ledger.invoices
    disputed = set(frame[frame["disputed_from"].notna()]["invoice_id"])
    long_past = [
        invoice
        for one in store.search("", limit=100).items
        for invoice in store.invoices_of(one.customer_id)
        if (DAY - invoice.due_on).days > 120 and invoice.invoice_id not in disputed
    ]
    assert long_past
    assert all(invoice.p_late30 == 1.0 for invoice in long_past)


def test_running_it_again_changes_nothing(store: Store):
    first = night(store)
    before = store.customers_by_risk(50)
    second = night(store)
    assert (second.run_id, second.computed) == (first.run_id, False)
    assert (second.customers, second.open_invoices) == (first.customers, first.open_invoices)
    assert store.customers_by_risk(50) == before


def test_a_night_by_code_with_other_states_is_another_run(store: Store):
    first = night(store)
    known = store.current_run()
    assert known is not None
    assert known.key.state_schema == STATE_SCHEMA.hash
    # Under the same key but for the schema: as other code begins it.
    other = store.begin_run(replace(known.key, state_schema="0123456789abcdef"))
    assert other.run_id != first.run_id
    assert store.begin_run(known.key).run_id == first.run_id


def test_the_stored_answer_is_the_one_that_asking_gives(store: Store):
    night(store)
    one = store.customers_by_risk(1)[0]
    stored = store.customer(one.customer_id)
    assert stored is not None
    asked = fitted().assessor.assess(state_of(stored, published_run(store)), CreditRequest())
    assert asked.figures() == stored.row.assessment
    assert completed(stored.row.assessment, asked.document()) == asked.document()


def test_the_state_holds_what_asking_the_features_gives(store: Store):
    night(store)
    one = store.search("", limit=1).items[0]
    stored = store.customer(one.customer_id)
    assert stored is not None
    builder = fitted().builder
    code = np.array([list(builder.book.customer_ids).index(one.customer_id)])
    (fresh,) = builder.state_vectors(code, np.array([(DAY - EPOCH).days]))
    assert (stored.row.state.schema, stored.row.state.hash) == (fresh.schema, fresh.hash)


def test_a_what_if_of_the_usual_amount_and_terms_changes_nothing(store: Store):
    night(store)
    stored = store.customer(store.customers_by_risk(1)[0].customer_id)
    assert stored is not None
    state = CustomerState.of_run(
        stored.row.party, stored.as_of, stored.row.state, stored.row.open_eur, context_of(store)
    )
    plain = fitted().assessor.assess(state, CreditRequest())
    named = fitted().assessor.assess(state, plain.request)
    assert named.document() == plain.document()


def test_a_broken_ledger_leaves_the_old_scores(store: Store):
    first = night(store)

    def broken(*_: object):
        raise LedgerError("invoices: amounts are above 0: 12 of 90 rows break it")

    later = LedgerInMemory.of(fitted().ledger, DAY + dt.timedelta(days=1))
    with pytest.raises(LedgerError, match="12 of 90"):
        run_night(later, fitted().assessor, store, broken)
    run = store.current_run()
    assert run is not None
    assert run.run_id == first.run_id


def test_every_rules_outcome_is_published_with_the_run(store: Store, tmp_path: Path):
    check = night_check(tmp_path, only_until=True)
    report = run_night(LedgerInMemory.of(fitted().ledger, DAY), fitted().assessor, store, check)
    told = context_of(store)["checks"]
    assert told["ok"] is True
    assert {rule[3] for rule in told["rules"]} <= {"ok", "broken", "not_compared"}
    broken = [rule for rule in told["rules"] if rule[3] == "broken"]
    assert len(broken) == len(report.warnings)
    assert [run.as_of for run in read_runs(tmp_path)] == [DAY]


def test_an_empty_ledger_says_what_to_do(store: Store):
    with pytest.raises(LedgerError, match="import one first"):
        run_night(LedgerInMemory.of(from_frames({}), DAY), fitted().assessor, store, lambda *_: ())


def test_peers_of_the_night_give_a_prospect_its_rates(store: Store):
    night(store)
    party = Party(None, name="Essai", naf="43.21A", headcount=12.0)
    state = fitted().assessor.state_of_prospect(party, [], DAY, context_of(store)["peers"])
    answer = fitted().assessor.assess(state, CreditRequest())
    assert answer.history == "none"
    assert 0 < answer.pd_12m.value < 1


def test_what_the_sectors_and_groups_owe_adds_up_to_what_the_customers_owe(store: Store):
    night(store)
    sums = context_of(store)["surroundings"]
    lines = store.search("", limit=1000).items
    assert sums["portfolio_eur"] == pytest.approx(sum(max(line.open_eur, 0.0) for line in lines))
    parties = as_known_on(fitted().ledger, DAY).customers.set_index("customer_id")
    owed: dict[str, float] = {}
    for line in lines:
        division = parties.loc[line.customer_id, "naf"][:2]
        owed[division] = owed.get(division, 0.0) + max(line.open_eur, 0.0)
    assert sums["sectors"] == pytest.approx(owed)


def test_a_stored_case_knows_what_stands_around_its_customer(store: Store):
    night(store)
    sums = context_of(store)["surroundings"]
    stored = store.customer(store.customers_by_risk(1)[0].customer_id)
    assert stored is not None
    case = case_of(stored.row.assessment)
    assert case.open_eur == stored.row.open_eur
    assert case.portfolio_open_eur == sums["portfolio_eur"]
    assert case.sector_open_eur == sums["sectors"][(case.naf or "")[:2]]
    assert recommend_limit(case, fitted().assessor.policy).limit_eur == stored.row.limit_eur


KILLED = """
import os, pathlib, signal, sys, datetime as dt
from models.learning.artifact import load
from models.assessment.assessor import Assessor
from models.ledger.files import read_ledger
from models.policy.document import load_policy
from pipelines.ledger_parts import LedgerInMemory
from pipelines.nightly.night import run_night
from serving.store import open_store

folder = pathlib.Path(sys.argv[1])
assessor = Assessor(load(folder / "late"), load(folder / "default"), load_policy())

def stop(done, everyone):
    if sys.argv[3] == "kill" and done >= 2:
        os.kill(os.getpid(), signal.SIGKILL)

store = open_store(f"sqlite:///{folder}/encours.db")
day = dt.date.fromisoformat(sys.argv[2])
parts = LedgerInMemory.of(read_ledger(folder / "ledger"), day, count=5)
report = run_night(parts, assessor, store, lambda *_: (), stop)
print(report.run_id, report.customers)
"""


def run_in_a_process(folder: Path, day: str, mode: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", KILLED, str(folder), day, mode],
        capture_output=True, text=True, check=False, cwd=Path(__file__).parents[3], env={**os.environ},
    )  # fmt: skip


@pytest.mark.slow
def test_a_night_killed_half_way_leaves_the_old_scores_and_goes_on_later(tmp_path: Path):
    save(fitted().late, tmp_path / "late")
    save(fitted().default, tmp_path / "default")
    write_ledger(fitted().ledger, tmp_path / "ledger")
    done = run_in_a_process(tmp_path, "2026-08-30", "whole")
    assert done.returncode == 0, done.stderr
    killed = run_in_a_process(tmp_path, "2026-08-31", "kill")
    assert killed.returncode == -signal.SIGKILL
    store = open_store(f"sqlite:///{tmp_path}/encours.db")
    run = store.current_run()
    assert run is not None
    assert run.key.as_of == dt.date(2026, 8, 30)
    assert store.search("", limit=1).total == len(fitted().ledger.customers)
    again = run_in_a_process(tmp_path, "2026-08-31", "whole")
    assert again.returncode == 0, again.stderr
    run = store.current_run()
    assert run is not None
    assert run.key.as_of == dt.date(2026, 8, 31)
    assert store.search("", limit=1).total == len(fitted().ledger.customers)
    store.close()


def test_the_run_publishes_what_reasons_compare_customers_with(store: Store):
    night(store)
    typical = TypicalValues.of_run(context_of(store))
    late = typical.find("late0_share_365d", None)
    assert late is not None
    assert 0 < late.value < 1
    assert typical.find("curve_30", None) is not None
