from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.sources.fec.encoding import LATIN9, UTF8, WINDOWS, decode
from tests.pipelines.sources.fec.builders import imported, read, sale

FRENCH = "àâçéèêëîïôùûüÿæÀÇÉÈÔÙ"


@pytest.mark.parametrize("encoding", ["utf-8", "iso-8859-15", "cp1252"])
@given(words=st.lists(st.text(FRENCH + "abc ", min_size=1), min_size=1, max_size=5))
def test_french_lines_read_the_same_in_each_encoding(encoding: str, words: list[str]):
    text = "".join(f"{word} é x\n" for word in words)
    assert decode(text.encode(encoding)).data.decode() == text


@pytest.mark.parametrize(
    ("encoding", "name"), [("utf-8", UTF8), ("iso-8859-15", LATIN9), ("cp1252", WINDOWS)]
)
def test_signs_that_tell_encodings_apart_are_read(encoding: str, name: str):
    text = "Cœur d’Étoile\n" if encoding != "iso-8859-15" else "Cœur d'Étoile 5 €\n"
    decoded = decode(text.encode(encoding))
    assert (decoded.data.decode(), dict(decoded.lines)) == (text, {name: 1})


def test_lines_of_two_encodings_in_one_block_are_each_read_in_their_own():
    data = "Société Un\n".encode() + "Société Deux\nplain\n".encode("cp1252")
    decoded = decode(data)
    assert decoded.data.decode() == "Société Un\nSociété Deux\nplain\n"
    assert dict(decoded.lines) == {UTF8: 1, LATIN9: 1}


def test_bytes_that_no_encoding_explains_are_marked_and_nothing_else_is_lost():
    assert decode(b"Dupont \x81 \xc3\xa9\n").data.decode().startswith("Dupont \ufffd")


def test_a_byte_order_mark_does_not_hide_the_first_column(tmp_path: Path):
    assert len(read(tmp_path, sale("1", "20250110", "C1", 12000), encoding="utf-8-sig").lines) == 1


def test_a_file_of_mixed_encodings_is_read_and_the_summary_says_so(tmp_path: Path):
    from pipelines.sources.fec.importing import import_fec
    from tests.pipelines.sources.fec.builders import fec

    path = fec(tmp_path, sale("1", "20250110", "C1", 12000, CompAuxLib="Société"))
    with path.open("ab") as file:
        text = "\r\n".join(sale("2", "20250111", "C2", 12000, CompAuxLib="Générale")) + "\r\n"
        file.write(text.encode("cp1252"))
    summary = import_fec([path], tmp_path / "ledger")
    assert set(summary.files[0].encodings) == {UTF8, LATIN9}
    assert summary.files[0].mixed
    from models.ledger.files import read_ledger

    assert read_ledger(tmp_path / "ledger").customers["name"].tolist() == ["Société", "Générale"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "iso-8859-15", "cp1252"])
def test_names_come_in_whole_in_every_encoding(tmp_path: Path, encoding: str):
    _, ledger = imported(
        tmp_path, sale("1", "20250110", "C1", 1, CompAuxLib="Œuvre Élégante"), encoding=encoding
    )
    assert ledger.customers["name"].tolist() == ["Œuvre Élégante"]
