import pytest

from pipelines.training.workers import side_by_side


def test_what_each_fit_gives_comes_in_the_order_of_the_fits():
    assert side_by_side([lambda: "first", lambda: "second", lambda: "third"]) == ["first", "second", "third"]
    assert side_by_side([]) == []


def test_a_fit_that_fails_fails_them_all():
    def fails() -> int:
        raise ValueError("no rows")

    with pytest.raises(ValueError, match="no rows"):
        side_by_side([lambda: 1, fails])
