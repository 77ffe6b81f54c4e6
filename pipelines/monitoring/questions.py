"""Which questions the champion is watched on: the newest, and those whose outcomes it had not learnt.

Owns the choice; the rows are made by the code that makes training rows (`models.learning.rows`), from a
ledger cut back to the day.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from models.errors import ModelError, NotEnoughDataError
from models.learning.labels import HORIZON_MONTHS, add_months
from models.learning.rows import default_questions, late_questions
from pipelines.training.comparison import unseen

if TYPE_CHECKING:
    from models.features.build import FeatureBuilder
    from models.learning.artifact import FittedModel
    from models.learning.rows import TrainingRows
    from pipelines.training.params import MonitorParams

_LATE = "late"


def learnt_until(model: FittedModel) -> int:
    """Return the last day whose events a model has learnt from, as a number.

    For late payment that is the day of its last question, for default the end of that question's 12 months.

    Raises
    ------
    ModelError
        The model does not say what it learnt from.
    """
    last = _last_question(model)
    return last if model.target.startswith(_LATE) else _months_after(last, HORIZON_MONTHS)


def newest(builder: FeatureBuilder, model: FittedModel, day: int, params: MonitorParams) -> TrainingRows:
    """Return the questions of the last days, whether or not their outcomes are known.

    Parameters
    ----------
    builder
        Of a ledger that knows nothing after `day`.

    Raises
    ------
    NotEnoughDataError
        Nothing was asked in the period.
    """
    first = day - params.window_days + 1
    if model.target.startswith(_LATE):
        rows = late_questions(builder, _days(model), first, day, params.most_rows, params.seed)
    else:
        rows = default_questions(builder, first, day, day, params.most_rows, params.seed)
    if not len(rows):
        raise NotEnoughDataError(
            f"nothing can be asked of {model.target} in the {params.window_days} days up to "
            f"{np.datetime64(day, 'D')}: the ledger holds no invoice there; give a day it covers with --as-of"
        )
    return rows


def matured(builder: FeatureBuilder, model: FittedModel, day: int, params: MonitorParams) -> TrainingRows:
    """Return the questions that came after what the model has learnt and whose outcomes are known by now.

    A question whose time has not run out is left out even where its outcome is plain already: the bad ones
    of default are known before the good ones, the good ones of late payment before the bad ones.

    Parameters
    ----------
    builder
        Of a ledger that knows nothing after `day`.
    """
    last = _last_question(model)
    if model.target.startswith(_LATE):
        rows = late_questions(builder, _days(model), last + 1, day, params.most_rows, params.seed)
    else:
        first, newest_told = _months_after(last, HORIZON_MONTHS), _months_after(day, -HORIZON_MONTHS)
        rows = default_questions(builder, first, newest_told, day, params.most_rows, params.seed)
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
