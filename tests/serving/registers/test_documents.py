"""Whatever JSON a register sends, looking into it never fails and never gives what a file cannot hold."""

import contextlib

from hypothesis import given
from hypothesis import strategies as st

from models.errors import RegisterError
from serving.registers.bodacc import notices_in
from serving.registers.company_search import company_in_answer
from serving.registers.documents import inside, number, part, rows, text
from serving.registers.ratios import row_of
from tests.serving.registers.samples import (
    ONE,
    READ_ON,
    a_judgment,
    a_ratio_row,
    an_answer,
    found_company,
    search_answer,
)

SIGNS = st.characters(codec=None)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(SIGNS, max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)


@given(JSON)
def test_looking_into_anything_gives_something_of_the_kind(document: object):
    assert isinstance(rows(document), list)
    for looked in (document, {"a": document}):
        text(looked, "a").encode("utf-8")
        assert number(looked, "a") is None or isinstance(number(looked, "a"), float)
        part(looked, "a", "b")
        inside(looked, "a")


@given(st.sampled_from(sorted(a_judgment(1, "x", "2026-01-05", "2026-01-08"))), JSON)
def test_a_notice_with_any_part_replaced_is_read_or_refused(name: str, value: object):
    record = {**a_judgment(1, "x", "2026-01-05", "2026-01-08"), name: value}
    with contextlib.suppress(RegisterError):
        assert all(one.happened_on <= one.published_on for one in notices_in(record))


@given(st.sampled_from(sorted(found_company())), JSON)
def test_a_company_with_any_part_replaced_is_read_or_refused(name: str, value: object):
    answer = an_answer(search_answer({**found_company(), name: value}))
    with contextlib.suppress(RegisterError):
        found = company_in_answer(answer, ONE)
        assert found.siren == ONE
        (found.name or "").encode("utf-8")


@given(st.sampled_from(sorted(a_ratio_row("2024-12-31"))), JSON)
def test_a_years_ratios_with_any_part_replaced_are_read_or_refused(name: str, value: object):
    with contextlib.suppress(RegisterError):
        year = row_of({**a_ratio_row("2024-12-31"), name: value}, READ_ON).accounts
        assert year.closed_on <= year.known_on
