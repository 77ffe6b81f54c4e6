import gzip
from itertools import permutations
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from models.errors import LedgerError
from models.ledger.files import fingerprint, read_ledger
from pipelines.sources.mapping.importing import ImportSummary, import_files
from tests.pipelines.sources.mapping.builders import (
    FILE,
    GOOD,
    HEADER,
    INVOICES,
    MAPPINGS,
    SAMPLES,
    import_lines,
    mapping_at,
    shared,
    write,
)


def contents(folder: Path) -> dict[Path, bytes]:
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def quarantine(summary: ImportSummary) -> list[dict[str, str]]:
    return pd.read_csv(summary.quarantine, dtype=str, keep_default_na=False).to_dict("records")


def test_a_row_becomes_an_invoice_and_its_customer(tmp_path: Path):
    summary = import_lines(tmp_path, GOOD)
    ledger = read_ledger(tmp_path / "ledger")
    assert summary.rows_imported == {"customers": 1, "invoices": 1}
    assert ledger.customers["customer_id"].tolist() == ["C1"]
    row = ledger.invoices.iloc[0]
    assert (row.invoice_id, row.kind, row.amount_cents, row.currency) == ("F1", "invoice", 123450, "EUR")
    assert (row.issued_on, row.due_on) == (pd.Timestamp(2024, 2, 1), pd.Timestamp(2024, 3, 2))


def test_what_the_export_lacks_comes_from_defaults(tmp_path: Path):
    import_lines(tmp_path, "F1;C1;;01/02/2024;;10,00;")
    row = read_ledger(tmp_path / "ledger").invoices.iloc[0]
    assert (row.kind, row.currency, row.due_on) == ("invoice", "EUR", pd.Timestamp(2024, 3, 2))


@pytest.mark.parametrize(
    ("name", "files"),
    [
        ("sap_fbl5n", ["fbl5n.txt"]),
        ("sap_fbl5n_fr", ["fbl5n_fr.txt"]),
        ("odoo_journal_items", ["odoo_journal_items.csv"]),
    ],
)
def test_importing_a_sample_twice_changes_nothing(tmp_path: Path, name: str, files: list[str]):
    sources = [SAMPLES / file for file in files]
    first = import_files(MAPPINGS / f"{name}.toml", sources, tmp_path)
    before = fingerprint(read_ledger(tmp_path))
    again = import_files(MAPPINGS / f"{name}.toml", sources, tmp_path)
    assert again == first
    assert fingerprint(read_ledger(tmp_path)) == before
    assert first.rows_refused == 0
    assert first.rows_read == first.rows_taken + first.rows_skipped


def test_the_two_languages_of_fbl5n_give_one_ledger(tmp_path: Path):
    import_files(MAPPINGS / "sap_fbl5n.toml", [SAMPLES / "fbl5n.txt"], tmp_path / "en")
    import_files(MAPPINGS / "sap_fbl5n_fr.toml", [SAMPLES / "fbl5n_fr.txt"], tmp_path / "fr")
    assert fingerprint(read_ledger(tmp_path / "en")) == fingerprint(read_ledger(tmp_path / "fr"))


def test_fbl5n_ties_payments_and_settles_the_rest_on_the_clearing_date(tmp_path: Path):
    import_files(MAPPINGS / "sap_fbl5n.toml", [SAMPLES / "fbl5n.txt"], tmp_path)
    ledger = read_ledger(tmp_path)
    paid = ledger.payments.groupby("invoice_id")["amount_cents"].sum()
    amounts = ledger.invoices.set_index("invoice_id")["amount_cents"]
    assert paid["1000/1800000110/2024/1"] == amounts["1000/1800000110/2024/1"]
    assert paid["1000/1600000004/2024/1"] == -50000
    alone = ledger.payments.set_index("payment_id").loc["1000/1800000130/2024/1::cleared"]
    assert (alone.paid_on, alone.amount_cents) == (pd.Timestamp(2024, 3, 20), 105000)
    on_account = ledger.payments[ledger.payments["invoice_id"].isna()]
    assert on_account["amount_cents"].tolist() == [30000]
    assert "1000/1800000103/2024/1" not in paid


