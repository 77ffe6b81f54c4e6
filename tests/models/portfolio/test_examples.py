"""Every example in the portfolio's docstrings is run."""

import doctest
import importlib

import pytest

NAMES = [
    f"models.portfolio.{name}"
    for name in (
        "aging",
        "concentration",
        "dso",
        "entity_exposures",
        "expected_loss",
        "intervals",
        "migration",
        "default_rates",
        "migration_matrices",
        "migration_report",
        "vintages",
    )
]


@pytest.mark.parametrize("name", NAMES)
def test_the_examples_hold(name: str):
    found = doctest.testmod(importlib.import_module(name))
    assert (found.failed, found.attempted > 0) == (0, True)
