"""Compiled loops that fill the tables of all groups, once per model.

Compiled by numba: import this module inside functions only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from models.compiling import compiled

if TYPE_CHECKING:
    from models.arrays import Floats
    from models.explain.treeshap.layout import Records


@compiled
def fill_tables(
    groups: Records, leaves: Records, parts: Records, points: Floats, weights: Floats, tables: Floats
) -> None:
    """Fill each group's table: per pattern of failed conditions, the margin and each feature's share.

    Parameters
    ----------
    points, weights
        Gauss-Legendre points in (0, 1) and their weights, enough for the features of any leaf.
    tables
        Zeros, changed in place.
    """
    for group in groups:
        width = group["column_end"] - group["column"]
        for place in range(group["leaf"], group["leaf_end"]):
            above = parts[leaves[place]["part"] : leaves[place]["part_end"]]
            own = _leaf_table(leaves[place]["value"], above, points, weights)
            for pattern in range(1 << group["bits"]):
                cell, held = group["cell"] + pattern * width, 0
                for bit, part in enumerate(above):
                    held |= (np.uint64(pattern) & part["mask"] == part["want"]) << bit
                if held == len(own) - 1:
                    tables[cell] += leaves[place]["value"]
                for bit, part in enumerate(above):
                    tables[cell + part["column"]] += own[held, bit]


@compiled
def fill_margins(groups: Records, leaves: Records, parts: Records, tables: Floats) -> None:
    """Fill tables of margins alone: the first column of those of `fill_tables`, concatenated.

    Parameters
    ----------
    tables
        Zeros, changed in place.
    """
    for group in groups:
        for place in range(group["leaf"], group["leaf_end"]):
            above = parts[leaves[place]["part"] : leaves[place]["part_end"]]
            for pattern in range(1 << group["bits"]):
                held = True
                for part in above:
                    held &= np.uint64(pattern) & part["mask"] == part["want"]
                if held:
                    tables[group["cell"] + pattern] += leaves[place]["value"]


@compiled
def _leaf_table(value: float, above: Records, points: Floats, weights: Floats) -> Floats:
    """Split a leaf's value among the features above it, for each set of features whose splits are passed.

    A Shapley value is the integral over t in [0, 1] of a feature's marginal contribution where every other
    one is known with probability t (Owen, Multilinear extensions of games, 1972). Known, a feature multiplies
    the value by 1 or 0; unknown, by the share of training rows that pass it (Lundberg et al. 2020,
    path-dependent). The integrand is a polynomial, so a few Gauss points integrate it exactly.

    Returns
    -------
    Shape `(2 ** n_above, n_above)`; bit j of a row's index is set where feature j's splits are passed.
    """
    table = np.zeros((1 << len(above), len(above)))
    for held in range(len(table)):
        for point, weight in zip(points, weights):  # noqa: B905  # numba knows no `strict`
            product = value * weight
            for bit, part in enumerate(above):
                product *= (held >> bit & 1) * point + (1.0 - point) * part["share"]
            for bit, part in enumerate(above):
                if held >> bit & 1:
                    chance = point + (1.0 - point) * part["share"]
                    table[held, bit] += product / chance * (1.0 - part["share"])
                else:
                    table[held, bit] -= product / (1.0 - point)
    return table