def test_odoo_ties_within_the_customer_by_matching_number(tmp_path: Path):
    import_files(MAPPINGS / "odoo_journal_items.toml", [SAMPLES / "odoo_journal_items.csv"], tmp_path)
    ledger = read_ledger(tmp_path)
    left = ledger.invoices.set_index("invoice_id")["amount_cents"].sub(
        ledger.payments.groupby("invoice_id")["amount_cents"].sum(), fill_value=0
    )
    still_open = {"INV/2024/00003": 200000, "INV/2024/00007": 41000}
    assert left[left.index.str.startswith("INV") & (left != 0)].to_dict() == still_open


def test_an_item_cleared_later_replaces_the_money_on_account(tmp_path: Path):
    header, *lines = (SAMPLES / "fbl5n.txt").read_text(encoding="cp1252").splitlines()
    deposit = next(line for line in lines if "1400000230" in line)
    invoice = next(line for line in lines if "1800000120" in line)
    cleared = [line.replace("00.00.0000\t", "15.03.2024\t1400000299") for line in (deposit, invoice)]
    october = write(tmp_path / "a.txt", header, deposit, invoice, encoding="cp1252")
    november = write(tmp_path / "b.txt", header, *cleared, encoding="cp1252")
    import_files(MAPPINGS / "sap_fbl5n.toml", [october], tmp_path / "ledger")
    assert read_ledger(tmp_path / "ledger").payments["invoice_id"].isna().all()
    summary = import_files(MAPPINGS / "sap_fbl5n.toml", [november], tmp_path / "ledger")
    payments = read_ledger(tmp_path / "ledger").payments
    assert payments["amount_cents"].sum() == 8990
    assert [note.cents for note in summary.notes] == [21010]
    assert payments.dropna(subset="invoice_id")["amount_cents"].tolist() == [8990]


def test_an_invoice_that_opens_again_loses_its_settlement(tmp_path: Path):
    settled = FILE + INVOICES + '[matching]\nsettled_on = "Lettrage"\n'
    mapping = mapping_at(tmp_path, settled)
    paid = write(tmp_path / "a.csv", HEADER + ";Lettrage", GOOD + ";05/03/2024")
    reopened = write(tmp_path / "b.csv", HEADER + ";Lettrage", GOOD + ";")
    import_files(mapping, [paid], tmp_path / "ledger")
    assert len(read_ledger(tmp_path / "ledger").payments) == 1
    import_files(mapping, [reopened], tmp_path / "ledger")
    assert read_ledger(tmp_path / "ledger").payments.empty


def test_the_order_of_the_files_does_not_matter(tmp_path: Path):
    mapping = mapping_at(tmp_path)
    files = [
        write(tmp_path / "2024-01.csv", HEADER, GOOD, "F2;C2;F;01/02/2024;;5,00;EUR"),
        write(tmp_path / "2024-02.csv", HEADER, GOOD.replace("1.234,50", "1.000,00"), "F3;C1;F;x;;1,00;EUR"),
        write(
            tmp_path / "2024-03.csv",
            "Client;Pièce;Montant;Date;Échéance;Devise;Type",
            "C9;F9;7;01/02/2024;;;",
        ),
    ]
    results = set()
    for at, order in enumerate(permutations(files)):
        summary = import_files(mapping, order, tmp_path / f"ledger{at}")
        results.add((fingerprint(read_ledger(tmp_path / f"ledger{at}")), summary.rows_refused))
    assert len(results) == 1
    invoices = read_ledger(tmp_path / "ledger0").invoices.set_index("invoice_id")
    assert invoices.loc["F1", "amount_cents"] == 100000


