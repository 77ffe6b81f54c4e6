"""A margin as a weighted sum of components: published rates, habits, a level, and trees.

Each component adds log-odds, so that a row's margin splits exactly by feature: a line or a step function by
itself, trees by TreeSHAP (Lundberg et al. 2020). Trees may have a column that is not a feature but the delay
to predict: it is fixed beforehand and gets no share of the margin.

Owns the sum. `pipelines.training` fits and weighs the components.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from models.explain.treeshap.explainer import LazyExplainer, LazyMargins
from models.features.table import require_columns

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from lightgbm import Booster

    from models.arrays import Floats, Ints


@dataclass(frozen=True, slots=True)
class Line:
    """A component that adds `weight x (value - centre)`; an unknown value adds nothing.

    Parameters
    ----------
    component
        Name of what it came from, such as `published` or `corrections`; several may share one.
    """

    component: str
    column: str
    weight: float
    centre: float = 0.0

    def add(self, values: Floats) -> Floats:
        """Return the added log-odds, shape `(n,)`."""
        added = self.weight * (values - self.centre)
        return np.where(np.isnan(added), 0.0, added)


@dataclass(frozen=True, slots=True)
class Steps:
    """A component that adds a step function of one column.

    Parameters
    ----------
    edges
        Start of each step, ascending; a value equal to an edge belongs to the step above.
    added
        Value of each step, in log-odds, one more than edges.
    unknown
        Value for an unknown input.
    """

    component: str
    column: str
    edges: tuple[float, ...]
    added: tuple[float, ...]
    unknown: float = 0.0

    def add(self, values: Floats) -> Floats:
        """Return the added log-odds, shape `(n,)`."""
        place = np.searchsorted(np.array(self.edges), values, side="right")
        known = np.array(self.added)[np.minimum(place, len(self.added) - 1)]
        return np.where(np.isnan(values), self.unknown, known)


@dataclass(frozen=True, slots=True)
class Boosted:
    """A component of trees.

    Parameters
    ----------
    columns
        Columns that the booster reads, in its order.
    fixed
        Values of columns that are not features, by name: the delay to predict.
    """

    component: str
    booster: Booster
    columns: tuple[str, ...]
    weight: float = 1.0
    fixed: Mapping[str, float] = field(default_factory=dict)
    explainer: LazyExplainer = field(init=False, compare=False, repr=False)
    margins: LazyMargins = field(init=False, compare=False, repr=False)
    _read_at: Ints = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        held = {self.columns.index(name): value for name, value in self.fixed.items()}
        read_at = [place for place in range(len(self.columns)) if place not in held]
        object.__setattr__(self, "explainer", LazyExplainer(self.booster, held))
        object.__setattr__(self, "margins", LazyMargins(self.booster))
        object.__setattr__(self, "_read_at", np.array(read_at, dtype=np.int64))

    @property
    def read(self) -> tuple[str, ...]:
        """Features that the trees read."""
        return tuple(name for name in self.columns if name not in self.fixed)

    def explain(self, features: Floats) -> tuple[Floats, Floats]:
        """Split the trees' margins by feature, without the component's weight.

        Parameters
        ----------
        features
            Columns of `read`, shape `(n, n_read)`.

        Returns
        -------
        Contributions of shape `(n, n_read)` and margins of shape `(n,)`.
        """
        split, margins = self.explainer.get().explain(self._filled(features))
        return split[:, self._read_at], margins

    def margin(self, features: Floats) -> Floats:
        """Return the trees' margins, without the component's weight, shape `(n,)`; see `explain`."""
        return self.margins.get().margin(self._filled(features))

    def _filled(self, features: Floats) -> Floats:
        """Return all columns of the trees: the features, and the fixed values between them."""
        if not self.fixed:
            return features
        filled = np.empty((len(features), len(self.columns)))
        filled[:, self._read_at] = features
        for name, value in self.fixed.items():
            filled[:, self.columns.index(name)] = value
        return filled


@dataclass(frozen=True, slots=True)
class AdditiveModel:
    """All components of a model.

    Parameters
    ----------
    start
        Initial log-odds, the same for every row.
    features
        Columns of the rows, in order; every component reads some of them.
    """

    start: float
    features: tuple[str, ...]
    simple: tuple[Line | Steps, ...] = ()
    trees: tuple[Boosted, ...] = ()
    _places: dict[str, int] = field(init=False, compare=False, repr=False)
    _tree_places: tuple[Ints, ...] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        places = {name: place for place, name in enumerate(self.features)}
        read = [one.column for one in self.simple] + [name for one in self.trees for name in one.read]
        require_columns("a component of the model", read, places)
        of_trees = tuple(np.array([places[name] for name in one.read], dtype=np.int64) for one in self.trees)
        object.__setattr__(self, "_places", places)
        object.__setattr__(self, "_tree_places", of_trees)

    @classmethod
    def of_booster(cls, booster: Booster, features: Sequence[str]) -> Self:
        """Build a model of one component: trees that read all features."""
        return cls(0.0, tuple(features), (), (Boosted("trees", booster, tuple(features)),))

    @property
    def base(self) -> float:
        """Margin that contributions are added to."""
        return self.start + sum(one.weight * one.explainer.get().base for one in self.trees)

    @property
    def rounds(self) -> int:
        """Total number of trees."""
        return sum(one.booster.num_trees() for one in self.trees)

    def explain(self, matrix: Floats) -> tuple[Floats, Floats]:
        """Split margins exactly by feature.

        Returns
        -------
        Contributions of shape `(n, n_features)` and margins of shape `(n,)`; `base` and a row's contributions
        sum to its margin.
        """
        if self._is_plain:
            return self.trees[0].explainer.get().explain(matrix)
        contributions, margins = np.zeros(matrix.shape), np.full(len(matrix), self.start)
        for one in self.simple:
            place = self._places[one.column]
            added = one.add(matrix[:, place])
            contributions[:, place] += added
            margins += added
        for trees, places in zip(self.trees, self._tree_places, strict=True):
            split, margin = trees.explain(matrix[:, places])
            margins += trees.weight * margin
            contributions[:, places] += trees.weight * split
        return contributions, margins

    def margin(self, matrix: Floats) -> Floats:
        """Return margins alone, shape `(n,)`."""
        if self._is_plain:
            return self.trees[0].margins.get().margin(matrix)
        margins = np.full(len(matrix), self.start)
        for one in self.simple:
            margins += one.add(matrix[:, self._places[one.column]])
        for trees, places in zip(self.trees, self._tree_places, strict=True):
            margins += trees.weight * trees.margin(matrix[:, places])
        return margins

    def gains(self) -> Floats:
        """Return the importance of each feature, shape `(n_features,)`.

        For trees, LightGBM's gain; a line or steps count as much as all trees together.
        """
        found = np.zeros(len(self.features))
        for trees in self.trees:
            gain = np.asarray(trees.booster.feature_importance("gain"), dtype=np.float64)
            for column, name in enumerate(trees.columns):
                if name not in trees.fixed:
                    found[self._places[name]] += trees.weight * gain[column]
        whole = found.sum() or 1.0
        for one in self.simple:
            found[self._places[one.column]] += whole
        return found

    @property
    def _is_plain(self) -> bool:
        """Whether the model is a single forest that reads every feature, as in the earlier format."""
        if self.simple or len(self.trees) != 1 or self.start:
            return False
        only = self.trees[0]
        return only.weight == 1.0 and not only.fixed and only.columns == self.features


def columns_read(simple: Iterable[Line | Steps], trees: Iterable[Boosted]) -> tuple[str, ...]:
    """Return the features that components read, without duplicates, in order."""
    names = [name for one in trees for name in one.read] + [one.column for one in simple]
    return tuple(dict.fromkeys(names))


def simple_document(one: Line | Steps) -> dict[str, Any]:
    """Return a line or steps as JSON values."""
    if isinstance(one, Line):
        return {"rung": one.component, "column": one.column, "weight": one.weight, "centre": one.centre}
    return {
        "rung": one.component,
        "column": one.column,
        "edges": list(one.edges),
        "added": list(one.added),
        "unknown": one.unknown,
    }


def simple_of(document: Mapping[str, Any]) -> Line | Steps:
    """Build a line or steps from JSON values."""
    if "weight" in document:
        return Line(
            document["rung"], document["column"], float(document["weight"]), float(document["centre"])
        )
    return Steps(
        document["rung"],
        document["column"],
        tuple(map(float, document["edges"])),
        tuple(map(float, document["added"])),
        float(document["unknown"]),
    )
