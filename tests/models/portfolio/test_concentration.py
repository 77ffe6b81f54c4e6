import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.portfolio.concentration import concentration, summed_by

exposures = st.dictionaries(st.text("ABCDEFGH", min_size=1, max_size=3), st.floats(-1e5, 1e7), max_size=40)


def test_ten_equal_names_are_as_concentrated_as_ten():
    found = concentration({f"C{n}": 250.0 for n in range(10)}, top=3)
    assert (found.herfindahl, found.effective_count) == (pytest.approx(0.1), pytest.approx(10.0))
    assert found.top_share == pytest.approx(0.3)
    assert [part.name for part in found.top] == ["C0", "C1", "C2"]


def test_nothing_owed_is_concentrated_on_nobody():
    found = concentration({"C1": 0.0, "C2": -500.0})
    assert (found.total_eur, found.top, found.herfindahl, found.effective_count) == (0.0, (), 0.0, None)


@given(exposures)
def test_the_index_lies_between_even_and_one_name(owed: dict[str, float]):
    found = concentration(owed)
    if found.count:
        assert 1 / found.count - 1e-9 <= found.herfindahl <= 1 + 1e-9
        assert [part.eur for part in found.top] == sorted((p.eur for p in found.top), reverse=True)
        assert 0 < found.top_share <= 1


@given(st.lists(st.tuples(st.sampled_from(["41", "43", None]), st.floats(0, 1e6))))
def test_sums_by_a_key_add_up_to_the_whole(those: list[tuple[str | None, float]]):
    cents = sum(round(eur * 100) for _, eur in summed_by(those).items())
    assert cents == sum(round(eur * 100) for _, eur in those)
