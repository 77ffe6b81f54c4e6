"""A value changes in the file of hyperparameters and nothing else does."""

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from models.errors import ModelError
from pipelines.training.params import Params, load_params
from pipelines.training.params_file import changed, lines_of, with_values, write_params

ROOT = Path(__file__).parents[3]
OURS = (ROOT / "params.yaml").read_text(encoding="utf-8")
CHOSEN = {"learning_rate": 0.0214, "num_leaves": 9, "lambda_l2": 1.5}


def test_in_memory_only_the_section_changes():
    after = changed(Params(), "late", CHOSEN)
    assert (after.late.num_leaves, after.late.learning_rate) == (9, 0.0214)
    assert after.default == Params().default
    assert changed(Params(), "late", {}) == Params()


@pytest.mark.parametrize("section", ["late", "default"])
def test_the_projects_file_says_the_new_values_and_keeps_every_other_line(section: str, tmp_path: Path):
    path = tmp_path / "params.yaml"
    path.write_text(OURS, encoding="utf-8")
    write_params(path, section, CHOSEN)
    assert load_params(path) == changed(load_params(ROOT / "params.yaml"), section, CHOSEN)
    before, after = OURS.splitlines(), path.read_text(encoding="utf-8").splitlines()
    assert len([line for line in before if line not in after]) <= 2, "two values changed where they stood"
    assert len(after) == len(before) + 1, "the third was added"
    assert list(tmp_path.iterdir()) == [path]


def test_comments_stay():
    above, below = "# ours\nlate:  # paid late\n  # slow\n", "\n# theirs\ndefault:\n  seed: 7\n"
    after = with_values(
        above + "  num_leaves: 15  # few\n" + below, "late", {"num_leaves": 9, "lambda_l2": 2.0}
    )
    assert after == above + "  num_leaves: 9  # few\n  lambda_l2: 2.0\n" + below


def test_a_file_that_is_not_there_is_made(tmp_path: Path):
    path = tmp_path / "params.yaml"
    write_params(path, "default", CHOSEN)
    assert load_params(path) == changed(Params(), "default", CHOSEN)
    assert path.read_text() == lines_of("default", CHOSEN)


@given(st.floats(1e-9, 1e9), st.integers(1, 10**6))
def test_any_number_is_read_back_as_it_was(share: float, count: int):
    after = yaml.safe_load(with_values(OURS, "late", {"lambda_l2": share, "num_leaves": count}))
    assert (after["late"]["lambda_l2"], after["late"]["num_leaves"]) == (share, count)


@pytest.mark.parametrize(
    "text",
    ["late: {num_leaves: 3}\n", '"late":\n  num_leaves: 3\n', "late:\n  {num_leaves: 3}\n"],
)
def test_another_layout_is_left_alone_and_the_lines_are_told(text: str, tmp_path: Path):
    path = tmp_path / "params.yaml"
    path.write_text(text)
    with pytest.raises(ModelError, match="num_leaves: 9"):
        write_params(path, "late", CHOSEN)
    assert path.read_text() == text


@pytest.mark.parametrize("text", ["late: [", "- 3\n", "late: 3\n"])
def test_what_is_no_yaml_of_sections_is_refused(text: str):
    with pytest.raises(ModelError, match="correct it first"):
        with_values(text, "late", CHOSEN)


def test_a_place_that_cannot_be_written_tells_the_lines(tmp_path: Path):
    with pytest.raises(ModelError, match="num_leaves: 9"):
        write_params(tmp_path / "nowhere" / "params.yaml", "late", CHOSEN)
