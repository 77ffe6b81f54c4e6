"""What is written of a portfolio comes back by the commands' own code as it was, and nothing is refused."""

import csv
import json
from pathlib import Path

import pandas as pd
import pytest
from stdnum.fr import siren as siren_rules

from models.ledger.files import read_ledger, write_ledger
from models.ledger.ledger import Ledger, from_frames, last_event
from models.ledger.tables import FILING_KINDS, UNREAD
from pipelines.demo.simulator import simulate
from pipelines.sources.registers.generating import Extracts, write_extracts
from pipelines.sources.registers.generating.legal_units import COLUMNS
from pipelines.sources.registers.legal_notices import import_notices
from pipelines.sources.registers.legal_units import import_legal_units
from pipelines.sources.registers.plain import import_plain
from pipelines.sources.registers.yearly_accounts import import_accounts
from serving.registers import sirene
from tests.builders import a_customer, a_filing, a_ledger, an_invoice, some_accounts
from tests.serving.registers.samples import a_siren

UNTOLD_FIGURES = {"inventory"}
"""Figures of the ledger that no line which is read gives."""


@pytest.fixture(scope="module")
def simulated() -> Ledger:
    return simulate(60, 20, 4)[0]


@pytest.fixture(scope="module")
def extracts(simulated: Ledger, tmp_path_factory: pytest.TempPathFactory) -> Extracts:
    return write_extracts(simulated, tmp_path_factory.mktemp("registers"))


@pytest.fixture
def place(simulated: Ledger, tmp_path: Path) -> Path:
    """Lay down the ledger of a seller who knows its customers' numbers and SIRENs, and their invoices."""
    numbers = simulated.customers[["customer_id", "siren"]]
    write_ledger(from_frames({"customers": numbers, "invoices": simulated.invoices}), tmp_path)
    return tmp_path


def test_companies_come_back_as_they_were_and_strangers_stay_out(
    simulated: Ledger, extracts: Extracts, place: Path
):
    told = import_legal_units([extracts.stock], place, last_event(simulated))
    assert (told.refused, told.found, told.not_found) == (0, len(simulated.customers), ())
    assert told.elsewhere > 100
    made, was = read_ledger(place).customers, simulated.customers
    for name in ("naf", "legal_form", "created_on", "natural_person"):
        assert made[name].equals(was[name]), name
    closed = simulated.filings.loc[simulated.filings["kind"] == "closure", "siren"]
    assert told.ceased == tuple(sorted(set(closed)))


def test_the_stock_has_the_columns_of_the_stock_and_hides_the_names_of_natural_persons(
    simulated: Ledger, extracts: Extracts
):
    with extracts.stock.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert tuple(rows[0]) == COLUMNS
    assert len(set(COLUMNS)) == 34
    assert set(sirene.COLUMNS) <= set(COLUMNS)
    people = set(simulated.customers.loc[simulated.customers["natural_person"], "siren"])
    hidden = {row["siren"] for row in rows if row["nomUniteLegale"] == "[ND]"}
    assert hidden == people != set()


def test_filings_come_back_as_they_were_and_the_annulled_proceeding_does_not_stand(
    simulated: Ledger, extracts: Extracts, place: Path
):
    told = import_notices([extracts.notices], place)
    assert (told.refused, told.unknown) == (0, {})
    filings = read_ledger(place).filings
    stand = filings[filings["withdrawn_on"].isna()]
    assert len(filings) - len(stand) == 1
    key = ["siren", "kind", "judged_on", "published_on"]
    made, was = (one[key].sort_values(key, ignore_index=True) for one in (stand, simulated.filings))
    pd.testing.assert_frame_equal(made, was)
    annulled = [
        one for one in json.loads(extracts.notices.read_text("utf-8")) if one["typeavis"] == "annulation"
    ]
    assert [one["listepersonnes"] for one in annulled]


