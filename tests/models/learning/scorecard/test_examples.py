import doctest
import importlib
import pkgutil

import pytest

import models.learning.scorecard

MODULES = [
    f"models.learning.scorecard.{module.name}"
    for module in pkgutil.iter_modules(models.learning.scorecard.__path__)
]


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_in_the_docstrings_hold(name: str):
    assert doctest.testmod(importlib.import_module(name)).failed == 0


def test_the_worked_example_of_points_is_there_to_be_run():
    finder = doctest.DocTestFinder()
    found = finder.find(importlib.import_module("models.learning.scorecard.rules"), "rules")
    assert any(example.examples for example in found if example.name == "rules.PointScale")
