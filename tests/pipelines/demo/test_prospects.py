import datetime as dt
from pathlib import Path

import pytest

from pipelines.demo.prospects import INSOLVENT, PROSPECTS, SOLE_TRADER, SOUND, keep_answers
from serving.registers.identifiers import siren_in
from serving.registers.settings import RegisterSettings
from serving.schemas.questions import AssessmentIn, ProspectIn
from serving.usecases.prospect_enrichment import enrich, is_natural_person
from serving.usecases.register_lookup import Lookups

NOW = dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC)


@pytest.fixture
def kept(tmp_path: Path) -> Lookups:
    settings = RegisterSettings(_env_file=None, cache=tmp_path / "registers")
    keep_answers(settings, NOW)
    return Lookups(settings, online=False)


def test_every_siren_has_its_key():
    assert [siren_in(one.siren) for one in PROSPECTS] == [SOUND, INSOLVENT, SOLE_TRADER]


def test_a_sound_prospect_is_filled_in_from_what_is_kept_without_a_network(kept: Lookups):
    found = kept.find(SOUND)
    assert (found.state, found.away) == ("found", {})
    filled = enrich(AssessmentIn(prospect=ProspectIn(siren=SOUND)), kept.find).question.prospect
    assert filled is not None
    assert (filled.name, filled.naf, filled.legal_form) == (PROSPECTS[0].name, "43.32A", "5710")
    assert filled.headcount
    assert [(year.closed_on.year, year.turnover) for year in filled.accounts][-1] == (2024, 2_400_000.0)
    assert len(filled.accounts) == 3


def test_a_receivership_is_read_as_one(kept: Lookups):
    assert [one.kind for one in kept.find(INSOLVENT).notices] == ["receivership"]


def test_a_sole_trader_is_a_natural_person(kept: Lookups):
    assert is_natural_person(kept.find(SOLE_TRADER))


def test_to_keep_them_twice_changes_nothing_but_their_day(tmp_path: Path):
    settings = RegisterSettings(_env_file=None, cache=tmp_path)
    for moment in (NOW, NOW + dt.timedelta(days=1)):
        keep_answers(settings, moment)
    assert len(list(tmp_path.glob("*/*.json"))) == 3 * len(PROSPECTS)
