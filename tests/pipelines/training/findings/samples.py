"""Both targets fitted small, once for the tests of what is measured of them, and rows made by hand."""

from functools import cache

import numpy as np
import pandas as pd

from models.features.build import CUSTOMER_FEATURES, INVOICE_FEATURES
from models.features.table import Feature
from models.learning.rows import TrainingRows
from models.policy.document import load_policy
from pipelines.training.challenger import fit_challenger
from pipelines.training.findings.material import Material
from pipelines.training.fit import fit
from pipelines.training.plan import FitPlan
from pipelines.training.train import _answers
from tests.models.fitted import TREES, fitted

FEATURES = {feature.name: feature for feature in INVOICE_FEATURES}


@cache
def material(target: str) -> Material:
    late = target == "late"
    rows = fitted().late_rows if late else fitted().default_rows
    name = "late30" if late else "default12"
    plan = FitPlan(name, TREES, rounds=20, by_customer=not late)
    found = fit(rows, plan)
    features = INVOICE_FEATURES if late else CUSTOMER_FEATURES
    challenger = fit_challenger(rows, found.split, features, name, 1)
    answers = _answers(rows.take(found.split.test), found, challenger)
    return Material(plan, rows, found, challenger, answers, load_policy(), None)


def a_feature(name: str, sign: int = 0, *, categorical: bool = False) -> Feature:
    return Feature(
        name, "ratio", -np.inf, np.inf, sign, "company", "size", name, name, categorical=categorical
    )


def rows_of(label: np.ndarray, owner: np.ndarray | None = None, **columns: object) -> TrainingRows:
    """Return rows asked one a day, with what segments are cut by and any columns more."""
    count = len(label)
    sound: dict[str, object] = {
        "n_paid_all": 20.0, "size_class": 1.0, "sector_section": 6.0, "natural_person": 0.0,
    }  # fmt: skip
    return TrainingRows(
        pd.DataFrame(sound | columns, index=range(count)),
        np.asarray(label, dtype=np.float64),
        np.arange(count) if owner is None else owner,
        20_000 + np.arange(count),
        np.full(count, np.nan),
        np.array([f"S{place:05d}" for place in range(count)], dtype=object),
        np.full(count, np.nan),
        np.full(count, np.nan),
    )
