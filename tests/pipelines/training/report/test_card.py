"""The card names the version, its data and parameters, what it measured, its limits and how to replay it."""

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from pipelines.training.report.card import render_card
from pipelines.training.report.trained import Trained, read_trained

pytestmark = pytest.mark.slow  # each trains a model whole

PARTS = ["En bref", "Intended use", "Target", "Data and population", "Measured", "Calibration", "Checks",
         "In euros", "Limits", "Law and ethics", "Replay"]  # fmt: skip


@pytest.fixture(params=["late", "default"])
def found(request: pytest.FixtureRequest, trained: Path) -> Trained:
    return read_trained(trained / request.param)


def test_the_card_has_every_part_in_order(found: Trained):
    titles = [line[3:] for line in render_card(found).splitlines() if line.startswith("## ")]
    assert titles == PARTS


def test_the_card_names_version_data_policy_and_parameters(found: Trained):
    card = render_card(found)
    assert f"version `{found.version}`" in card
    assert found.facts["data_hash"] in card
    assert found.findings["policy"]["hash"] in card
    assert all(f"- `{name}`: {value}" in card for name, value in found.facts["parameters"].items())
    assert f"encours train {'late' if found.late else 'default'} --rows" in card


def test_the_card_tells_of_the_law_in_both_languages(found: Trained):
    card = render_card(found)
    assert "GDPR art. 22" in card
    assert "RGPD art. 22" in card


def test_tables_have_as_many_cells_in_every_line(found: Trained):
    lines = render_card(found).splitlines()
    for before, line in pairwise(lines):
        if before.startswith("|") and line.startswith("|"):
            assert before.count("|") == line.count("|"), line


def test_a_card_without_measures_says_so(found: Trained):
    bare = {**found.findings, "discrimination": None, "days_late": None}
    assert "Not enough rows to tell." in render_card(replace(found, findings=bare))
