"""A fitted scorecard: whole points per feature, a score as their sum, and a calibrated probability.

The points on paper, the query and this code agree to the point: points are rounded first, the score is the
sum of the rounded points, and log-odds and probability are read off the score.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from models.errors import ModelError
from models.features.table import require_columns
from models.learning.calibration import Calibration
from models.learning.scorecard.attribute import Attribute, Bin
from models.learning.scorecard.rules import PointScale
from models.learning.scorecard.sql import points_query
from models.learning.scorecard.words import points_table

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from models.arrays import Floats

FORMAT = 1


@dataclass(frozen=True, slots=True)
class Scorecard:
    """Attributes with additive points, the scale of the points, and the calibration of the score.

    Parameters
    ----------
    target
        `late30`, `late15`, ... or `default12`.
    attributes
        Its features, the most informative first.
    scale
        Meaning of a score in the rows it was fitted on.
    calibration
        From the score's log-odds to the probability; the identity until it is fitted on later rows.

    Examples
    --------
    Two features, each with points for its bins and for unknown values:

    >>> import pandas as pd
    >>> late = Attribute("late", "retards", "late", "share", "lateness", 1, (0.2,), (),
    ...                  (Bin(80, 4, 0.9, 320), Bin(10, 4, -1.2, 265)), Bin(10, 2, 0.0, 300))
    >>> age = Attribute("age", "âge", "age", "years", "age", -1, (3.0,), (),
    ...                 (Bin(40, 6, -0.3, 290), Bin(60, 4, 0.4, 310)), Bin(0, 0, 0.0, 300))
    >>> card = Scorecard("late30", (late, age))
    >>> rows = pd.DataFrame({"late": [0.1, 0.2, float("nan")], "age": [3.0, 2.5, 10.0]})
    >>> card.points(rows).tolist()
    [[320.0, 310.0], [265.0, 290.0], [300.0, 310.0]]
    >>> card.score(rows).tolist()
    [630.0, 555.0, 610.0]

    600 points are 1 bad in 51; 20 more are 1 in 101:

    >>> [round(float(1 / p), 1) for p in card.probability(rows)]
    [142.4, 11.5, 71.7]
    """

    target: str
    attributes: tuple[Attribute, ...]
    scale: PointScale = field(default_factory=PointScale)
    calibration: Calibration = field(default_factory=Calibration)

    @property
    def features(self) -> tuple[str, ...]:
        """The columns it reads, in order."""
        return tuple(attribute.name for attribute in self.attributes)

    @property
    def version(self) -> str:
        """Content hash of the scorecard, 12 hex digits."""
        return _version(_content(self))

    def points(self, frame: pd.DataFrame) -> Floats:
        """Return the points of each row and feature, whole, shape `(n, n_features)`.

        Raises
        ------
        ModelError
            A column is missing.
        """
        require_columns(f"the scorecard {self.target}", self.features, frame)
        points = np.empty((len(frame), len(self.attributes)))
        for column, attribute in enumerate(self.attributes):
            values = frame[attribute.name].to_numpy(np.float64, na_value=np.nan)
            points[:, column] = attribute.points(values)
        return points

    def score(self, frame: pd.DataFrame) -> Floats:
        """Return the sum of each row's points, whole, shape `(n,)`; higher is better."""
        score: Floats = self.points(frame).sum(axis=1)
        return score

    def margin(self, frame: pd.DataFrame) -> Floats:
        """Return the log-odds of bad of the scores, shape `(n,)`; higher is worse."""
        return self.scale.margin(self.score(frame))

    def probability(self, frame: pd.DataFrame) -> Floats:
        """Return calibrated probabilities, shape `(n,)`."""
        return self.calibration.probability(self.margin(frame))

    def table(self) -> pd.DataFrame:
        """Return the scorecard as a readable table: one line per bin, in French and in English."""
        return points_table(self.attributes)

    def to_sql(self, table: str) -> str:
        """Write the scorecard as a query on a table; see `models.learning.scorecard.sql.points_query`."""
        return points_query(self.attributes, table)

    def document(self) -> dict[str, Any]:
        """Return the scorecard as plain JSON values, with its version."""
        content = _content(self)
        return {**content, "version": _version(content)}

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Scorecard:
        """Load a scorecard from its document.

        Raises
        ------
        ModelError
            The document is no scorecard, has another format, or was modified.
        """
        content = {name: value for name, value in document.items() if name != "version"}
        try:
            if content["format"] != FORMAT:
                raise ModelError(
                    f"the scorecard is of format {content['format']!r}; {FORMAT} is read here: fit it again"
                )
            card = cls(
                str(content["target"]),
                tuple(_attribute(told) for told in content["attributes"]),
                PointScale(**content["scale"]),
                Calibration.from_document(content["calibration"]),
            )
            version = document["version"]
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise ModelError(f"the document holds no scorecard: {error!r}; fit one again") from error
        if version != _version(content):
            raise ModelError("the scorecard was changed after it was written: it does not match its version")
        return card


def _content(card: Scorecard) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(json.dumps({"format": FORMAT, **asdict(card)}, allow_nan=False))
    return content


def _version(content: Mapping[str, Any]) -> str:
    text = json.dumps(content, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _attribute(told: Mapping[str, Any]) -> Attribute:
    other = told["other"]
    return Attribute(
        **{
            **told,
            "bounds": tuple(float(bound) for bound in told["bounds"]),
            "categories": tuple(tuple(float(code) for code in codes) for codes in told["categories"]),
            "bins": tuple(_bin(line) for line in told["bins"]),
            "missing": _bin(told["missing"]),
            "other": None if other is None else _bin(other),
        }
    )


def _bin(told: Mapping[str, Any]) -> Bin:
    return Bin(int(told["rows"]), int(told["bad"]), float(told["woe"]), int(told["points"]))
