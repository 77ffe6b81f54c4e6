"""Every example in a docstring comes out as it says."""

import doctest
import importlib
import pkgutil

import pytest

import pipelines.monitoring

MODULES = [
    f"pipelines.monitoring.{found.name}" for found in pkgutil.iter_modules(pipelines.monitoring.__path__)
]


@pytest.mark.parametrize("name", MODULES)
def test_examples_come_out_as_they_say(name: str):
    assert doctest.testmod(importlib.import_module(name)).failed == 0


def test_formulas_show_an_example():
    finder = doctest.DocTestFinder()
    shown = [
        test.name
        for name in MODULES
        for test in finder.find(importlib.import_module(name), name)
        if test.examples
    ]
    for name in ("estimate.expected_auc", "words.figure"):
        assert f"pipelines.monitoring.{name}" in shown
