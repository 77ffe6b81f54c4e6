"""Accounts of every kind of file end in one table, in euros, known from their publication."""

from pathlib import Path

import pandas as pd
import pytest

from models.errors import LedgerError
from models.ledger.files import fingerprint
from pipelines.sources.registers.legal_notices import import_notices
from pipelines.sources.registers.yearly_accounts import import_accounts
from tests.builders import some_accounts
from tests.pipelines.sources.registers.builders import (
    DAY,
    ONE,
    READ_ON,
    a_csv,
    a_json,
    a_portfolio,
    held,
    quarantine,
)
from tests.serving.registers.samples import THREE, a_ratio_row, a_record, a_sheet

DEPOSIT = '{"dateCloture": "2024-12-31", "typeDepot": "Comptes annuels"}'


def only_year(folder: Path) -> pd.Series:
    (row,) = [row for _, row in held(folder).accounts.iterrows()]
    return row


def ratios(folder: Path, *rows: dict[str, object]) -> Path:
    return a_json(folder / "ratios.json", {"results": list(rows)})


def test_ratios_as_json_and_as_csv_tell_the_same(tmp_path: Path):
    row = a_ratio_row("2024-12-31")
    files = [ratios(tmp_path, row), a_csv(tmp_path / "ratios.csv", [row], ";")]
    prints = set()
    for number, path in enumerate(files):
        folder = a_portfolio(tmp_path / str(number))
        import_accounts([path], folder, READ_ON)
        prints.add(fingerprint(held(folder)))
        year = only_year(folder)
        assert (year["turnover"], year["currency"], year["published_on"]) == (1_200_000, "EUR", DAY(READ_ON))
    assert len(prints) == 1


def test_a_group_and_strangers_are_counted_apart(tmp_path: Path):
    folder = a_portfolio(tmp_path / "ledger")
    rows = [
        a_ratio_row("2024-12-31"),
        a_ratio_row("2024-12-31", type_bilan="K"),
        a_ratio_row("2024-12-31", THREE),
    ]
    summary = import_accounts([ratios(tmp_path, *rows)], folder, READ_ON)
    assert (summary.read, summary.kept, summary.without_effect, summary.elsewhere) == (3, 1, 1, 1)


def test_a_second_source_adds_its_figures_and_takes_none_away(tmp_path: Path):
    folder = a_portfolio(tmp_path / "ledger")
    import_accounts([ratios(tmp_path, a_ratio_row("2024-12-31"))], folder, READ_ON)
    sheet = a_json(tmp_path / f"bilans_{ONE}.json", {"data": [a_sheet(f2051={"DL": "5000", "EE": "9000"})]})
    import_accounts([sheet], folder, READ_ON)
    year = only_year(folder)
    assert (year["turnover"], year["equity"], year["total_liabilities"]) == (1_200_000, 5_000, 4_000)


def test_balance_sheets_need_a_company_in_their_files_name(tmp_path: Path):
    folder = a_portfolio(tmp_path / "ledger")
    with pytest.raises(LedgerError, match="name the file after the company's SIREN"):
        import_accounts([a_json(tmp_path / "bilans.json", {"data": [a_sheet()]})], folder, READ_ON)


def test_a_deposit_says_from_when_whichever_came_first(tmp_path: Path):
    dump = a_json(tmp_path / "dump.json", [a_record(1, "dpc", "2025-08-01", depot=DEPOSIT)])
    known = set()
    for number in range(2):
        folder = a_portfolio(tmp_path / str(number))
        steps = [
            lambda folder=folder: import_notices([dump], folder),
            lambda folder=folder: import_accounts(
                [ratios(tmp_path, a_ratio_row("2024-12-31"))], folder, READ_ON
            ),
        ]
        for step in steps if number else reversed(steps):
            step()
        known.add(only_year(folder)["published_on"])
    assert known == {DAY("2025-08-01")}


def test_reading_it_again_later_does_not_make_it_known_later(tmp_path: Path):
    folder = a_portfolio(tmp_path / "ledger")
    path = ratios(tmp_path, a_ratio_row("2024-12-31"))
    import_accounts([path], folder, READ_ON)
    before = fingerprint(held(folder))
    import_accounts([path], folder, READ_ON.replace(year=2027))
    assert fingerprint(held(folder)) == before


def test_accounts_by_customer_number_are_left_alone(tmp_path: Path):
    folder = a_portfolio(tmp_path / "ledger", accounts=[some_accounts(0, 100, "C3", turnover=7.0)])
    import_accounts([ratios(tmp_path, a_ratio_row("2024-12-31"))], folder, READ_ON)
    assert sorted(held(folder).accounts["turnover"]) == [7.0, 1_200_000]


@pytest.mark.parametrize("separator", [",", ";"])
def test_a_plain_csv_names_its_columns_as_the_ledger_does(tmp_path: Path, separator: str):
    folder = a_portfolio(tmp_path / "ledger")
    row = {
        "siren": ONE, "closed_on": "2024-12-31", "published_on": "2025-07-01", "months": "18",
        "currency": "USD", "turnover": "1250000,5" if separator == ";" else "1250000.5",
    }  # fmt: skip
    summary = import_accounts([a_csv(tmp_path / "plain.csv", [row], separator)], folder, READ_ON)
    year = only_year(folder)
    assert (year["turnover"], year["months"], year["currency"]) == (1_250_000.5, 18, "USD")
    assert year["published_on"] == DAY("2025-07-01")
    assert (summary.read, summary.kept, summary.currencies) == (1, 1, ("EUR", "USD"))


def test_figures_in_another_currency_are_never_mixed_with_those_in_euros(tmp_path: Path):
    held_ = some_accounts(0, 100, None, siren=ONE, currency="USD", turnover=7.0, cash=5.0)
    folder = a_portfolio(tmp_path / "ledger", accounts=[{**held_, "closed_on": DAY("2024-12-31")}])
    import_accounts([ratios(tmp_path, a_ratio_row("2024-12-31"))], folder, READ_ON)
    year = only_year(folder)
    assert (year["currency"], year["turnover"]) == ("EUR", 1_200_000)
    assert pd.isna(year["cash"])


def test_a_plain_csv_without_a_currency_counts_in_euros_and_keeps_confidentiality(tmp_path: Path):
    folder = a_portfolio(tmp_path / "ledger")
    row = {"siren": ONE, "closed_on": "31/12/2024", "published_on": "01/07/2025", "confidential": "oui"}
    import_accounts([a_csv(tmp_path / "plain.csv", [row], ";")], folder, READ_ON)
    assert (only_year(folder)["currency"], only_year(folder)["confidential"]) == ("EUR", True)


def test_bad_rows_of_every_kind_go_to_quarantine(tmp_path: Path):
    folder = a_portfolio(tmp_path / "ledger")
    plain = {"siren": ONE, "closed_on": "0000-00-00", "published_on": "2025-07-01"}
    files = [ratios(tmp_path, a_ratio_row("jamais")), a_csv(tmp_path / "plain.csv", [plain])]
    summary = import_accounts(files, folder, READ_ON)
    assert sorted(quarantine(folder)["file"]) == ["plain.csv", "ratios.json"]
    assert (summary.read, summary.refused, summary.exit_code) == (2, 2, 3)


def test_a_field_the_table_does_not_know_is_told(tmp_path: Path):
    folder = a_portfolio(tmp_path / "ledger")
    summary = import_accounts([ratios(tmp_path, a_ratio_row("2024-12-31", cote=1))], folder, READ_ON)
    assert summary.unknown == {"cote": 1}
