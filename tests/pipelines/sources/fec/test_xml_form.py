"""A FEC in XML is the same FEC, and no XML can make the reader do more than read it."""

import gzip
from pathlib import Path
from xml.sax.saxutils import escape

import pytest

from models.errors import LedgerError
from models.ledger.files import fingerprint, read_ledger
from pipelines.sources.fec import xml_form
from pipelines.sources.fec.importing import import_fec
from tests.pipelines.sources.fec.builders import COLUMNS, SIREN, balance, entry, fec, paid, quarantine, sale

OF_LINE = (
    "CompteNum",
    "CompteLib",
    "CompAuxNum",
    "CompAuxLib",
    "Montantdevise",
    "Idevise",
    "Debit",
    "Credit",
)
RENAMED = {"CompAuxNum": "CompteAuxNum", "CompAuxLib": "CompteAuxLib"}
DATES = ("EcritureDate", "PieceDate", "DateLet", "ValidDate")


def element(name: str, value: str) -> str:
    if name in DATES and value:
        value = f"{value[:4]}-{value[4:6]}-{value[6:]}"
    if name in {"Debit", "Credit"}:
        value = value.replace(",", ".")
    name = RENAMED.get(name, name)
    return f"<{name}>{escape(value)}</{name}>" if value else ""


def as_xml(*entries: list[str], close: str = "2025-12-31") -> str:
    parts = []
    for lines in entries:
        rows = [dict(zip(COLUMNS, one.split("\t"), strict=True)) for one in lines]
        head, own = rows[0], [name for name in COLUMNS[2:] if name not in OF_LINE]
        ligne = "".join(
            f"<ligne>{''.join(element(name, row[name]) for name in OF_LINE)}</ligne>" for row in rows
        )
        ecriture = "".join(element(name, head[name]) for name in own)
        journal = "".join(element(name, head[name]) for name in COLUMNS[:2])
        parts.append(f"<journal>{journal}<ecriture>{ecriture}{ligne}</ecriture></journal>")
    year = f"<DateCloture>{close}</DateCloture>{''.join(parts)}"
    return f"<comptabilite><exercice>{year}</exercice></comptabilite>"


def write(folder: Path, text: str, encoding: str = "utf-8", name: str = f"{SIREN}FEC20251231.xml") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_bytes(f'<?xml version="1.0" encoding="{encoding}"?>\n{text}'.encode(encoding))
    return path


ENTRIES = (
    sale("F1", "20250110", "C1", 12_345, EcritureLib="Pièce & façon <1> éch. 15/03/2025", EcritureLet="A"),
    paid("P1", "20250310", "C1", 12_345, EcritureLet="A"),
    entry("OD", "1", "20250401", "C2", 700, "401000"),
)


@pytest.mark.parametrize("encoding", ["utf-8", "iso-8859-15", "utf-16"])
def test_xml_and_text_make_the_same_ledger(tmp_path: Path, encoding: str):
    import_fec([fec(tmp_path, *ENTRIES)], tmp_path / "text")
    summary = import_fec([write(tmp_path, as_xml(*ENTRIES), encoding)], tmp_path / "xml")
    assert fingerprint(read_ledger(tmp_path / "xml")) == fingerprint(read_ledger(tmp_path / "text"))
    told = summary.files[0]
    assert (told.n_lines, told.gap_debit, told.gap_credit, told.gap_lines) == (6, 0, 0, 0)


def test_a_large_file_comes_in_blocks_and_a_packed_one_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(xml_form, "PIECE_BYTES", 100)
    monkeypatch.setattr(xml_form, "BLOCK_BYTES", 200)
    path = write(tmp_path, as_xml(*ENTRIES))
    packed = tmp_path / "packed" / f"{SIREN}FEC20251231.xml.gz"
    packed.parent.mkdir()
    packed.write_bytes(gzip.compress(path.read_bytes()))
    import_fec([path], tmp_path / "xml")
    import_fec([packed], tmp_path / "gz")
    assert fingerprint(read_ledger(tmp_path / "xml")) == fingerprint(read_ledger(tmp_path / "gz"))
    assert balance(read_ledger(tmp_path / "xml")) == {"C2": 700}


def test_montant_and_sens_stand_for_debit_and_credit(tmp_path: Path):
    sided = as_xml(*ENTRIES)
    for column, side in (("Debit", "D"), ("Credit", "C")):
        sided = sided.replace(f"<{column}>0.00</{column}>", "")
        sided = sided.replace(f"<{column}>", "<Montant>")
        sided = sided.replace(f"</{column}>", f"</Montant><Sens>{side}</Sens>")
    import_fec([fec(tmp_path, *ENTRIES)], tmp_path / "text")
    import_fec([write(tmp_path, sided)], tmp_path / "xml")
    assert fingerprint(read_ledger(tmp_path / "xml")) == fingerprint(read_ledger(tmp_path / "text"))


def test_a_bad_line_goes_to_quarantine_by_its_number(tmp_path: Path):
    bad = as_xml(*ENTRIES).replace("<Debit>7.00</Debit>", "<Debit>sept</Debit>")
    summary = import_fec([write(tmp_path, bad)], tmp_path / "ledger")
    assert [(row["line"], row["column"], row["value"]) for row in quarantine(summary)] == [
        ("6", "Debit", "sept")
    ]


def test_the_close_within_holds_where_the_name_says_none_and_must_be_the_names(tmp_path: Path):
    path = write(tmp_path, as_xml(*ENTRIES, close="2025-09-30"), name="export.xml")
    assert str(import_fec([path], tmp_path / "ledger").files[0].closes_on) == "2025-09-30"
    with pytest.raises(LedgerError, match="2025-12-31 by its name and on 2025-09-30 by its DateCloture"):
        import_fec([write(tmp_path, as_xml(*ENTRIES, close="2025-09-30"))], tmp_path / "other")
    with pytest.raises(LedgerError, match="but 6 of its 6 lines are later"):
        import_fec([write(tmp_path, as_xml(*ENTRIES, close="2024-12-31"), name="a.xml")], tmp_path / "other")


BOMB = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'
OUTSIDE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>'


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (BOMB + as_xml(*ENTRIES), "has a document type"),
        (OUTSIDE + as_xml(*ENTRIES).replace("C1", "&a;"), "has a document type"),
        ('<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">' + as_xml(*ENTRIES), "has a document type"),
        (as_xml(*ENTRIES).replace("C1", "&a;"), "is damaged or cut short"),
        (as_xml(*ENTRIES)[:-80], "is damaged or cut short"),
        ("<facture/>", "the root element is 'facture'; that of a FEC is 'comptabilite'"),
        ("<comptabilite>" + "<a>" * 40 + "</a>" * 40 + "</comptabilite>", "nested more than 16 deep"),
        (f"<comptabilite><a>{'x' * 70_000}</a></comptabilite>", "a text of more than 65,536 signs"),
        (f"<comptabilite><a b='{'x' * 1_200_000}'/></comptabilite>", "has a tag of more than"),
        ("<comptabilite><exercice><DateCloture>x</DateCloture></exercice></comptabilite>", "is no date"),
        (
            as_xml(*ENTRIES).replace("</exercice>", "<DateCloture>2024-12-31</DateCloture></exercice>"),
            "two years",
        ),
        ("<comptabilite/>", "has a header and no entry"),
    ],
)
def test_what_is_no_fec_or_beyond_bounds_is_refused(tmp_path: Path, text: str, message: str):
    with pytest.raises(LedgerError, match=message):
        import_fec([write(tmp_path, text)], tmp_path / "ledger")
    assert not (tmp_path / "ledger").exists()
