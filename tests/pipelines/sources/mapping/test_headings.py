"""Reports grouped by customer: the name stands once, above its rows."""

from pathlib import Path

import pytest

from models.errors import LedgerError
from models.ledger.files import read_ledger
from pipelines.sources.mapping.importing import ImportSummary, import_files
from tests.pipelines.sources.mapping.builders import MAPPINGS, mapping_at, write

FILE = '[file]\nseparator = ";"\ndecimal = ","\ndates = ["%d/%m/%Y"]\n'
HEADING = """
[[heading]]
as = "Client"
column = "Pièce"
where = { "Pièce" = "filled", "Échéance" = "empty" }
"""
TABLES = """
[[skip]]
"Pièce" = { starts = ["Total", "Sous-total"] }

[[customers]]
customer_id = "Client"

[[invoices]]
invoice_id = "Pièce"
customer_id = "Client"
kind = { constant = "invoice" }
issued_on = "Date"
due_on = "Échéance"
amount_cents = "Montant"
currency = { constant = "EUR" }
"""
HEADER = "Pièce;Date;Échéance;Montant"


def bring(folder: Path, *lines: str, heading: str = HEADING, name: str = "a.csv") -> ImportSummary:
    source = write(folder / name, HEADER, *lines)
    return import_files(mapping_at(folder, FILE + heading + TABLES), [source], folder / "ledger")


def owners(folder: Path) -> dict[str, str]:
    found = read_ledger(folder / "ledger").invoices
    return dict(zip(found["invoice_id"], found["customer_id"], strict=True))


def bill(number: str) -> str:
    return f"{number};01/02/2024;01/03/2024;10,00"


def test_a_heading_holds_for_the_rows_below_it(tmp_path: Path):
    summary = bring(tmp_path, "Aubier SA", bill("F1"), bill("F2"), ";;;", "Brise & Fils;;;", bill("F3"))
    assert owners(tmp_path) == {"F1": "Aubier SA", "F2": "Aubier SA", "F3": "Brise & Fils"}
    assert (summary.rows_skipped, summary.rows_refused) == (2, 0)


def test_rows_above_the_first_heading_or_below_an_end_have_no_owner_and_are_refused(tmp_path: Path):
    ends = HEADING + 'ends = { "Pièce" = { starts = ["Total"] } }\n'
    summary = bring(
        tmp_path, bill("F1"), "Aubier SA;;;", bill("F2"), "Total Aubier SA;;;10,00", bill("F3"), heading=ends
    )
    assert owners(tmp_path) == {"F2": "Aubier SA"}
    assert summary.rows_refused == 2


def test_a_heading_ends_with_its_file(tmp_path: Path):
    first = write(tmp_path / "a.csv", HEADER, "Aubier SA;;;", bill("F1"))
    second = write(tmp_path / "b.csv", HEADER, bill("F2"))
    summary = import_files(
        mapping_at(tmp_path, FILE + HEADING + TABLES), [first, second], tmp_path / "ledger"
    )
    assert (owners(tmp_path), summary.rows_refused) == ({"F1": "Aubier SA"}, 1)


def test_the_name_of_a_heading_is_no_column_of_the_file(tmp_path: Path):
    with pytest.raises(LedgerError, match="call it otherwise"):
        bring(tmp_path, heading=HEADING.replace('as = "Client"', 'as = "Montant"'))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (('as = "Client"\n', ""), r"heading\[1\]\.as: missing"),
        (('column = "Pièce"\n', ""), r"heading\[1\]\.column: missing"),
        (('where = { "Pièce" = "filled", "Échéance" = "empty" }', ""), "every row would be a heading"),
        (("as =", "ass ="), r"heading\[1\]\.ass: unknown key; did you mean 'as'"),
        (('"filled"', '{ begins = ["x"] }'), "starts"),
    ],
)
def test_faults_of_a_heading_are_told_by_key(tmp_path: Path, change: tuple[str, str], message: str):
    with pytest.raises(LedgerError, match=message):
        bring(tmp_path, heading=HEADING.replace(*change))


def test_an_aged_detail_grouped_by_customer_comes_in_with_the_shipped_mapping(tmp_path: Path):
    source = write(
        tmp_path / "aged.csv",
        "Aged Receivables Detail", "Essai Ltd", "As at 30 June 2025", "Ageing by due date", "",
        "Invoice Date,Due Date,Invoice Number,Current,Older,Total",
        ",,,,,",
        "Tilleul Ltd,,,,,",
        '3 Apr 2025,3 May 2025,INV-1,0.00,"2,100.50","2,100.50"',
        'Total Tilleul Ltd,,,0.00,"2,100.50","2,100.50"',
        "Orme GmbH,,,,,",
        "5 May 2025,5 May 2025,CN-1,0.00,(70.00),(70.00)",
        "Total Orme GmbH,,,0.00,(70.00),(70.00)",
        'Total,,,0.00,"2,030.50","2,030.50"',
    )  # fmt: skip
    summary = import_files(MAPPINGS / "xero_aged_receivables.toml", [source], tmp_path / "ledger")
    found = read_ledger(tmp_path / "ledger").invoices
    assert found[["invoice_id", "customer_id", "kind", "amount_cents"]].to_numpy().tolist() == [
        ["CN-1", "Orme GmbH", "credit_note", 7000],
        ["INV-1", "Tilleul Ltd", "invoice", 210050],
    ]
    assert (summary.rows_refused, summary.exit_code) == (0, 0)
