"""Training and test rows on disk, as one Parquet file with their predictions.

Owns the file format. `models.learning.rows` makes rows, `train` the predictions.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pandas as pd

from models.errors import ModelError
from models.learning.rows import TrainingRows

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from models.arrays import Floats

_KEPT = ("label", "owner", "day", "days_late", "due", "lateness", "subject")
_ANSWER = "answer."


@dataclass(frozen=True, slots=True)
class SavedRows:
    """Rows read from a file.

    Parameters
    ----------
    data_hash
        Hash of the ledger they come from, empty if not recorded.
    answers
        Predictions on each row, by name, each of shape `(n,)`.
    checks
        Results of checks made with the ledger, by name, as JSON values.
    """

    rows: TrainingRows
    data_hash: str = ""
    answers: Mapping[str, Floats] = field(default_factory=dict)
    checks: Mapping[str, Any] = field(default_factory=dict)


def save_rows(
    rows: TrainingRows,
    path: Path,
    data_hash: str = "",
    answers: Mapping[str, Floats] | None = None,
    checks: Mapping[str, Any] | None = None,
) -> None:
    """Write rows with the hash of their data, their predictions and the results of checks.

    Parameters
    ----------
    answers
        By name, each of shape `(n,)`.
    checks
        By name, JSON values.
    """
    extra = {f"{name}_": getattr(rows, name) for name in _KEPT}
    extra |= {_ANSWER + name: values for name, values in (answers or {}).items()}
    frame = pd.concat([rows.frame.reset_index(drop=True), pd.DataFrame(extra)], axis=1)
    frame["subject_"] = frame["subject_"].astype("str")
    frame.attrs |= {"data_hash": data_hash, "checks": dict(checks or {})}
    path.parent.mkdir(parents=True, exist_ok=True)
    frame.to_parquet(path, index=False)


def read_rows(path: Path) -> SavedRows:
    """Read rows from a file.

    Raises
    ------
    ModelError
        The file is missing or contains no rows.
    """
    try:
        frame = pd.read_parquet(path)
        label, owner, day, days_late, due, lateness = (frame[f"{name}_"].to_numpy() for name in _KEPT[:-1])
        subject = frame["subject_"].to_numpy(dtype=object)
    except (OSError, ValueError, KeyError) as error:
        raise ModelError(
            f"{path} holds no rows: {error}; run `encours features` or `encours train`"
        ) from error
    answers = [name for name in frame if str(name).startswith(_ANSWER)]
    features = frame.drop(columns=[*(f"{name}_" for name in _KEPT), *answers])
    predictions = {str(name).removeprefix(_ANSWER): frame[name].to_numpy() for name in answers}
    rows = TrainingRows(features, label, owner, day, days_late, subject, due, lateness)
    return SavedRows(
        rows, str(frame.attrs.get("data_hash", "")), predictions, dict(frame.attrs.get("checks", {}))
    )
