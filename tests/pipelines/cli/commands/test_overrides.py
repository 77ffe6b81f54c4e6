"""Overrides are set, listed and withdrawn by commands, within the policy, and the log says who did it."""

import datetime as dt
from pathlib import Path

import pytest

from models.assessment.assessment import CreditRequest
from models.assessment.party import Party
from serving.store import PackedPartition, Store, open_store
from tests.serving.fakes import an_assessment
from tests.serving.store.builders import a_customer, a_key

UNTIL = (dt.datetime.now(dt.UTC).date() + dt.timedelta(days=30)).isoformat()
REASON = "the parent company has signed a guarantee"


@pytest.fixture
def store(place: Path) -> Store:
    made = open_store(f"sqlite:///{place}/data/encours.db")
    run = made.begin_run(a_key())
    document = an_assessment(Party("C1"), CreditRequest()).document()
    made.write_partition(run.run_id, 0, PackedPartition.of([a_customer("C1", assessment=document)], []))
    made.publish(run.run_id, {})
    return made


def test_an_override_is_set_listed_beside_the_models_own_and_withdrawn(run, store: Store):
    done = run("override", "set", "C1", "--limit", "12000", "--reason", REASON, "--until", UNTIL)
    assert done.code == 0, done.err
    assert "12,000 EUR" in done.out
    assert "the model says 28,000 EUR" in done.out
    listed = run("override", "list", "C1")
    assert "in force" in listed.out
    assert run("override", "withdraw", "1", "--reason", "the guarantee has ended today").code == 0
    assert "withdrawn" in run("override", "list").out
    assert [(e.action, e.via) for e in store.audit().items] == [("override", "command")] * 2


def test_a_grade_may_be_set_too(run, store: Store):
    assert run("override", "set", "C1", "--grade", "C", "--reason", REASON, "--until", UNTIL).code == 0
    assert store.overrides("C1")[0].value == "C"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("set", "C1", "--limit", "1e8", "--reason", "x", "--until", UNTIL), "from 0 to"),
        (("set", "C1", "--limit", "1e8", "--reason", "x", "--until", UNTIL), "reason has 1 characters"),
        (("set", "C1", "--grade", "F", "--reason", REASON, "--until", UNTIL), "are allowed"),
        (("set", "C1", "--reason", REASON, "--until", UNTIL), "either --limit or --grade"),
        (("set", "nobody", "--limit", "1", "--reason", REASON, "--until", UNTIL), "aucun client 'nobody'"),
        (("withdraw", "7", "--reason", REASON), "pas de dérogation 7"),
    ],
)
def test_what_is_not_allowed_is_refused_in_one_line_and_not_kept(
    run, store: Store, words: tuple[str, ...], told: str
):
    done = run("override", *words)
    assert done.code == 2
    assert told in done.err
    assert len(done.err.strip().splitlines()) == 1
    assert (store.overrides(), store.audit().items) == ((), ())


def test_an_empty_history_says_so(run, store: Store):
    assert "no override was set yet" in run("override", "list").out