def test_accounts_come_back_as_they_were_with_the_day_of_their_publication(
    simulated: Ledger, extracts: Extracts, place: Path
):
    import_notices([extracts.notices], place)
    told = import_accounts([extracts.ratios, *extracts.sheets], place, last_event(simulated))
    assert (told.refused, told.unknown) == (0, {})
    key = ["siren", "closed_on"]
    made, was = (
        one.sort_values(key, ignore_index=True) for one in (read_ledger(place).accounts, simulated.accounts)
    )
    for name in set(was) - UNTOLD_FIGURES - {"months", "currency"}:
        assert made[name].equals(was[name]), name
    public = ~was["confidential"].astype("bool")
    assert made.loc[public, ["months", "currency"]].equals(was.loc[public, ["months", "currency"]])
    assert told.without_effect > 0  # a group's accounts are not its parent's own


def test_cover_comes_back_as_it_was_from_semicolons_and_decimal_commas(
    simulated: Ledger, extracts: Extracts, place: Path
):
    assert extracts.insurance is not None
    assert ";0,9;" in extracts.insurance.read_text("utf-8-sig")
    assert import_plain("insurance", extracts.insurance, place).rows_refused == 0
    key = ["customer_id", "valid_from"]
    made, was = (
        one.sort_values(key, ignore_index=True) for one in (read_ledger(place).insurance, simulated.insurance)
    )
    pd.testing.assert_frame_equal(made, was)


def test_a_notice_tells_of_every_kind_of_filing_that_is_understood(tmp_path: Path):
    kinds = [kind for kind in FILING_KINDS if kind != UNREAD]
    customers = [a_customer(f"C{nth}", siren=a_siren(nth)) for nth in range(len(kinds))]
    filings = [
        a_filing(kind, 100 + nth, 110 + nth, None, siren=a_siren(nth)) for nth, kind in enumerate(kinds)
    ]
    was = a_ledger([an_invoice("F1", 0, 30)], customers=customers, filings=filings)
    made = write_extracts(was, tmp_path / "registers")
    write_ledger(a_ledger([an_invoice("F1", 0, 30)], customers=customers), tmp_path / "ledger")
    told = import_notices([made.notices], tmp_path / "ledger")
    assert told.unknown == {}
    found = read_ledger(tmp_path / "ledger").filings
    assert set(zip(was.filings["siren"], was.filings["kind"], strict=True)) <= set(
        zip(found["siren"], found["kind"], strict=True)
    )
    assert made.insurance is None


def test_every_number_of_a_company_has_its_key(extracts: Extracts):
    records = json.loads(extracts.notices.read_text("utf-8"))
    numbers = {one["registre"][0] for one in records}
    with extracts.stock.open(encoding="utf-8", newline="") as file:
        numbers |= {row["siren"] for row in csv.DictReader(file)}
    assert [one for one in numbers if not siren_rules.is_valid(one)] == []


def test_the_same_portfolio_is_written_the_same(simulated: Ledger, extracts: Extracts, tmp_path: Path):
    again = write_extracts(simulated, tmp_path)
    ways = (extracts, again)
    texts = [
        [path.read_bytes() for path in (one.stock, one.notices, one.ratios, *one.sheets)] for one in ways
    ]
    assert texts[0] == texts[1]


def test_what_the_ledger_does_not_know_is_left_out(tmp_path: Path):
    customers = [a_customer("C1", siren=a_siren(1)), a_customer("C2")]
    years = [some_accounts(100, 200, None, siren=a_siren(1), turnover=5_000.0)]
    was = a_ledger([an_invoice("F1", 0, 30)], customers=customers, accounts=years)
    made = write_extracts(was, tmp_path / "registers")
    write_ledger(a_ledger([an_invoice("F1", 0, 30)], customers=customers), tmp_path / "ledger")
    import_legal_units([made.stock], tmp_path / "ledger", last_event(was))
    assert import_accounts([made.ratios, *made.sheets], tmp_path / "ledger", last_event(was)).refused == 0
    found = read_ledger(tmp_path / "ledger")
    assert found.customers[["naf", "headcount", "legal_form"]].isna().all(axis=None)
    assert found.accounts["turnover"].tolist() == [5_000.0]
    assert found.accounts[["equity", "net_income"]].isna().all(axis=None)
