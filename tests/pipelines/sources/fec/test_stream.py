import gzip
import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import LedgerError
from pipelines.source_files import SMALL_BYTES, ImportBounds
from pipelines.sources.fec import stream
from tests.pipelines.sources.fec.builders import fec, imported, sale

ANY = Path("a.txt")


class Endless(io.RawIOBase):
    """A line of any size without an end, made as it is read; it counts what was asked of it."""

    def __init__(self, size: int) -> None:
        self.left, self.given = size, 0

    def read(self, size: int = -1) -> bytes:
        size = min(self.left, size)
        self.left, self.given = self.left - size, self.given + size
        return b"x" * size


def test_a_line_of_three_gigabytes_is_refused_before_more_than_a_block_of_it_is_read():
    source = Endless(3 << 30)
    with pytest.raises(LedgerError, match=r"line 1: more than 65,536 bytes without an end of line"):
        list(stream.blocks(ANY, source, block_bytes=1 << 20))
    assert source.given == 1 << 20


def test_the_endless_line_is_named_by_its_number():
    source = io.BytesIO(b"one\ntwo\n" + b"x" * 200_000)
    with pytest.raises(LedgerError, match="line 3"):
        list(stream.blocks(ANY, source))


@given(st.lists(st.text("ab\u00e9", max_size=9), max_size=30), st.integers(1, 40))
def test_blocks_of_any_size_put_together_are_the_lines(lines: list[str], size: int):
    data = "".join(f"{one}\n" for one in lines).encode()
    blocks = list(stream.blocks(ANY, io.BytesIO(data), block_bytes=size))
    assert b"".join(block.data for block in blocks) == data
    seen = 1
    for block in blocks:
        assert block.first_line == seen
        seen += block.data.count(b"\n")


def test_every_way_to_end_a_line_is_read():
    for end in ("\n", "\r\n", "\r"):
        data = end.join(["one", "two", ""]).encode()
        assert b"".join(block.data for block in stream.blocks(ANY, io.BytesIO(data))) == b"one\ntwo\n"


def test_a_last_line_without_an_end_is_told():
    blocks = list(stream.blocks(ANY, io.BytesIO(b"one\ntwo")))
    assert [(block.data, block.first_line, block.cut) for block in blocks] == [
        (b"one\n", 1, False),
        (b"two\n", 2, True),
    ]


def test_utf16_is_refused_with_what_to_export_instead():
    with pytest.raises(LedgerError, match="UTF-16; export it as UTF-8"):
        list(stream.blocks(ANY, io.BytesIO("a\n".encode("utf-16"))))


def test_a_zip_of_one_text_is_read(tmp_path: Path):
    plain = fec(tmp_path, sale("1", "20250110", "C1", 12000))
    packed = tmp_path / "999000003FEC20251231.zip"
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(plain, plain.name)
    with stream.opened(packed) as source:
        assert source.read() == plain.read_bytes()


def test_a_zip_of_several_files_is_refused(tmp_path: Path):
    packed = tmp_path / "years.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.txt", "a")
        archive.writestr("b.txt", "b")
    with (
        pytest.raises(LedgerError, match="holds 2 files; a zip of one text file is taken"),
        stream.opened(packed),
    ):
        pass


def test_a_zip_bomb_is_refused_before_it_unpacks(tmp_path: Path):
    bomb = tmp_path / "bomb.zip"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("fec.txt", b"0" * (64 << 20))
    with pytest.raises(LedgerError, match=r"100 times its packed size"), stream.opened(bomb):
        pass


def test_a_zip_that_lies_about_its_size_is_refused(tmp_path: Path):
    honest = io.BytesIO()
    with zipfile.ZipFile(honest, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("fec.txt", b"0" * (1 << 20))
    size = (1 << 20).to_bytes(4, "little")
    lying = tmp_path / "lying.zip"
    lying.write_bytes(honest.getvalue().replace(size, (1000).to_bytes(4, "little")))
    with pytest.raises(LedgerError, match="cannot be read"), stream.opened(lying) as source:
        source.read()


def test_a_gzipped_text_is_read(tmp_path: Path):
    plain = fec(tmp_path, sale("1", "20250110", "C1", 12000))
    packed = tmp_path / "999000003FEC20251231.txt.gz"
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    with stream.opened(packed) as source:
        assert b"".join(iter(lambda: source.read(7), b"")) == plain.read_bytes()
    with stream.opened(packed) as source:
        assert source.read() == plain.read_bytes()


@pytest.mark.parametrize("size", [1 << 20, -1])
def test_a_gzip_bomb_is_refused_before_it_unpacks(tmp_path: Path, size: int):
    bomb = tmp_path / "bomb.gz"
    bomb.write_bytes(gzip.compress(b"0" * (64 << 20)))
    taken = []
    with (
        pytest.raises(LedgerError, match=r"100 times its packed size.*raise ENCOURS_IMPORT_RATIO"),
        stream.opened(bomb) as source,
    ):
        taken.extend(len(piece) for piece in iter(lambda: source.read(size), b""))
    assert sum(taken) <= SMALL_BYTES


def test_a_gzip_cut_short_is_refused(tmp_path: Path):
    cut = tmp_path / "cut.gz"
    cut.write_bytes(gzip.compress(b"".join(b"%d\n" % nth for nth in range(9999)))[:-100])
    with pytest.raises(LedgerError, match=r"cut\.gz cannot be read"), stream.opened(cut) as source:
        source.read()


def test_nothing_packs_denser_than_what_is_taken_of_our_own_files(tmp_path: Path):
    dense = tmp_path / "dense.gz"
    dense.write_bytes(gzip.compress(b"0" * (64 << 20)))
    with stream.opened(dense, ImportBounds().of_our_own()) as source:
        assert len(source.read()) == 64 << 20


def test_a_file_that_is_not_there_is_named(tmp_path: Path):
    with pytest.raises(LedgerError, match=r"no\.txt cannot be read"), stream.opened(tmp_path / "no.txt"):
        pass


def test_an_export_packs_well_under_the_ratio_that_is_refused(tmp_path: Path):
    lines = [one for nth in range(3000) for one in sale(f"{nth:06d}", "20250110", f"C{nth % 97}", 1000 + nth)]
    plain = fec(tmp_path, lines)
    packed = tmp_path / "packed.zip"
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(plain, plain.name)
    assert plain.stat().st_size < ImportBounds().ratio / 2 * packed.stat().st_size
    with stream.opened(packed) as source:
        assert len(source.read()) == plain.stat().st_size


def test_the_same_lines_come_in_whatever_the_ends_of_lines(tmp_path: Path):
    ledgers = []
    for nth, end in enumerate((b"\n", b"\r\n", b"\r")):
        folder = tmp_path / str(nth)
        path = fec(folder, sale("1", "20250110", "C1", 12000))
        path.write_bytes(path.read_bytes().replace(b"\r\n", end))
        from pipelines.sources.fec.importing import import_fec

        import_fec([path], folder / "ledger")
        ledgers.append((folder / "ledger" / "invoices.parquet").read_bytes())
    assert ledgers[0] == ledgers[1] == ledgers[2]
    assert imported(tmp_path / "4", sale("1", "20250110", "C1", 12000))[0].invoices.lines == 1
