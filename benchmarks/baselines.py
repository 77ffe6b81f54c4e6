"""What textbooks do with the same features: a logistic regression, and a survival model of days late."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from models.arrays import Floats

EDGES = (-5, -2, -1, 0, 1, 2, 3, 5, 8, 15, 30)
"""Days late after each of which the survival model asks again whether the invoice was paid."""
_STRENGTH = 0.1


def logistic(train: pd.DataFrame, label: Floats, asked: pd.DataFrame, columns: Sequence[str]) -> Floats:
    """Fit a logistic regression on ranks and return probabilities, shape `(n,)`.

    Each column becomes its rank among the training rows; missing values are the median, and flagged.
    """
    model = ranked_regression()
    model.fit(train[list(columns)].to_numpy(), label)
    probability: Floats = model.predict_proba(asked[list(columns)].to_numpy())[:, 1]
    return probability


def survival(
    train: pd.DataFrame, days_late: Floats, asked: pd.DataFrame, columns: Sequence[str], past: int
) -> tuple[Floats, Floats]:
    """Fit a discrete-time hazard model (Singer and Willett 1993) of how late an invoice is paid.

    Parameters
    ----------
    days_late
        Final days late of the training rows, shape `(n,)`.
    past
        One of `EDGES`.

    Returns
    -------
    The probability to be paid later than `past` days late, and the median in days; each of shape `(n,)`.
    """
    values, steps = train[list(columns)].to_numpy(), range(len(EDGES))
    at_risk = [days_late > (EDGES[step - 1] if step else -np.inf) for step in steps]
    rows = np.concatenate([np.flatnonzero(risk) for risk in at_risk])
    step = np.repeat(list(steps), [int(risk.sum()) for risk in at_risk])
    paid = days_late[rows] <= np.array(EDGES)[step]
    model = ranked_regression()
    model.fit(np.column_stack((values[rows], np.eye(len(EDGES))[step])), paid)
    survives = np.ones((len(asked), len(EDGES) + 1))
    told = asked[list(columns)].to_numpy()
    for place in steps:
        beside = np.tile(np.eye(len(EDGES))[place], (len(asked), 1))
        hazard = model.predict_proba(np.column_stack((told, beside)))[:, 1]
        survives[:, place + 1] = survives[:, place] * (1 - hazard)
    half = (survives[:, 1:] <= 0.5).argmax(axis=1)
    median = np.where((survives[:, 1:] <= 0.5).any(axis=1), np.array(EDGES)[half], EDGES[-1] + 1)
    return survives[:, EDGES.index(past) + 1], median.astype(np.float64)


def ranked_regression() -> Any:  # noqa: ANN401  # scikit-learn is untyped
    from sklearn.impute import SimpleImputer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import QuantileTransformer

    return make_pipeline(
        SimpleImputer(strategy="median", add_indicator=True, keep_empty_features=True),
        QuantileTransformer(n_quantiles=200, subsample=20_000, random_state=7),
        LogisticRegression(C=_STRENGTH, max_iter=2_000),
    )
