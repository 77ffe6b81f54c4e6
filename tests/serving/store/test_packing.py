"""What is packed comes back, whatever wrote it; answers share the words of a dictionary."""

import hashlib
import math
import threading
import zlib

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import StoreError
from serving.store import packing

JSON = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@given(st.dictionaries(st.text(), JSON, max_size=5))
def test_a_document_comes_back(document):
    assert packing.unpack(packing.pack(document, "it")) == document


@given(st.lists(st.dictionaries(st.text(), JSON, max_size=3), max_size=5))
def test_what_is_packed_together_is_packed_as_each_alone(documents):
    texts = [packing.to_json(document, "it").encode() for document in documents]
    packed = packing.pack_texts(texts)
    assert packed == [packing.pack_text(text) for text in texts]
    assert [packing.unpack(one) for one in packed] == [packing.from_json(text.decode()) for text in texts]


def test_what_earlier_versions_packed_is_read():
    text = packing.to_json({"grade": "B", "limit_eur": 28000.5}, "it").encode()
    by_itself = pa.Codec("zstd", compression_level=1).compress(text, asbytes=True)
    for packed in (zlib.compress(text), packing.BY_ITSELF + len(text).to_bytes(4, "little") + by_itself):
        assert packing.unpack(packed) == {"grade": "B", "limit_eur": 28000.5}


def test_the_first_dictionary_is_what_logs_were_packed_with():
    # Another text here, were it one letter, makes every log unreadable that was written with it.
    found = hashlib.sha256(packing.WORDS.read_bytes()).hexdigest()
    assert found == "0964df7e945e9c9cd6bf6949dfa0b5ef4e5c92524b6fda1200cbe75e09a3c1d5"


def test_the_dictionary_of_nights_is_what_stores_were_packed_with():
    found = hashlib.sha256(packing.NIGHT.read_bytes()).hexdigest()
    assert found == "9ee1eefc2aca32cde5abef3a36dd8d99818a06f8ba3e28d896a2928a689be6a3"


def test_a_document_that_was_packed_with_the_dictionary_of_answers_is_read():
    assert packing.unpack(packing.pack_text(b'{"limit_eur":2900.0}')) == {"limit_eur": 2900.0}


def test_the_first_dictionary_of_gaps_is_what_logs_were_packed_with():
    found = hashlib.sha256(packing.GAPS.read_bytes()).hexdigest()
    assert found == "b6150432fbea1dcecfb0c337a010131b06de7332ca3976d9be78861ba9372833"


def test_an_answer_takes_a_tenth_of_its_length():
    answer = packing.WORDS.read_bytes().splitlines()[1].replace(b"0.1", b"0.2").replace(b"C0", b"K1")
    assert len(packing.pack_text(answer)) * 10 < len(answer)


def test_threads_pack_side_by_side():
    documents = [{"at": at, "words": "réduit le risque " * at} for at in range(200)]
    found: dict[int, bool] = {}

    def work(first: int) -> None:
        found[first] = all(packing.unpack(packing.pack(one, "it")) == one for one in documents[first::4])

    threads = [threading.Thread(target=work, args=(first,)) for first in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == dict.fromkeys(range(4), True)


def test_what_is_no_json_is_refused_by_name():
    with pytest.raises(StoreError, match="the answer cannot be kept as JSON"):
        packing.pack({"limit_eur": float("nan")}, "the answer")


BITS = st.integers(0, 2**64 - 1) | st.sampled_from([0x7FF8000000000000, 0xFFF8000000000000, 1 << 63, 0])
NUMBERS = st.floats(width=64) | st.integers(-(2**33), 2**33).map(float) | st.just(math.nan)


@given(st.lists(BITS, max_size=40), st.lists(NUMBERS, max_size=40))
def test_a_vector_comes_back_bit_for_bit(bits, numbers):
    vector = np.concatenate(
        (np.array(bits, dtype=np.uint64).view(np.float64), np.array(numbers, dtype=float))
    )
    found = packing.bytes_vector(packing.vector_bytes(vector))
    assert (found.dtype, found.tobytes()) == (vector.dtype, vector.tobytes())


@given(st.lists(NUMBERS, max_size=40))
def test_a_vector_of_an_earlier_version_is_read(numbers):
    vector = np.array(numbers, dtype=float)
    assert packing.bytes_vector(zlib.compress(vector.tobytes(), level=1)).tobytes() == vector.tobytes()


def test_missing_and_whole_numbers_take_little():
    vector = np.full(1_400, np.nan)
    vector[::5] = np.arange(280) % 90
    assert len(packing.vector_bytes(vector)) < len(zlib.compress(vector.tobytes(), level=1)) / 2
