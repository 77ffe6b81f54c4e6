"""Draws rows whose outcome is known to follow some features, and fits one scorecard on them for all tests."""

from functools import cache

import numpy as np
import pandas as pd
from hypothesis import strategies as st
from numpy.typing import NDArray

from models.features.table import Feature
from models.learning.scorecard.attribute import Attribute, Bin
from models.learning.scorecard.fitting import fit_scorecard
from models.learning.scorecard.scorecard import Scorecard

Array = NDArray[np.float64]


def a_feature(
    name: str, sign: int = 0, *, group: str | None = None, unit: str = "ratio", code: bool = False
) -> Feature:
    return Feature(
        name, unit, -np.inf, np.inf, sign, "company", group or name, f"{name} fr", f"{name} en", np.nan, code
    )


FEATURES = [
    a_feature("up", 1, unit="days"),
    a_feature("down", -1, unit="share"),
    a_feature("free"),
    a_feature("flag", 1, unit="flag"),
    a_feature("count", unit="count"),
    a_feature("code", unit="code", code=True),
    a_feature("noise"),
]


def a_sample(seed: int, rows: int = 6_000) -> tuple[pd.DataFrame, Array]:
    """Draw rows in which everything but `noise` tells, and unknown values of `up` tell as well."""
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame(
        {
            "up": rng.exponential(10, rows),
            "down": rng.random(rows),
            "free": rng.normal(size=rows),
            "flag": (rng.random(rows) < 0.2).astype(float),
            "count": rng.poisson(2, rows).astype(float),
            "code": rng.choice([1.0, 2.0, 3.0, 4.0, 7.0], rows, p=[0.3, 0.3, 0.296, 0.1, 0.004]),
            "noise": rng.normal(size=rows),
        }
    )
    risk = frame["up"] / 10 - 3 * frame["down"] - frame["free"] + frame["flag"] - 0.4 * frame["count"]
    risk = risk + frame["code"].map({1.0: 0.0, 2.0: 1.0, 3.0: -1.0, 4.0: 0.0, 7.0: 3.0})
    lost = rng.random((rows, 3)) < 0.1
    risk = risk + lost[:, 0]
    frame.loc[lost[:, 0], "up"] = np.nan
    frame.loc[lost[:, 1], "free"] = np.nan
    frame.loc[lost[:, 2], "noise"] = np.nan
    return frame, (rng.random(rows) < 1 / (1 + np.exp(0.6 - risk.to_numpy()))).astype(float)


@cache
def a_card() -> Scorecard:
    frame, label = a_sample(1)
    return fit_scorecard(frame, label, FEATURES, target="late30", seed=1)


def telling_values(attribute: Attribute) -> list[float]:
    """Values at, just below and beyond every bound, every code and one unknown, NaN and infinities."""
    codes = [code for group in attribute.categories for code in group]
    edges = [
        value
        for bound in (*attribute.bounds, *codes)
        for value in (bound, float(np.nextafter(bound, -np.inf)), float(np.nextafter(bound, np.inf)))
    ]
    return [*edges, -0.0, 0.5, 99.0, np.nan, np.inf, -np.inf]


def _any_row() -> st.SearchStrategy[pd.DataFrame]:
    values = {a.name: st.floats() | st.sampled_from(telling_values(a)) for a in a_card().attributes}
    return st.fixed_dictionaries(values).map(lambda row: pd.DataFrame([row], dtype=np.float64))


ANY_ROW = st.deferred(_any_row)
"""One row of anything a column of numbers may hold; the scorecard is fitted when first drawn from."""


def line_of(attribute: Attribute, value: float) -> Bin:
    """Read the line that applies off the paper, one bin after the other."""
    if np.isnan(value):
        return attribute.missing
    if attribute.other:
        groups = zip(attribute.categories, attribute.bins, strict=True)
        return next((line for codes, line in groups if value in codes), attribute.other)
    for bound, line in zip(attribute.bounds, attribute.bins, strict=False):
        if value < bound:
            return line
    return attribute.bins[-1]
