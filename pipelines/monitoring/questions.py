"""Rows on which the champion is monitored: the newest, and those with outcomes unknown at its training.

Owns the selection; `models.learning.rows` builds the rows, from a ledger restricted to the day.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from models.errors import ModelError, NotEnoughDataError
from models.learning.labels import HORIZON_MONTHS, add_months
from models.learning.rows import DefaultQuestions, LateQuestions, draw_rows
from pipelines.training.comparison import unseen

if TYPE_CHECKING:
    from models.features.build import FeatureBuilder
    from models.learning.artifact import FittedModel
    from models.learning.rows import TrainingRows
    from pipelines.training.params import MonitorParams

_LATE = "late"


def learnt_until(model: FittedModel) -> int:
    """Return the last day whose events a model was trained on, as a number.

    For late payment this is the day of its last row, for default the end of that row's 12 months.

    Raises
    ------
    ModelError
        The model does not record its training period.
    """
    last = _last_question(model)
    return last if model.target.startswith(_LATE) else _months_after(last, HORIZON_MONTHS)


def newest(builder: FeatureBuilder, model: FittedModel, day: int, params: MonitorParams) -> TrainingRows:
    """Return the rows of the last days, whether or not their outcomes are known.

    Parameters
    ----------
    builder
        Of a ledger without events after `day`.

    Raises
    ------
    NotEnoughDataError
        The period has no rows.
    """
    first = day - params.window_days + 1
    if model.target.startswith(_LATE):
        rows = draw_rows(builder, LateQuestions(_days(model), first, day, params.most_rows, params.seed))
    else:
        rows = draw_rows(builder, DefaultQuestions(first, day, day, params.most_rows, params.seed))
    if not len(rows):
        raise NotEnoughDataError(
            f"nothing can be asked of {model.target} in the {params.window_days} days up to "
            f"{np.datetime64(day, 'D')}: the ledger holds no invoice there; give a day it covers with --as-of"
        )
    return rows


def matured(builder: FeatureBuilder, model: FittedModel, day: int, params: MonitorParams) -> TrainingRows:
    """Return rows later than the model's training whose outcomes are known by now.

    A row whose horizon has not run out is excluded even if its outcome is certain already: defaults are known
    before non-defaults, and payments on time before late ones.

    Parameters
    ----------
    builder
        Of a ledger without events after `day`.
    """
    last = _last_question(model)
    if model.target.startswith(_LATE):
        rows = draw_rows(builder, LateQuestions(_days(model), last + 1, day, params.most_rows, params.seed))
    else:
        first, newest_told = _months_after(last, HORIZON_MONTHS), _months_after(day, -HORIZON_MONTHS)
        rows = draw_rows(builder, DefaultQuestions(first, newest_told, day, params.most_rows, params.seed))
    return rows.take(~np.isnan(rows.label) & unseen(rows, model))


def _last_question(model: FittedModel) -> int:
    try:
        return int(np.datetime64(model.facts["period_ends"]["test"], "D").astype(np.int64))
    except (KeyError, TypeError, ValueError) as error:
        raise ModelError(
            f"model {model.version} does not say up to which day it learnt; train it again"
        ) from error


def _days(model: FittedModel) -> int:
    return int(model.target.removeprefix(_LATE))


def _months_after(day: int, months: int) -> int:
    return int(add_months(np.array([day], dtype=np.int64), months)[0])
