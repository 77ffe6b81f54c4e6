"""A ledger in two currencies is told of, refused wherever amounts are added up, and taken once converted."""

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest

from models.errors import LedgerError
from models.ledger.conversion import currencies_of
from models.ledger.files import read_ledger
from pipelines.ledger_parts import LedgerInMemory
from pipelines.nightly.night import run_night
from serving.store import open_store
from tests.models.fitted import fitted

DAY = dt.date(2026, 8, 31)
MAPPING = """\
[file]
separator = ","
decimal = "."
dates = ["%Y-%m-%d"]

[[customers]]
customer_id = "who"

[[invoices]]
invoice_id = "number"
customer_id = "who"
kind = { constant = "invoice" }
issued_on = "issued"
due_on = "due"
amount_cents = "amount"
currency = "currency"
"""
LINES = (
    "number,who,issued,due,amount,currency\n"
    "F1,C1,2026-01-05,2026-02-04,100.00,EUR\n"
    "F2,C1,2026-01-06,2026-02-05,110.00,USD\n"
)
RATES = "Date,USD,\n2026-01-06,1.1,\n"
CONVERT = "`encours registers convert"


@pytest.fixture
def imported(place: Path, run):
    (place / "mapping.toml").write_text(MAPPING)
    (place / "sales.csv").write_text(LINES)
    return run("import", "mapping.toml", "sales.csv", "--ledger", "ledger")


def test_an_import_says_that_the_ledger_counts_in_two_currencies(imported):
    assert imported.code == 0, imported.err
    assert "le grand livre compte en EUR, USD" in imported.out
    assert CONVERT in " ".join(imported.out.split())


def test_the_check_and_the_features_refuse_and_say_what_to_do(imported, run):
    checked = run("check", "--ledger", "ledger")
    assert checked.code == 2
    assert "une seule devise" in " ".join(f"{checked.out} {checked.err}".split())
    made = run("features", "late", "--out", "rows.parquet", "--ledger", "ledger", "--cut", "2026-03-31")
    assert made.code == 2
    assert "le grand livre compte en EUR, USD" in made.err
    assert CONVERT in made.err


def test_once_converted_it_is_sound_and_every_cent_is_in_euros(imported, run, place: Path):
    (place / "rates.csv").write_text(RATES)
    done = run("registers", "convert", "rates.csv", "--out", "euros", "--ledger", "ledger")
    assert done.code == 0, done.err
    assert "1 amounts converted to EUR" in done.out
    assert run("check", "--ledger", "euros").code == 0
    assert read_ledger(place / "euros").invoices["amount_cents"].tolist() == [100_00, 100_00]
    assert currencies_of(read_ledger(place / "ledger")) == ("EUR", "USD")


@pytest.mark.parametrize(
    ("some", "told"), [(1, "EUR, USD"), (None, "USD")], ids=["one invoice", "every invoice"]
)
def test_the_night_publishes_nothing_of_a_ledger_that_the_policy_does_not_count_in(
    tmp_path: Path, some: int | None, told: str
):
    ledger = fitted().ledger
    invoices = ledger.invoices.copy()
    invoices.loc[invoices.index[:some], "currency"] = "USD"
    accounts = ledger.accounts.iloc[:0] if some is None else ledger.accounts
    store = open_store(f"sqlite:///{tmp_path}/encours.db")
    with pytest.raises(LedgerError, match=rf"the ledger counts in {told}; .* EUR is allowed"):
        run_night(
            LedgerInMemory.of(replace(ledger, invoices=invoices, accounts=accounts), DAY),
            fitted().assessor,
            store,
            lambda *_: (),
        )
    assert store.current_run() is None
    store.close()
