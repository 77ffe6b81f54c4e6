"""A SIREN is what python-stdnum takes for one, however it is written."""

from hypothesis import given
from hypothesis import strategies as st
from stdnum.fr import siren

from serving.registers.identifiers import siren_in


@given(st.text("0123456789", min_size=9, max_size=9))
def test_nine_digits_are_a_siren_where_stdnum_says_so(digits: str):
    assert (siren_in(digits) == digits) is siren.is_valid(digits)
    last = next(key for key in "0123456789" if siren.is_valid(digits[:8] + key))
    assert siren_in(f"{digits[:3]} {digits[3:6]}\u202f{digits[6:8]}{last}") == digits[:8] + last


@given(st.one_of(st.text(max_size=12), st.integers(), st.none(), st.booleans(), st.floats()))
def test_anything_else_is_none(value: object):
    found = siren_in(value)
    assert found is None or siren.is_valid(found)
    assert siren_in("\u0667" * 9) is None
