from pathlib import Path

import pytest

from models.errors import LedgerError
from models.ledger.tables import FILING_KINDS, SCORE_SCALES, SIGNAL_KINDS, TABLES
from pipelines.validation.loading import load_rules

GOOD = """
[[rule]]
fr = "un montant est d'au moins 1 €"
en = "an amount is at least 1 EUR"
level = "warning"
what = "between"
columns = ["amount_cents"]
low = 100
"""


def suite(folder: Path, text: str, table: str = "invoices") -> Path:
    folder.mkdir(exist_ok=True)
    (folder / f"{table}.toml").write_text(text, encoding="utf-8")
    return folder


def test_every_table_has_rules_in_both_languages():
    rules = load_rules()
    assert {rule.table for rule in rules} == set(TABLES)
    assert all(rule.sentence("fr") != rule.sentence("en") for rule in rules)


def test_the_values_allowed_are_those_of_the_ledger():
    allowed = {(rule.table, rule.columns[0]): rule.allowed for rule in load_rules() if rule.what == "among"}
    assert allowed["filings", "kind"] == FILING_KINDS
    assert allowed["signals", "kind"] == SIGNAL_KINDS
    assert allowed["outside_scores", "scale"] == SCORE_SCALES
    assert allowed["invoices", "kind"] == TABLES["invoices"].column("kind").choices


def test_a_suite_of_ones_own_takes_its_tables_place_and_no_others(tmp_path: Path):
    rules = load_rules(suite(tmp_path / "own", GOOD))
    (own,) = [rule for rule in rules if rule.table == "invoices"]
    assert (own.low, own.level, own.columns) == (100.0, "warning", ("amount_cents",))
    assert [r for r in rules if r.table != "invoices"] == [r for r in load_rules() if r.table != "invoices"]


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ('level = "warning"', 'level = "fatal"', "rule[1].level"),
        ("low = 100", "lowest = 100", "rule[1].lowest: known are fr, en"),
        ("low = 100", "", "rule[1].low: between needs low or high"),
        ("low = 100", "low = 100\nhigh = 1", "rule[1].low: 100 is above high, 1"),
        ("low = 100", "low = nan", "rule[1].low"),
        ("amount_cents", "amount", "rule[1].columns: 'amount' is none that between looks at"),
        ("amount_cents", "currency", "rule[1].columns: currency holds no figures"),
        ('["amount_cents"]', '["amount_cents", "kind"]', "rule[1].columns: between takes 1, not 2"),
        ("low = 100", "low = 100\nallowed = [1]", "rule[1].allowed: between takes none"),
        ("low = 100", "low = 100\npattern = 'x'", "rule[1].pattern: between takes none"),
        ('fr = "un montant est d\'au moins 1 €"', "", "rule[1].fr"),
        ("[[rule]]", "[rules]", "rules: unknown key"),
        ("[[rule]]", "[[rule", "is not TOML"),
        ("low = 100", "low = 100\n" + GOOD, "rule[2].en: another rule of invoices says"),
    ],
)
def test_a_fault_is_told_by_its_key(tmp_path: Path, before: str, after: str, told: str):
    folder = suite(tmp_path / "own", GOOD.replace(before, after, 1))
    with pytest.raises(LedgerError) as caught:
        load_rules(folder)
    assert told in str(caught.value)
    assert "invoices.toml" in str(caught.value)


def test_faults_of_all_files_are_told_at_once(tmp_path: Path):
    folder = suite(tmp_path / "own", GOOD.replace("between", "around"))
    suite(folder, GOOD, "orders")
    suite(folder, GOOD, "payments")
    suite(folder, "[[rule]]\nwhat = 1", "signals")
    with pytest.raises(LedgerError) as caught:
        load_rules(folder)
    for told in ("invoices.toml: rule[1].what", "orders.toml: no such table", "signals.toml: rule[1].en"):
        assert told in str(caught.value)


def test_a_folder_without_suites_is_refused(tmp_path: Path):
    with pytest.raises(LedgerError, match="holds no suite"):
        load_rules(tmp_path)


@pytest.mark.parametrize("what", ["pattern", "in_order"])
def test_a_rule_needs_columns_of_its_kind(tmp_path: Path, what: str):
    columns = '["amount_cents", "amount_cents"]' if what == "in_order" else '["amount_cents"]'
    text = GOOD.replace("between", what).replace('["amount_cents"]', columns)
    with pytest.raises(LedgerError, match="amount_cents holds no"):
        load_rules(suite(tmp_path / "own", text))


def test_a_pattern_must_be_one(tmp_path: Path):
    text = GOOD.replace("between", "pattern").replace("amount_cents", "currency")
    with pytest.raises(LedgerError, match="is no regular expression"):
        load_rules(suite(tmp_path / "own", text.replace("low = 100", "pattern = '('")))
