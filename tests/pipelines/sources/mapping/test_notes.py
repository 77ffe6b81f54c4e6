"""What an import tells of rows that it takes: numbers that are no SIREN, money that is spent."""

from pathlib import Path

import pandas as pd
import pytest

from models.ledger.files import read_ledger
from pipelines.sources.mapping.importing import import_files
from tests.pipelines.sources.mapping.builders import MAPPINGS, write

SIREN, SHORT = "732829320", "005420120"


def numbered(folder: Path, *texts: str, country: str = "") -> pd.DataFrame:
    mapping = write(
        folder / "m.toml", '[file]\nseparator = ";"\n[[customers]]\ncustomer_id = "id"\nsiren = "no"',
        'country = "country"',
    )  # fmt: skip
    rows = [f'C{at};"{text}";{country}' for at, text in enumerate(texts)]
    summary = import_files(mapping, [write(folder / "c.csv", "id;no;country", *rows)], folder / "ledger")
    assert (summary.rows_refused, len(summary.notes)) == (0, len([n for n in summary.notes if n.line]))
    customers = read_ledger(folder / "ledger").customers
    assert len(customers) == len(texts)
    found = customers[["siren", "other_number"]].astype("object")
    return found.where(found.notna(), None)


@pytest.mark.parametrize(
    "text",
    [
        SIREN, "732 829 320", "732\u00a0829\u202f320", "732.829.320", f"{SIREN}.0", f"{SIREN},00",
        f"FR44{SIREN}", f"fr 44 {SIREN}", f"TVA FR44 {SIREN}", f"RCS Lyon {SIREN}",
        "732 829 320 R.C.S. Lyon B", f"{SIREN}00074", f"SIRET : {SIREN} 00074",
    ],
)  # fmt: skip
def test_a_siren_is_read_however_it_is_written(tmp_path: Path, text: str):
    assert numbered(tmp_path, text).to_numpy().tolist() == [[SIREN, None]]


@pytest.mark.parametrize("text", ["5420120", "5420120.0", "005420120", "542012000017"])
def test_zeros_that_a_spreadsheet_took_come_back_where_the_key_agrees(tmp_path: Path, text: str):
    siren = SHORT if text != "542012000017" else None
    assert numbered(tmp_path, text)["siren"].tolist() in ([SHORT], [siren])


@pytest.mark.parametrize(
    "text",
    ["000066034", "FR11000066034", "MONACOCONFO007", "DE123456782", "BE0417497106", "732829321", "7.33E+08",
     "66034", "B 284567", "RCS Luxembourg B 5420120"],
)  # fmt: skip
def test_a_number_that_is_no_siren_is_kept_as_it_is_and_the_customer_stays(tmp_path: Path, text: str):
    assert numbered(tmp_path, text).to_numpy().tolist() == [[None, text]]


def test_zeros_are_not_guessed_for_a_company_abroad(tmp_path: Path):
    assert numbered(tmp_path, "5420120", country="GB")["siren"].tolist() == [None]
    assert numbered(tmp_path, "5420120", country="RE")["siren"].tolist() == [SHORT]


def test_a_masked_number_is_none(tmp_path: Path):
    assert numbered(tmp_path, "[ND]", "").to_numpy().tolist() == [[None, None], [None, None]]


def test_what_is_told_stands_next_to_the_ledger_until_the_next_import(tmp_path: Path):
    mapping = MAPPINGS / "customers_csv.toml"
    source = write(tmp_path / "c.csv", "customer_id,siren", "C1,DE123456782", f"C2,{SIREN}", "C3,=1+1")
    summary = import_files(mapping, [source], tmp_path / "ledger")
    assert [(one.line, one.column, one.value, one.kind) for one in summary.notes] == [
        (2, "siren", "DE123456782", "no_siren"),
        (4, "siren", "=1+1", "no_siren"),
    ]
    assert pd.read_csv(summary.notes_file)["value"].tolist() == ["DE123456782", "'=1+1"]
    import_files(mapping, [write(tmp_path / "d.csv", "customer_id", "C1")], tmp_path / "ledger")
    assert not summary.notes_file.exists()


FBL5N = (
    "Company Code\tCustomer\tName 1\tDocument Number\tLine item\tFiscal Year\tDocument Type\tDocument Date\t"
    "Posting Date\tNet due date\tAmount in local currency\tLocal Currency\tClearing date\tClearing Document"
)


def test_a_cleared_payment_whose_invoices_did_not_come_is_no_credit_and_is_told(tmp_path: Path):
    source = write(
        tmp_path / "items.txt", FBL5N,
        "1\tK\tEssai\t14001\t1\t2025\tDZ\t04.03.2025\t04.03.2025\t\t800,00-\tEUR\t04.03.2025\t14001",
        "1\tK\tEssai\t18007\t1\t2025\tRV\t02.04.2025\t02.04.2025\t02.05.2025\t650,00\tEUR\t00.00.0000\t",
    )  # fmt: skip
    summary = import_files(MAPPINGS / "sap_fbl5n.toml", [source], tmp_path / "ledger")
    (note,) = summary.notes
    assert (note.line, note.value, note.kind, note.cents) == (2, "1/14001/2025/1", "spent", 80000)
    ledger = read_ledger(tmp_path / "ledger")
    assert (len(ledger.payments), ledger.invoices["amount_cents"].tolist()) == (0, [65000])
    assert summary.balances[0].gap.rows == 0


BC = (
    "Entry No.;Posting Date;Document Type;Document No.;Customer No.;Customer Name;Currency Code;"
    "Original Amount;Due Date;Closed by Entry No.;Closed at Date"
)


def test_entries_that_name_the_one_that_closed_them_come_in_tied(tmp_path: Path):
    source = write(
        tmp_path / "entries.csv", BC,
        "7;03/02/2025;Invoice;V1;K;Essai;;2 000,00;05/03/2025;0;",
        "8;04/02/2025;Invoice;V2;K;Essai;;300,00;06/03/2025;9;10/03/2025",
        "9;10/03/2025;Payment;B1;K;Essai;;-900,00;10/03/2025;7;10/03/2025",
        "10;11/03/2025;Payment;B2;K;Essai;;-40,00;11/03/2025;0;",
    )  # fmt: skip
    import_files(MAPPINGS / "business_central_entries.toml", [source], tmp_path / "ledger")
    paid = read_ledger(tmp_path / "ledger").payments
    by_invoice = paid.groupby(paid["invoice_id"].fillna("-"))["amount_cents"].sum().to_dict()
    assert by_invoice == {"V1": 60000, "V2": 30000, "-": 4000}
