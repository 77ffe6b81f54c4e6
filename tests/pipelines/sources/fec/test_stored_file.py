"""A stored FEC comes back as it was given, packed or not, and a damaged one is refused."""

import gzip
from pathlib import Path

import pytest

from models.errors import LedgerError
from pipelines.sources.fec.origin import Origin
from pipelines.sources.fec.reading import read_origin
from pipelines.sources.fec.stored_file import is_stored, origin_of, store, stored_origin
from tests.pipelines.sources.fec.builders import fec, line

LINES = (line("VE", "1", "20250110", "411A", 12_000), line("VE", "1", "20250110", "701", -12_000))


def given(folder: Path, *, packed: bool) -> Origin:
    path = fec(folder, *LINES)
    if packed:
        content = gzip.compress(path.read_bytes())
        path.write_bytes(content)
    return origin_of(path, folder / "ledger")


@pytest.mark.parametrize("packed", [False, True])
def test_a_stored_file_is_read_as_the_original_was(tmp_path: Path, packed: bool):
    origin = given(tmp_path, packed=packed)
    store(tmp_path / "ledger", origin)
    assert is_stored(tmp_path / "ledger", origin.digest[:12])
    back = stored_origin(tmp_path / "ledger", origin.digest, {})
    assert (back.digest, back.named.name) == (origin.digest, origin.named.name)
    assert read_origin(back).lines.equals(read_origin(origin).lines)


def test_storing_twice_writes_once_and_leaves_no_draft(tmp_path: Path):
    origin = given(tmp_path, packed=False)
    store(tmp_path / "ledger", origin)
    (content,) = (tmp_path / "ledger").rglob("*.fec")
    before = content.stat().st_mtime_ns
    store(tmp_path / "ledger", origin)
    assert content.stat().st_mtime_ns == before
    assert [path.name for path in content.parent.iterdir() if path.name.startswith(".")] == []


@pytest.mark.parametrize("damage", [b"", b"x", gzip.compress(b"another file")])
def test_a_damaged_file_is_refused_and_says_to_import_it_again(tmp_path: Path, damage: bytes):
    origin = given(tmp_path, packed=False)
    store(tmp_path / "ledger", origin)
    (content,) = (tmp_path / "ledger").rglob("*.fec")
    content.write_bytes(damage)
    with pytest.raises(LedgerError, match="import the file again"):
        stored_origin(tmp_path / "ledger", origin.digest, {})


def test_what_was_never_stored_is_not_there(tmp_path: Path):
    assert not is_stored(tmp_path, "0" * 12)
    with pytest.raises(LedgerError, match="not kept"):
        stored_origin(tmp_path, "0" * 64, {})
