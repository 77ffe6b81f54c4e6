"""Rows on which the champion is monitored: the newest, and those with outcomes unknown at its training.

Owns the selection; `models.learning.rows` builds the rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from models.errors import ModelError, NotEnoughDataError
from models.features.running import day_number
from models.learning.labels import HORIZON_MONTHS, add_months
from models.learning.rows import DefaultQuestions, LateQuestions
from pipelines.training.comparison import unseen
from pipelines.training.drawing import draw

if TYPE_CHECKING:
    from collections.abc import Sequence

    from models.learning.artifact import FittedModel
    from models.learning.rows import RowRequest, TrainingRows
    from pipelines.ledger_parts import LedgerParts
    from pipelines.training.params import MonitorParams
    from pipelines.workers import Workers

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


@dataclass(frozen=True, slots=True)
class Questions:
    """Rows of one champion.

    Parameters
    ----------
    newest
        Rows of the last days, whether or not their outcomes are known.
    matured
        Rows later than the model's training whose outcomes are known. A row whose horizon has not run out is
        excluded even if its outcome is certain already: defaults are known before non-defaults, and payments
        on time before late ones.
    """

    newest: TrainingRows
    matured: TrainingRows


def draw_questions(
    parts: LedgerParts, models: Sequence[FittedModel], params: MonitorParams, workers: Workers | None = None
) -> list[Questions]:
    """Draw the rows of each champion from a ledger as known at the end of the parts' day.

    Parameters
    ----------
    workers
        This process if None.
    """
    day = day_number(parts.as_of)
    asked = [request for model in models for request in _requests(model, day, params)]
    rows = draw(parts, asked, workers).rows
    return [
        Questions(newest, told.take(~np.isnan(told.label) & unseen(told, model)))
        for model, newest, told in zip(models, rows[::2], rows[1::2], strict=True)
    ]


def require_newest(rows: TrainingRows, model: FittedModel, day: int, params: MonitorParams) -> TrainingRows:
    """Return the newest rows.

    Raises
    ------
    NotEnoughDataError
        The period has no rows.
    """
    if not len(rows):
        raise NotEnoughDataError(
            f"nothing can be asked of {model.target} in the {params.window_days} days up to "
            f"{np.datetime64(day, 'D')}: the ledger holds no invoice there; give a day it covers with --as-of"
        )
    return rows


def _requests(model: FittedModel, day: int, params: MonitorParams) -> tuple[RowRequest, RowRequest]:
    """Return the requests of the newest rows, and of those later than the model's training."""
    first, last, drawn = day - params.window_days + 1, _last_question(model), (params.most_rows, params.seed)
    if model.target.startswith(_LATE):
        days = int(model.target.removeprefix(_LATE))
        return LateQuestions(days, first, day, *drawn), LateQuestions(days, last + 1, day, *drawn)
    begins, ends = _months_after(last, HORIZON_MONTHS), _months_after(day, -HORIZON_MONTHS)
    return DefaultQuestions(first, day, day, *drawn), DefaultQuestions(begins, ends, day, *drawn)


def _last_question(model: FittedModel) -> int:
    try:
        return int(np.datetime64(model.facts["period_ends"]["test"], "D").astype(np.int64))
    except (KeyError, TypeError, ValueError) as error:
        raise ModelError(
            f"model {model.version} does not say up to which day it learnt; train it again"
        ) from error


def _months_after(day: int, months: int) -> int:
    return int(add_months(np.array([day], dtype=np.int64), months)[0])