def test_a_file_given_twice_counts_once(tmp_path: Path):
    source = write(tmp_path / "export.csv", HEADER, GOOD)
    copy = write(tmp_path / "copy.csv", HEADER, GOOD)
    assert import_files(mapping_at(tmp_path), [source, copy, source], tmp_path / "ledger").rows_read == 1


def test_a_known_key_is_replaced_and_keeps_what_the_mapping_does_not_name(tmp_path: Path):
    customers = FILE + '[[customers]]\ncustomer_id = "Client"\nname = "Nom"\n'
    names = write(tmp_path / "names.csv", "Client;Nom", "C1;Scierie Vauzelle")
    import_files(mapping_at(tmp_path, customers), [names], tmp_path / "ledger")
    import_lines(tmp_path, GOOD)
    import_lines(tmp_path, GOOD.replace("1.234,50", "9,99"), "F2;C2;F;01/02/2024;;5,00;EUR")
    ledger = read_ledger(tmp_path / "ledger")
    assert ledger.customers["name"].tolist()[0] == "Scierie Vauzelle"
    assert ledger.invoices["amount_cents"].tolist() == [999, 500]


BAD_ROWS = [
    (";C1;F;01/02/2024;;1,00;EUR", "Pièce", "", "is empty"),
    ("F2;;F;01/02/2024;;1,00;EUR", "Client", "", "is empty"),
    ("F2;C1;Z;01/02/2024;;1,00;EUR", "Type", "Z", "none of the mapping's values F, A"),
    ("F2;C1;F;31/02/2024;;1,00;EUR", "Date", "31/02/2024", "no date written like %d/%m/%Y or %Y-%m-%d"),
    ("F2;C1;F;01/02/1724;;1,00;EUR", "Date", "01/02/1724", "between 1900 and 2100"),
    ("F2;C1;F;;;1,00;EUR", "Date", "", "is empty"),
    ("F2;C1;F;01/02/2024;01/01/2024;1,00;EUR", "Échéance", "01/01/2024", "due_on is before issued_on"),
    ("F2;C1;F;01/02/2024;;;EUR", "Montant", "", "is empty"),
    ("F2;C1;F;01/02/2024;;12.5;EUR", "Montant", "12.5", "no figure written like 1.234,50"),
    ("F2;C1;F;01/02/2024;;1,005;EUR", "Montant", "1,005", "more than two decimals"),
    ("F2;C1;F;01/02/2024;;0,00;EUR", "Montant", "0,00", "above zero"),
    ("F2;C1;F;01/02/2024;;-3,00;EUR", "Montant", "-3,00", "above zero"),
    (
        "F2;C1;F;01/02/2024;;12345678901234567,00;EUR",
        "Montant",
        "12345678901234567,00",
        "more than 15 digits",
    ),
    ("F2;C1;F;01/02/2024;;1,00;euro", "Devise", "euro", "three capitals"),
    ("F2;C1;F;01/02/2024", "(whole line)", "", "4 fields where the header has 7"),
    ("F2;C1;F;01/02/2024;;1,00;EUR;more", "(whole line)", "", "8 fields where the header has 7"),
    ("F1;C1;F;01/02/2024;;1,00;EUR", "Pièce", "F1", "invoice_id appears on line 2 with different values"),
    ("=cmd();C1;F;x;;1,00;EUR", "Date", "x", "no date"),
]


@pytest.mark.parametrize(("line", "column", "value", "reason"), BAD_ROWS)
def test_a_bad_row_goes_to_quarantine_with_where_and_why(
    tmp_path: Path, line: str, column: str, value: str, reason: str
):
    summary = import_lines(tmp_path, GOOD, line)
    (fault,) = quarantine(summary)
    assert (fault["file"], fault["line"], fault["column"], fault["value"]) == (
        "export.csv",
        "3",
        column,
        value,
    )
    assert reason in fault["reason"]
    assert (summary.rows_read, summary.rows_taken, summary.rows_refused) == (2, 1, 1)
    assert read_ledger(tmp_path / "ledger").invoices["invoice_id"].tolist() == ["F1"]
    assert read_ledger(tmp_path / "ledger").customers["customer_id"].tolist() == ["C1"]


