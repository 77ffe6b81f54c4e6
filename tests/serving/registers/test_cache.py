"""Answers are kept whole, dated and within a size; a damaged file is no answer."""

import datetime as dt
import os
from pathlib import Path

import pytest

from models.errors import RegisterError
from serving.registers.cache import AnswerCache, CachedResponse

NOW = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)


def files(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.json"))


def test_an_answer_comes_back_as_it_was_put(tmp_path: Path):
    cache = AnswerCache(tmp_path, 10_000)
    for document in ({"é": [1, None]}, None, "x"):
        cache.put("https://a", document, NOW)
        assert cache.get("https://a") == CachedResponse(document, NOW)
    assert cache.get("https://b") is None
    assert len(files(tmp_path)) == 1


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b'{"url": "https://other"}', b"\xff", b"null"])
def test_a_damaged_file_is_no_answer(tmp_path: Path, damage: bytes):
    cache = AnswerCache(tmp_path, 10_000)
    cache.put("https://a", 1, NOW)
    files(tmp_path)[0].write_bytes(damage)
    assert cache.get("https://a") is None


def test_an_answer_of_another_address_is_not_taken(tmp_path: Path):
    cache = AnswerCache(tmp_path, 10_000)
    cache.put("https://a", 1, NOW)
    body = files(tmp_path)[0].read_text().replace("https://a", "https://b")
    files(tmp_path)[0].write_text(body)
    assert cache.get("https://a") is None


def test_the_oldest_go_when_the_folder_has_grown_too_large(tmp_path: Path):
    cache = AnswerCache(tmp_path, 2_000)
    for place in range(30):
        cache.put(f"https://{place}", "x" * 100, NOW)
        for path in files(tmp_path):
            if path.stat().st_mtime > 1_000:
                os.utime(path, (place, place))
    assert sum(path.stat().st_size for path in files(tmp_path)) <= 2_000
    assert cache.get("https://29") is not None
    assert cache.get("https://0") is None


def test_no_draft_is_left(tmp_path: Path):
    AnswerCache(tmp_path, 10_000).put("https://a", 1, NOW)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == files(tmp_path)


def test_a_folder_that_cannot_be_is_an_error_that_says_what_to_do(tmp_path: Path):
    (tmp_path / "file").write_text("")
    with pytest.raises(RegisterError, match="ENCOURS_REGISTERS_CACHE"):
        AnswerCache(tmp_path / "file", 10_000).put("https://a", 1, NOW)
