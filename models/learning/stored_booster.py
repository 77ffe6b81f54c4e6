"""A trained forest as LightGBM's text, which answers without LightGBM.

Margins and their explanation need the trees alone, and `models.explain.treeshap` reads them from the text.
LightGBM itself, which brings scikit-learn and SciPy along, is imported only for what it must compute: trees
too deep for our tables, and what training asks of a model.
"""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING, Any

from models.learning.boosting import load_lightgbm

if TYPE_CHECKING:
    from models.arrays import Floats

_LAST_FEATURE = re.compile(r"^max_feature_idx=(\d+)$", re.MULTILINE)
_TREE = re.compile(r"^Tree=", re.MULTILINE)


class StoredBooster:
    """A LightGBM model read from its text, with the methods of `lightgbm.Booster` that are used here.

    Parameters
    ----------
    text
        LightGBM's text format.

    Raises
    ------
    ValueError
        The text holds no model.
    """

    def __init__(self, text: str) -> None:
        last = _LAST_FEATURE.search(text)
        if last is None:
            raise ValueError("the text of the trees is not LightGBM's")
        self._text, self._features = text, int(last[1]) + 1

    def model_to_string(self) -> str:
        """Return the text, unchanged."""
        return self._text

    def num_feature(self) -> int:
        """Return the number of columns that the trees read."""
        return self._features

    def num_trees(self) -> int:
        """Return the number of trees."""
        return len(_TREE.findall(self._text))

    def predict(self, matrix: Floats, **asked: bool) -> Floats:
        """Predict with LightGBM itself; `asked` are the options of `lightgbm.Booster.predict`."""
        found: Floats = self._booster.predict(matrix, **asked)
        return found

    def feature_importance(self, importance_type: str) -> Floats:
        """Return LightGBM's importance of each column, shape `(n_features,)`."""
        found: Floats = self._booster.feature_importance(importance_type)
        return found

    def __reduce__(self) -> tuple[type[StoredBooster], tuple[str]]:
        """Pickle the text alone."""
        return type(self), (self._text,)

    @cached_property
    def _booster(self) -> Any:  # noqa: ANN401  # LightGBM is untyped
        return load_lightgbm().Booster(model_str=self._text)