def test_every_fault_of_a_row_is_told_and_the_row_counts_once(tmp_path: Path):
    summary = import_lines(tmp_path, "F2;;Q;x;;y;EUR")
    assert {fault["column"] for fault in quarantine(summary)} == {"Client", "Type", "Date", "Montant"}
    assert summary.rows_refused == 1


def test_the_same_row_twice_in_a_file_is_no_fault(tmp_path: Path):
    summary = import_lines(tmp_path, GOOD, GOOD)
    assert (summary.rows_refused, summary.rows_imported["invoices"]) == (0, 1)


def test_a_siret_stands_for_the_siren_of_its_company(tmp_path: Path):
    lines = [f"{GOOD.replace('F1', f'F{at}').replace('C1', f'C{at}')};{text}" for at, text in enumerate(
        ("73282932000074", "732 829 320", "732829320 00074", "356 000 000 00048", ""))]  # fmt: skip
    write(tmp_path / "export.csv", HEADER + ";Siren", *lines)
    import_files(mapping_at(tmp_path), [tmp_path / "export.csv"], tmp_path / "ledger")
    customers = read_ledger(tmp_path / "ledger").customers
    sirens = ["732829320", "732829320", "732829320", "356000000", None]
    assert customers["siren"].astype("object").where(customers["siren"].notna(), None).tolist() == sirens


def test_a_bad_siren_never_refuses_its_customer(tmp_path: Path):
    source = write(
        tmp_path / "e.csv", HEADER + ";Siren", GOOD + ";552032534", GOOD.replace("F1", "F2") + ";552032535"
    )
    summary = import_files(mapping_at(tmp_path), [source], tmp_path / "ledger")
    assert summary.rows_refused == 0
    assert [(one.line, one.column, one.value) for one in summary.notes] == [(3, "Siren", "552032535")]


def test_a_row_no_table_takes_is_refused(tmp_path: Path):
    text = (FILE + INVOICES).replace(
        "[[invoices]]", '[[invoices]]\nwhere = { Type = ["F"], Montant = "positive" }'
    )
    summary = import_lines(
        tmp_path, GOOD, "F2;C2;OD;01/02/2024;;1,00;EUR", "F3;C3;F;01/02/2024;;abc;EUR", mapping=text
    )
    faults = quarantine(summary)
    assert [(fault["column"], fault["value"]) for fault in faults] == [
        ("Type | Montant", "OD | 1,00"),
        ("Montant", "abc"),
    ]
    assert read_ledger(tmp_path / "ledger").customers["customer_id"].tolist() == ["C1"]


def test_rows_skipped_on_purpose_are_counted_apart(tmp_path: Path):
    text = FILE + '[[skip]]\n"Pièce" = "empty"\n' + INVOICES
    summary = import_lines(tmp_path, GOOD, ";Total;;;;1.234,50;", "", ";Total", mapping=text)
    assert (summary.rows_read, summary.rows_taken, summary.rows_skipped, summary.rows_refused) == (3, 1, 2, 0)


def test_lines_are_physical_lines_even_after_a_text_over_two_lines(tmp_path: Path):
    summary = import_lines(tmp_path, 'F0;"C\nzero";F;01/02/2024;;1,00;EUR', "", "F2;C1;F;x;;1,00;EUR")
    assert [fault["line"] for fault in quarantine(summary)] == ["5"]


@pytest.mark.parametrize(("bad", "code"), [(0, 0), (1, 0), (2, 3)])
def test_the_exit_code_tells_whether_one_percent_was_refused(tmp_path: Path, bad: int, code: int):
    lines = [f"F{n};C1;F;{'x' if n < bad else '01/02/2024'};;1,00;EUR" for n in range(150)]
    summary = import_lines(tmp_path, *lines)
    assert (summary.rows_refused, summary.exit_code) == (bad, code)
    assert (summary.quarantine is None) == (bad == 0)


