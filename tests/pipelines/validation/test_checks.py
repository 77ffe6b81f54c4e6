import json
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from models.errors import LedgerError
from models.ledger.ledger import from_frames
from models.ledger.tables import TABLES
from pipelines.validation.checks import CheckReport, check_ledger, require_sound
from pipelines.validation.loading import load_rules
from pipelines.validation.rules import TableRule
from tests.pipelines.validation.builders import (
    day,
    sound_ledger,
    with_first_row_twice,
    with_value,
    without_rows,
)

RULES = load_rules()


def broken(report: CheckReport) -> dict[str, tuple[str, int]]:
    return {
        f"{result.table}: {result.rule}": (result.level, result.n_bad)
        for result in (*report.errors, *report.warnings)
    }


def test_a_sound_ledger_breaks_no_rule():
    report = check_ledger(sound_ledger())
    assert broken(report) == {}
    assert [result.rule for result in report.results] == [rule.name for rule in RULES]


FAULTS = [
    ("customers", "siren", "552032535", "a siren is nine digits with a Luhn key", "error"),
    ("customers", "country", "France", "a country is two capitals", "error"),
    ("customers", "naf", "4321A", "a NAF code looks like 43.21A", "warning"),
    ("customers", "headcount", -1.0, "a headcount is not negative", "error"),
    ("customers", "payment_terms_days", -5.0, "terms are at least 0 days", "error"),
    ("customers", "payment_terms_days", 400.0, "terms are under half a year", "warning"),
    ("customers", "credit_limit_eur", -1.0, "a limit is not negative", "error"),
    ("invoices", "customer_id", "C9", "an invoice's customer exists", "error"),
    ("invoices", "kind", "deposit", "a kind is known", "error"),
    ("invoices", "amount_cents", -120000, "an amount is above zero", "error"),
    ("invoices", "amount_cents", 10**11, "an amount is under 100 M", "warning"),
    ("invoices", "amount_cents", 100, "no invoice is paid more than its amount", "warning"),
    ("invoices", "currency", "eur", "a currency is three capitals", "error"),
    ("invoices", "due_on", day("2023-12-31"), "no invoice is due before its issue", "error"),
    ("invoices", "due_on", day("2026-01-01"), "no invoice is due a year after its issue", "warning"),
    ("payments", "customer_id", "C9", "a payment's customer exists", "error"),
    ("payments", "invoice_id", "F9", "a payment's invoice exists", "error"),
    ("payments", "customer_id", "C2", "an invoice is paid by its customer", "warning"),
    ("payments", "amount_cents", 0, "a payment is not zero", "error"),
    ("payments", "paid_on", day("2020-01-01"), "no invoice is paid a year before its issue", "warning"),
    ("filings", "customer_id", "C9", "a filing's customer exists", "warning"),
    ("filings", "kind", "rumour", "a kind is known", "error"),
    ("filings", "published_on", day("2024-01-01"), "a judgment comes before its publication", "warning"),
    ("accounts", "siren", None, "accounts name whose they are", "error"),
    ("accounts", "customer_id", "C9", "accounts' customer exists", "warning"),
    (
        "accounts",
        "published_on",
        day("2023-01-01"),
        "no accounts are published before the year ends",
        "error",
    ),
    ("accounts", "currency", "euro", "a currency is three capitals", "error"),
    ("accounts", "months", 40.0, "a year has 1 to 24 months", "warning"),
    ("accounts", "turnover", -1.0, "turnover is not negative", "warning"),
    ("accounts", "total_assets", -1.0, "total assets are not negative", "warning"),
    ("insurance", "customer_id", "C9", "a cover's customer exists", "error"),
    ("insurance", "limit_eur", -1.0, "an insured limit is not negative", "error"),
    ("insurance", "covered_share", 90.0, "a covered share lies in [0, 1]", "error"),
    ("insurance", "valid_to", day("2023-01-01"), "a cover ends after it begins", "error"),
    ("signals", "customer_id", "C9", "a signal's customer exists", "error"),
    ("signals", "kind", "gossip", "a kind is known", "error"),
]


@pytest.mark.parametrize(("table", "column", "value", "rule", "level"), FAULTS)
def test_a_fault_breaks_its_rule_and_counts_its_rows(
    table: str, column: str, value: object, rule: str, level: str
):
    own = [r for r in RULES if r.table == table]
    report = check_ledger(with_value(sound_ledger(), table, column, value), own)
    assert broken(report)[f"{table}: {rule}"] == (level, 1)
    assert report.ok == (level == "warning" and not report.errors)


