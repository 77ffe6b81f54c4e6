from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.errors import LedgerError
from pipelines.sources.fec import stream
from pipelines.sources.fec.origin import Origin, cells_of, texts
from tests.pipelines.sources.fec.builders import COLUMNS, fec, paid, sale


def origin(path: Path, **more: object) -> Origin:
    return Origin(path, path, stream.digest(path), **more)


def a_file(folder: Path, **options: str) -> Path:
    return fec(folder, sale("F1", "20250110", "C1", 100), paid("P1", "20250210", "C1", 100), **options)


def whole(file: Origin) -> bytes:
    return b"".join(text.data for text in texts(file))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "iso-8859-15"])
def test_cells_are_those_of_the_lines_asked_for_whatever_the_encoding(tmp_path: Path, encoding: str):
    found = cells_of(origin(a_file(tmp_path, encoding=encoding)), {3, 5, 99})
    assert found.header == list(COLUMNS)
    assert sorted(found.rows) == [3, 5]
    assert found.rows[3][10] == "Pièce F1"
    assert found.rows[5][0] == "BQ"


def test_a_mended_line_takes_the_place_of_its_own_and_no_other(tmp_path: Path):
    path = a_file(tmp_path)
    before = whole(origin(path)).split(b"\n")
    after = whole(origin(path, corrections={3: ["é", "b"]})).split(b"\n")
    assert after[1] == "é\tb".encode()
    assert [*after[:1], *after[2:]] == [*before[:1], *before[2:]]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.sets(st.integers(2, 5)), st.integers(300, 700))
def test_mended_lines_are_found_in_blocks_of_any_size(tmp_path: Path, lines: set[int], size: int):
    path = a_file(tmp_path)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(stream.blocks, "__defaults__", (size,))
        corrections = {line: [f"line {line}"] for line in lines}
        found = whole(origin(path, corrections=corrections)).decode().splitlines()
    assert {nth for nth, one in enumerate(found, 2) if one == f"line {nth}"} == lines
    assert len(found) == 4


def test_an_empty_file_has_no_lines(tmp_path: Path):
    path = tmp_path / "empty.txt"
    path.write_bytes(b"")
    with pytest.raises(LedgerError, match="is empty; a header and entries were expected"):
        cells_of(origin(path), {2})