def test_exactly_one_percent_is_no_longer_under_it(tmp_path: Path):
    lines = [f"F{n};C1;F;{'x' if n == 0 else '01/02/2024'};;1,00;EUR" for n in range(100)]
    assert import_lines(tmp_path, *lines).exit_code == 3


def test_quarantine_is_the_same_after_a_second_import_and_empties_once_the_mapping_is_corrected(
    tmp_path: Path,
):
    first = import_lines(tmp_path, GOOD, "F2;C1;B;01/02/2024;;1,00;EUR")
    before = contents(tmp_path / "ledger")
    import_lines(tmp_path, GOOD, "F2;C1;B;01/02/2024;;1,00;EUR")
    assert contents(tmp_path / "ledger") == before
    corrected = (FILE + INVOICES).replace('F = "invoice"', 'F = "invoice", B = "invoice"')
    assert import_lines(tmp_path, GOOD, "F2;C1;B;01/02/2024;;1,00;EUR", mapping=corrected).quarantine is None
    assert not first.quarantine.exists()


def test_an_excel_workbook_reads_like_its_csv(tmp_path: Path):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(HEADER.split(";"))
    day = pd.Timestamp(2024, 2, 1).to_pydatetime()
    sheet.append(["F1", 17, "F", day, None, 0.1 + 0.2, "EUR"])
    sheet.append(["F2", 17, "F", day, None, "no", "EUR"])
    book.save(tmp_path / "export.xlsx")
    summary = import_files(mapping_at(tmp_path), [tmp_path / "export.xlsx"], tmp_path / "ledger")
    row = read_ledger(tmp_path / "ledger").invoices.iloc[0]
    assert (row.customer_id, row.amount_cents, row.issued_on) == ("17", 30, pd.Timestamp(2024, 2, 1))
    assert [(fault["line"], fault["value"]) for fault in quarantine(summary)] == [("3", "no")]


def test_a_gzipped_export_reads_like_the_plain_one(tmp_path: Path):
    packed = tmp_path / "export.csv.gz"
    packed.write_bytes(gzip.compress(f"{HEADER}\n{GOOD}\n".encode()))
    assert import_files(mapping_at(tmp_path), [packed], tmp_path / "ledger").rows_taken == 1


TRUNCATED = gzip.compress(f"{HEADER}\n{GOOD}\n".encode() * 50)[:-20]
UNUSABLE = {
    "missing column": (HEADER.replace("Montant", "Net").encode() + b"\n", "lacks 'Montant'"),
    "wrong separator": (HEADER.replace(";", "|").encode() + b"\n", "lacks 'Client'"),
    "column twice": (HEADER.replace("Devise", "Montant").encode() + b"\n", "lacks 'Devise'"),
    "empty": (b"", "is empty"),
    "truncated gzip": (TRUNCATED, "cut short"),
    "broken gzip": (b"\x1f\x8b\x08\x00garbage-garbage", "cannot be read"),
    "wrong encoding": (f"{HEADER}\n{GOOD}\n".encode("cp1252"), "is not utf-8-sig"),
    "broken workbook": (b"PK\x03\x04garbage", "cannot be read as Excel"),
    "open quote": (f'{HEADER}\n"F1;C1\n{GOOD}\n'.encode(), "check file.separator and file.quote"),
}


@pytest.mark.parametrize(("content", "message"), UNUSABLE.values(), ids=UNUSABLE.keys())
def test_an_unusable_file_changes_nothing_and_says_why_in_one_line(
    tmp_path: Path, content: bytes, message: str
):
    import_lines(tmp_path, GOOD, "F2;C1;F;x;;1,00;EUR")
    before = contents(tmp_path / "ledger")
    good = write(tmp_path / "a.csv", HEADER, GOOD.replace("F1", "F7"))
    bad = tmp_path / "b.csv"
    bad.write_bytes(content)
    with pytest.raises(LedgerError, match=message) as caught:
        import_files(mapping_at(tmp_path), [good, bad], tmp_path / "ledger")
    assert "b.csv" in str(caught.value)
    assert "\n" not in str(caught.value)
    assert contents(tmp_path / "ledger") == before


