"""Interface of the package: a model's margins and their exact split by feature.

Two explainers give the same results: `TreeShap`, compiled, and `PredictContrib`, LightGBM's own and far
slower, for models too deep for the first. Owns neither the calibration nor the words of a reason.
"""

from __future__ import annotations

import logging
import threading
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Protocol, Self, TypeVar

import numpy as np

from models.errors import TooDeepError
from models.explain.treeshap.compiled import MOST_BYTES, Margins, TreeShap, checked_rows

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lightgbm import Booster

    from models.arrays import Floats

T = TypeVar("T")


class Explainer(Protocol):
    """Splits a model's margins by feature."""

    exact_by: ClassVar[str]
    """Name of the implementation: `treeshap` or `pred_contrib`."""

    @property
    def base(self) -> float:
        """The margin that contributions are added to: the mean over the training rows."""

    def explain(self, matrix: Floats) -> tuple[Floats, Floats]:
        """Split margins by feature: contributions of shape `(n, n_features)`, margins of shape `(n,)`."""


@dataclass(frozen=True, slots=True, eq=False)
class PredictContrib:
    """LightGBM's own TreeSHAP, of any depth."""

    exact_by: ClassVar[str] = "pred_contrib"
    booster: Booster
    base: float

    @classmethod
    def of(cls, booster: Booster) -> PredictContrib:
        """Compute a booster's base value once."""
        anything = np.zeros((1, booster.num_feature()))
        return cls(booster, float(booster.predict(anything, pred_contrib=True)[0, -1]))

    def explain(self, matrix: Floats) -> tuple[Floats, Floats]:
        """Split margins by feature, as `TreeShap.explain` does."""
        rows = checked_rows(matrix, self.booster.num_feature())
        if not len(rows):
            return np.empty(rows.shape), np.empty(0)
        found: Floats = self.booster.predict(rows, pred_contrib=True)
        return found[:, :-1], self.booster.predict(rows, raw_score=True)


@dataclass(frozen=True, slots=True, eq=False)
class BoosterMargins:
    """LightGBM's own margins, of trees of any depth."""

    booster: Booster

    def margin(self, matrix: Floats) -> Floats:
        """Return margins, shape `(n,)`."""
        rows = checked_rows(matrix, self.booster.num_feature())
        margins: Floats = self.booster.predict(rows, raw_score=True) if len(rows) else np.empty(0)
        return margins


class _Lazy(ABC, Generic[T]):
    """A value derived from a booster on first access, once across threads."""

    __slots__ = ("_booster", "_built", "_lock")

    def __init__(self, booster: Booster) -> None:
        self._booster = booster
        self._built: T | None = None
        self._lock = threading.Lock()

    def get(self) -> T:
        """Return the value.

        Raises
        ------
        ModelError
            It cannot be built from this model.
        """
        if self._built is None:
            with self._lock:
                if self._built is None:
                    self._built = self._make(self._booster)
        return self._built

    @abstractmethod
    def _make(self, booster: Booster) -> T:
        """Build the value."""

    def __reduce__(self) -> tuple[type[Self], tuple[Any, ...]]:
        """Pickle the booster alone."""
        return type(self), (self._booster,)


class LazyExplainer(_Lazy["Explainer"]):
    """A booster's explainer, compiled, or LightGBM's own where trees are too deep; that is logged.

    Parameters
    ----------
    fixed
        Values of columns that never change, by position; not supported for trees that are too deep.
    """

    __slots__ = ("_fixed",)

    def __init__(self, booster: Booster, fixed: Mapping[int, float] | None = None) -> None:
        super().__init__(booster)
        self._fixed = dict(fixed or {})

    def _make(self, booster: Booster) -> Explainer:
        return TreeShap.of(booster, fixed=self._fixed) if self._fixed else explainer_of(booster)

    def __reduce__(self) -> tuple[type[Self], tuple[Any, ...]]:
        """Pickle the booster and the fixed values."""
        return type(self), (self._booster, self._fixed)


class LazyMargins(_Lazy["Margins | BoosterMargins"]):
    """A booster's margins, compiled, or LightGBM's own where trees are too deep; that is logged."""

    __slots__ = ()

    def _make(self, booster: Booster) -> Margins | BoosterMargins:
        try:
            return Margins.of(booster)
        except TooDeepError as error:
            _log(f"margins come from LightGBM itself, slower for a single row: {error}")
            return BoosterMargins(booster)


def explainer_of(booster: Booster, most_bytes: int = MOST_BYTES) -> Explainer:
    """Return the compiled explainer, or LightGBM's own where trees are too deep; that is logged."""
    try:
        return TreeShap.of(booster, most_bytes)
    except TooDeepError as error:
        _log(f"SHAP values come from LightGBM itself, far slower: {error}")
        return PredictContrib.of(booster)


def _log(text: str) -> None:
    logging.getLogger(__name__).warning(text)
