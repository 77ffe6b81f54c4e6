"""Cases are listed and answered by commands, by the use cases that the pages call."""

import json
from pathlib import Path

import pytest

from serving.store import ApprovalCase, Store, open_store
from tests.pipelines.cli.commands.test_overrides import REASON, UNTIL
from tests.serving.fakes import FakeAssessor
from tests.serving.store.builders import an_entry


@pytest.fixture
def store(place: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    made = open_store(f"sqlite:///{place}/data/encours.db")
    terms = {"amount_eur": 9_000.0, "terms_days": 30, "invoice_basis": "days", "deposit_share": 0.0}
    case = ApprovalCase(
        kind="order",
        customer_id="C1",
        siren=None,
        name="Vortex",
        who="camille",
        answer_id="0" * 32,
        approver="analyst",
        approvals=1,
        amount_eur=9_000.0,
        question={**terms, "prepaid": False, "valid_until": UNTIL},
        facts={"exposure_before_eur": 0.0, "entity_open_eur": 0.0},
        reason="",
    )
    made.open_case(case, an_entry())
    monkeypatch.setattr("serving.usecases.assessors.load_champions", lambda *_: FakeAssessor())
    return made


def test_a_case_is_listed_refused_and_gone_from_those_that_wait(run, store: Store):
    listed = run("cases", "list")
    assert listed.code == 0, listed.err
    assert "Vortex" in listed.out
    assert "camille" in listed.out
    refused = run("cases", "refuse", "1", "--reason", REASON)
    assert refused.code == 0, refused.err
    assert "refusé" in refused.out
    assert "aucun dossier" in run("cases", "list").out
    (found,) = json.loads(run("cases", "list", "--all", "--json").out)
    assert (found["state"], found["events"][0]["reason"]) == ("refused", REASON)
    (entry, _) = store.audit().items
    assert (entry.action, entry.via) == ("case", "command")


def test_what_cannot_be_answered_is_said(run, store: Store):
    assert "there is no case 9" in run("cases", "accept", "9", "--reason", REASON).err
    assert "reason" in run("cases", "accept", "1", "--reason", "x").err
    assert run("cases", "refuse", "1", "--reason", REASON).code == 0
    assert "1" in run("cases", "accept", "1", "--reason", REASON).err
