from pathlib import Path

import pytest

from models.errors import LedgerError
from pipelines.sources.mapping.loading import load_mapping
from tests.pipelines.sources.mapping.builders import FILE, INVOICES, MAPPINGS, mapping_at

GOOD = FILE + INVOICES


@pytest.mark.parametrize("path", sorted(MAPPINGS.glob("*.toml")), ids=lambda path: path.stem)
def test_every_mapping_we_ship_is_sound(path: Path):
    assert load_mapping(path).blocks


FAULTS = [
    (GOOD.replace("decimal", "decimel"), "file.decimel: unknown key; did you mean 'decimal'?"),
    (GOOD.replace("[file]", "[flie]"), "flie: unknown key; did you mean 'file'?"),
    (GOOD.replace("[[invoices]]", "[[invoises]]"), "invoises: unknown key; did you mean 'invoices'?"),
    (
        GOOD.replace("amount_cents =", "amount_cent ="),
        "invoices[1].amount_cent: unknown key; did you mean 'amount_cents'?",
    ),
    (GOOD.replace("amount_cents =", "amount_cent ="), "invoices[1].amount_cents: missing; invoices needs it"),
    (GOOD.replace("days = 30", "day = 30"), "invoices[1].due_on.day: unknown key; did you mean 'days'?"),
    (GOOD.replace("%d/%m/%Y", "%d/%m"), "file.dates.0: '%d/%m' does not name a day"),
    (GOOD.replace('thousands = "."', 'thousands = ","'), "decimal and thousands are the same sign"),
    (
        GOOD.replace('separator = ";"', 'separator = ";"\nencoding = "utf-9"'),
        "file.encoding: 'utf-9' is no encoding",
    ),
    (GOOD.replace('"invoice"', '"facture"', 1), "invoices[1].kind.values: 'facture' is not one of invoice"),
    (
        GOOD.replace('after = "issued_on"', 'after = "sent_on"'),
        "invoices[1].due_on.after: 'sent_on' is not a date",
    ),
    (GOOD.replace('issued_on = "Date"', 'issued_on = { after = "due_on" }'), "wait for one another"),
    (
        GOOD.replace('"Montant"', '{ column = "Montant", scale = 100 }'),
        "scale is for figures that are not cents",
    ),
    (GOOD.replace('"Montant"', '{ column = "Montant", plus_days = 1 }'), "plus_days are for dates only"),
    (GOOD.replace('"Montant"', '{ column = "A", constant = 1 }'), "more than one of column, join, minus"),
    (GOOD.replace('"Montant"', "{ negate = true }"), "no source; give one of"),
    (GOOD.replace('"Montant"', '{ minus = ["A"] }'), "minus takes two columns, not 1"),
    (GOOD.replace('"Pièce"', '{ minus = ["A", "B"] }'), "minus and negate are for figures only"),
    (GOOD.replace('"Montant"', '{ minus = ["A", "B"], default = 0 }'), "minus takes no values"),
    (
        GOOD + '[matching]\nnumber = { column = "A", default = "x" }\n',
        "matching.number: it takes column, join",
    ),
    (GOOD + "[matching]\n", "give number, settled_on or both"),
    (GOOD + '[matching]\nnumbr = "A"\n', "matching.numbr: unknown key; did you mean 'number'?"),
    (GOOD + '[[skip]]\nType = "blank"\n', "skip[1].Type: a condition is a list of texts"),
    (FILE, "no table; give at least one of [[customers]]"),
    ("skip = 3\n", "skip: write it as [[skip]]"),
]


@pytest.mark.parametrize(("text", "message"), FAULTS)
def test_a_fault_is_told_by_its_key(tmp_path: Path, text: str, message: str):
    with pytest.raises(LedgerError) as caught:
        load_mapping(mapping_at(tmp_path, text))
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_all_faults_are_told_together(tmp_path: Path):
    text = (
        GOOD.replace("decimal", "decimel").replace("amount_cents =", "amount_cent =").replace("days", "dys")
    )
    with pytest.raises(LedgerError) as caught:
        load_mapping(mapping_at(tmp_path, text))
    assert all(key in str(caught.value) for key in ("file.decimel", "invoices[1].amount_cent", "due_on.dys"))


def test_payments_are_either_matched_or_say_their_invoice(tmp_path: Path):
    names = ("payment_id", "invoice_id", "customer_id", "paid_on", "amount_cents")
    payments = "[[payments]]\n" + "".join(f'{name} = "{name}"\n' for name in names)
    with pytest.raises(LedgerError, match=r"payments\.invoice_id: matching finds the invoice"):
        load_mapping(mapping_at(tmp_path, GOOD + payments + '[matching]\nnumber = "L"\n'))
    with pytest.raises(LedgerError, match="matching: it needs"):
        load_mapping(mapping_at(tmp_path, FILE + payments + '[matching]\nnumber = "L"\n'))


def test_what_is_no_toml_or_not_there_is_said(tmp_path: Path):
    with pytest.raises(LedgerError, match="is not TOML"):
        load_mapping(mapping_at(tmp_path, "a = = 1"))
    with pytest.raises(LedgerError, match="cannot be read"):
        load_mapping(tmp_path / "none.toml")