@pytest.mark.parametrize("table", TABLES)
def test_a_key_that_stands_twice_is_an_error(table: str):
    own = [r for r in RULES if r.table == table and r.what == "unique"]
    report = check_ledger(with_first_row_twice(sound_ledger(), table), own)
    assert report.errors[0].n_bad == 2


@pytest.mark.parametrize("table", ["invoices", "accounts"])
def test_a_second_currency_is_an_error_that_shows_it(table: str):
    report = check_ledger(with_value(sound_ledger(), table, "currency", "USD"))
    (result,) = report.errors
    assert "`encours registers convert`" in result.sentence
    assert (result.table, result.n_bad, result.examples) == (table, 1, ("USD",))


def test_a_ledger_all_in_one_currency_is_sound_whichever_it_is():
    ledger = sound_ledger()
    francs = {name: ledger.table(name).assign(currency="CHF") for name in ("invoices", "accounts")}
    assert check_ledger(replace(ledger, **francs)).ok


def test_a_ledger_needs_customers_but_may_hold_accounts_alone():
    alone = sound_ledger()
    for table in ("invoices", "payments", "insurance", "signals", "filings"):
        alone = without_rows(alone, table)
    report = check_ledger(alone)
    assert broken(report) == {"invoices: there are invoices": ("warning", 0)}
    assert broken(check_ledger(from_frames({})))["customers: there are customers"] == ("error", 0)


def test_examples_name_what_is_at_fault_and_are_few():
    ledger = sound_ledger()
    invoices = pd.concat([ledger.invoices] * 10, ignore_index=True)
    invoices["customer_id"] = [f"X{n}" for n in range(len(invoices))]
    ledger = type(ledger)(**{name: ledger.table(name) for name in TABLES} | {"invoices": invoices})
    rule = next(r for r in RULES if r.name == "an invoice's customer exists")
    (result,) = check_ledger(ledger, [rule]).results
    assert (result.n_rows, result.n_bad, result.examples) == (30, 30, ("X0", "X1", "X2", "X3", "X4"))


def test_the_report_is_json_that_says_whether_all_is_well():
    report = check_ledger(with_value(sound_ledger(), "invoices", "due_on", day("2023-12-31")))
    told = json.loads(report.to_json())
    assert told["ok"] is False
    (fault,) = [result for result in told["results"] if not result["ok"]]
    assert fault["examples"] == ["2023-12-31, 2024-01-02"]


def test_checking_is_quiet_and_importing_it_loads_no_library(capfd: pytest.CaptureFixture[str]):
    check_ledger(sound_ledger())
    assert capfd.readouterr() == ("", "")
    code = "import sys, pipelines.validation.checks; sys.exit('great_expectations' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_an_invoice_without_a_number_is_an_error():
    rule = TableRule("invoices", "every invoice has a number", "filled", ("invoice_id",))
    report = check_ledger(with_value(sound_ledger(), "invoices", "invoice_id", None), [rule])
    assert report.errors[0].n_bad == 1


def test_a_large_sound_ledger_breaks_no_rule():
    n = 100_000
    ids = pd.Series([f"F{at:06d}" for at in range(n)], dtype="str")
    customers = pd.Series([f"C{at % 5000:04d}" for at in range(n)], dtype="str")
    issued = pd.Timestamp(2024, 1, 1) + pd.to_timedelta(np.arange(n) % 700, unit="D")
    money = {"customer_id": customers, "amount_cents": np.arange(n) + 1}
    ledger = from_frames(
        {
            "customers": pd.DataFrame({"customer_id": customers.unique()}),
            "invoices": pd.DataFrame(
                {
                    "invoice_id": ids,
                    "kind": "invoice",
                    "issued_on": issued,
                    "due_on": issued + pd.Timedelta(days=30),
                    "currency": "EUR",
                    **money,
                }
            ),
            "payments": pd.DataFrame({"payment_id": ids, "invoice_id": ids, "paid_on": issued, **money}),
        }
    )
    assert check_ledger(ledger).ok


def test_a_sound_ledger_is_let_through_and_a_broken_one_named():
    assert require_sound(check_ledger(sound_ledger())).sentences == ()
    ledger = sound_ledger()
    orphan = ledger.invoices.assign(customer_id="nobody")
    with pytest.raises(LedgerError, match=r"invoices: .* rows break it"):
        require_sound(check_ledger(replace(ledger, invoices=orphan)))