def test_a_file_that_is_not_there_or_no_file_at_all_is_said(tmp_path: Path):
    with pytest.raises(LedgerError, match=r"nowhere\.csv cannot be read"):
        import_files(mapping_at(tmp_path), [tmp_path / "nowhere.csv"], tmp_path / "ledger")
    with pytest.raises(LedgerError, match="at least one"):
        import_files(mapping_at(tmp_path), [], tmp_path / "ledger")


def test_a_needed_column_that_stands_twice_is_said(tmp_path: Path):
    source = write(tmp_path / "a.csv", HEADER + ";montant", GOOD + ";1")
    with pytest.raises(LedgerError, match="more than one column 'Montant'"):
        import_files(mapping_at(tmp_path), [source], tmp_path / "ledger")


def test_an_export_without_rows_imports_nothing(tmp_path: Path):
    summary = import_lines(tmp_path)
    assert (summary.rows_read, summary.exit_code) == (0, 0)


def test_a_byte_order_mark_and_old_line_ends_do_not_matter(tmp_path: Path):
    text = (FILE + INVOICES).replace("[file]", '[file]\nencoding = "utf-8"')
    source = tmp_path / "mac.csv"
    source.write_bytes(f"\ufeff{HEADER};;\r{GOOD}\r{GOOD.replace('F1', 'F2')};;\r".encode())
    summary = import_files(mapping_at(tmp_path, text), [source], tmp_path / "ledger")
    assert (summary.rows_taken, summary.rows_refused) == (2, 0)


def test_more_rows_than_one_chunk_keep_their_lines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("pipelines.sources.mapping.reading.CHUNK_ROWS", 2)
    lines = [f"F{n};C1;F;01/02/2024;;{'x' if n == 4 else 1},00;EUR" for n in range(6)]
    summary = import_lines(tmp_path, *lines, "F6;C1")
    assert [(fault["line"], fault["value"]) for fault in quarantine(summary)] == [("6", "x,00"), ("8", "")]
    assert summary.rows_imported["invoices"] == 5


@pytest.mark.shared
def test_highradius_imports_whole_and_twice_is_once(tmp_path: Path):
    source = shared("ledgers/highradius_2019-11-30.csv")
    summary = import_files(MAPPINGS / "highradius.toml", [source], tmp_path)
    ledger = read_ledger(tmp_path)
    assert (len(ledger.customers), len(ledger.invoices), len(ledger.payments)) == (991, 32189, 30756)
    assert (summary.rows_refused, summary.exit_code) == (0, 0)
    assert len(set(ledger.invoices["invoice_id"]) - set(ledger.payments["invoice_id"])) == 1433
    before = fingerprint(ledger)
    import_files(MAPPINGS / "highradius.toml", [source], tmp_path)
    assert fingerprint(read_ledger(tmp_path)) == before


@pytest.mark.shared
def test_american_accounts_make_a_ledger_without_invoices(tmp_path: Path):
    source = shared("accounts/american_1999-2014.csv.gz")
    summary = import_files(MAPPINGS / "american_accounts.toml", [source], tmp_path)
    ledger = read_ledger(tmp_path)
    assert (len(ledger.accounts), len(ledger.filings), len(ledger.invoices)) == (65275, 491, 0)
    assert summary.rows_refused == 0
    first = ledger.accounts[ledger.accounts["customer_id"] == "C_1"].iloc[0]
    assert (first.turnover, first.equity) == (
        pytest.approx(1024.333e6),
        pytest.approx((740.998 - 401.483) * 1e6),
    )
    assert (first.closed_on, first.published_on) == (pd.Timestamp(1999, 12, 31), pd.Timestamp(2000, 4, 29))
    assert (ledger.filings["judged_on"] == ledger.filings["published_on"]).all()
