"""A company is looked up in one go, each value with its source and day; one register away takes no other."""

import datetime as dt
import inspect
import json
from pathlib import Path

import pytest

from models.errors import RegisterError
from serving.registers.client import RegisterClient
from serving.registers.lookup import Fact, look_up
from tests.serving.registers.local_server import Reply, busy, said, serving, settings_for
from tests.serving.registers.samples import (
    ONE,
    a_judgment,
    a_ratio_row,
    a_record,
    a_unit,
    before,
    found_company,
    search_answer,
)

OPENED = "Jugement d'ouverture d'une procédure de redressement judiciaire"


def everything(path: str) -> Reply:
    if path.startswith("/search"):
        return said(search_answer(found_company()))
    if "annonces-commerciales" in path:
        depot = '{"dateCloture": "2024-12-31", "typeDepot": "Comptes annuels"}'
        return said(
            {
                "results": [
                    a_judgment(1, OPENED, "2026-01-05", "2026-01-08"),
                    a_judgment(2, OPENED, "2026-01-06", "2026-01-09"),
                    a_record(
                        3, "collective", "2026-02-01", typeavis="annulation", parutionavisprecedent=before(2)
                    ),
                    a_judgment(4, "Autre jugement prononçant", "2026-02-05", "2026-02-08"),
                    a_record(5, "dpc", "2025-08-01", depot=depot),
                ]
            }
        )
    return said({"results": [a_ratio_row("2024-12-31")]})


def only(*words: str):
    """Answer where the path holds one of the words; be away elsewhere."""
    return lambda path: everything(path) if any(word in path for word in words) else busy(503)


def looked_up(by_path, folder: Path, siren: str = ONE, **more: object):
    with (
        serving(by_path=by_path) as server,
        RegisterClient(settings_for(server.url, folder, attempts=1, **more)) as client,
    ):
        return look_up(siren, client), server


def test_each_value_has_its_source_and_its_day(tmp_path: Path):
    found, _ = looked_up(everything, tmp_path)
    assert (found.state, found.siren, dict(found.away)) == ("found", ONE, {})
    known = dt.date(2026, 1, 15)
    assert found.facts["naf"] == Fact("43.21A", "Annuaire des entreprises", known)
    assert found.facts["headcount"].value == 34.5
    assert found.facts["natural_person"].value is False
    assert "ceased_on" not in found.facts


def test_the_day_of_each_answer_is_told(tmp_path: Path):
    found, _ = looked_up(everything, tmp_path)
    today = dt.datetime.now(dt.UTC).date()
    assert found.fetched == dict.fromkeys(("Annuaire des entreprises", "BODACC", "Ratios INPI/BCE"), today)


def test_an_answer_that_was_kept_tells_when_it_was_fetched(tmp_path: Path):
    then = dt.datetime(2026, 3, 2, tzinfo=dt.UTC)
    with serving(by_path=everything) as server:
        with RegisterClient(settings_for(server.url, tmp_path), lambda: then) as client:
            look_up(ONE, client)
        offline = settings_for(server.url, tmp_path, offline=True)
        with RegisterClient(offline, lambda: then + dt.timedelta(days=400)) as client:
            kept = look_up(ONE, client)
    assert (kept.state, set(kept.fetched.values())) == ("found", {then.date()})


def test_filings_that_stand_and_judgments_to_read_come_apart(tmp_path: Path):
    found, _ = looked_up(everything, tmp_path)
    assert [(one.kind, one.published_on) for one in found.notices] == [("receivership", dt.date(2026, 1, 8))]
    assert [one.detail for one in found.unread] == ["Autre jugement prononçant"]


def test_accounts_are_known_from_their_deposit(tmp_path: Path):
    found, _ = looked_up(everything, tmp_path)
    assert [year.known_on for year in found.accounts] == [dt.date(2025, 8, 1)]


def test_all_of_it_is_json_with_sources_and_days(tmp_path: Path):
    found, _ = looked_up(everything, tmp_path)
    document = json.loads(json.dumps(found.document()))
    assert document["facts"]["created_on"] == {
        "value": "2011-04-01",
        "source": "Annuaire des entreprises",
        "as_of": "2026-01-15",
        "fetched_on": found.fetched["Annuaire des entreprises"].isoformat(),
    }
    assert [one["kind"] for one in document["notices"]] == ["receivership", "unknown"]
    assert document["accounts"][0]["as_of"] == "2025-08-01"
    assert document["away"] == {}


def test_a_number_may_be_written_with_spaces_and_asks_once(tmp_path: Path):
    found, server = looked_up(everything, tmp_path, f" {ONE[:3]} {ONE[3:6]} {ONE[6:]}")
    assert found.siren == ONE
    assert len(server.asked) == 3


def test_an_unknown_company_is_unknown_and_not_away(tmp_path: Path):
    found, _ = looked_up(lambda path: said({"results": []}), tmp_path)
    assert (found.state, dict(found.facts), found.notices, found.accounts) == ("unknown", {}, (), ())


def test_where_the_register_of_companies_is_away_the_others_still_speak(tmp_path: Path):
    found, _ = looked_up(only("annonces-commerciales", "ratios"), tmp_path)
    assert found.state == "away"
    assert "is away" in found.away["Annuaire des entreprises"]
    assert len(found.notices) == len(found.accounts) == 1


def test_where_notices_are_away_it_says_so_and_never_that_there_are_none(tmp_path: Path):
    found, _ = looked_up(only("search"), tmp_path)
    assert found.state == "found"
    assert set(found.away) == {"BODACC", "Ratios INPI/BCE"}


def test_offline_with_nothing_kept_everything_is_away(tmp_path: Path):
    found, server = looked_up(everything, tmp_path, offline=True)
    assert (found.state, len(found.away), server.asked) == ("away", 3, [])


def test_a_lie_is_named_and_not_believed(tmp_path: Path):
    found, _ = looked_up(lambda path: Reply(parts=[b"<html>"]), tmp_path)
    assert found.state == "away"
    assert all("cannot be used" in why for why in found.away.values())


def test_with_a_key_sirene_is_asked_instead_of_the_search(tmp_path: Path):
    def both(path: str) -> Reply:
        return said({"uniteLegale": a_unit()}) if path.startswith("/siren") else everything(path)

    found, server = looked_up(both, tmp_path, sirene_key="k")
    assert found.facts["name"].source == "INSEE Sirene"
    assert not any(path.startswith("/search") for path in server.asked)


def test_what_is_no_siren_is_refused_before_anybody_is_asked(tmp_path: Path):
    with pytest.raises(RegisterError, match="'123456789' is no SIREN"):
        looked_up(everything, tmp_path, "123456789")


def test_looking_up_takes_a_number_and_a_client():
    assert list(inspect.signature(look_up).parameters) == ["siren", "client"]
