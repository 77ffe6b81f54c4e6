"""`encours cash`: weeks with their band in either language, groups, JSON, and what to do without a night."""

import json

import pytest

from pipelines.ledger_parts import LedgerInMemory
from pipelines.nightly.night import run_night
from pipelines.settings import PipelineSettings
from serving.store import open_store
from tests.models.fitted import fitted
from tests.pipelines.nightly.test_night import DAY

pytestmark = pytest.mark.slow


def test_weeks_groups_and_json_of_one_night(place, run):
    store = open_store(PipelineSettings().store_url)
    run_night(LedgerInMemory.of(fitted().ledger, DAY), fitted().assessor, store, lambda *_: ())
    store.close()
    done = run("cash", "--by", "grade")
    assert done.code == 0, done.err
    assert "Encaissements attendus" in done.out
    assert "Plus tard, ou jamais" in done.out
    assert "13 weeks" in run("cash", "--by", "sector", "--lang", "en").out
    found = json.loads(run("cash", "--json").out)
    assert len(found["total"]["weeks"]) == 13


def test_without_a_night_it_says_what_to_run(place, run):
    done = run("cash")
    assert done.code == 2
    assert "encours nightly" in done.err
