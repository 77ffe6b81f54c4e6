"""A fitted model: its parts, its predictions, and its storage as text and JSON.

No pickle: LightGBM's own text format for the trees, JSON for everything else. A model loaded in a new process
gives the same numbers.
"""

from __future__ import annotations

import hashlib
import json
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from models.errors import ModelError
from models.features.table import require_columns
from models.learning.additive import AdditiveModel, Boosted, simple_document, simple_of
from models.learning.basis import OWN
from models.learning.calibration import Calibration
from models.learning.days_late import READ, DelayTrees, days_late
from models.learning.delay_curve import DelayCurve, reported
from models.learning.named_columns import NamedColumns
from models.learning.stored_booster import StoredBooster

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    import pandas as pd

    from models.arrays import Floats

FORMAT, TREES_ALONE = 4, 3
"""The current format, and the earlier one that is still read: one forest, and trees by quantile."""
CLASSIFIER = "classifier.txt"
CURVE = "curve.txt"
DESCRIPTION = "model.json"
_ABOUT = ("moment", "share", "otherwise", "shift")


@dataclass(frozen=True, slots=True)
class FittedModel:
    """A calibrated margin and, for a lateness target, the distribution of days late.

    Parameters
    ----------
    target
        `late30`, `late15`, ... or `default12`.
    additive
        The sum of components that gives the margin and splits it by feature.
    curve
        Predicts days late; the margin is this curve at the target's days. None for default.
    delays
        Quantiles of days late, in models of the earlier format.
    facts
        Provenance of the model: dates, counts, parameters, metrics, hashes.
    read_as
        The version under which it was loaded.
    """

    target: str
    additive: AdditiveModel
    calibration: Calibration
    curve: DelayCurve | None = None
    delays: tuple[DelayTrees, ...] = ()
    facts: dict[str, Any] = field(default_factory=dict)
    read_as: str = ""

    @classmethod
    def of_curve(cls, target: str, curve: DelayCurve, calibration: Calibration) -> FittedModel:
        """Build a late-payment model from its curve; the target's name ends with its days."""
        return cls(target, curve.at(days_of(target)), calibration, curve)

    @property
    def features(self) -> tuple[str, ...]:
        """Columns that the margin reads, in order."""
        return self.additive.features

    @property
    def read(self) -> tuple[str, ...]:
        """All columns that predictions read: those of the margin, then those that only days late need."""
        additional = self.curve.read if self.curve else READ if self.delays else ()
        return tuple(dict.fromkeys([*self.features, *additional]))

    @property
    def rests_on(self) -> str:
        """What it was trained on, of `models.learning.basis`; the ledger for models without the entry."""
        return str(self.facts.get("rests_on", OWN))

    @property
    def version(self) -> str:
        """Hash of everything that predictions depend on, 12 hex digits; the facts are excluded."""
        return self.read_as or _version(_description(self), _texts(self))

    def matrix(self, frame: pd.DataFrame) -> Floats:
        """Return the model's columns of a frame, shape `(n, n_features)`.

        Raises
        ------
        ModelError
            A column is missing.
        """
        require_columns(f"the model {self.target}", self.features, frame)
        return frame[list(self.features)].to_numpy(np.float64)

    def margin(self, frame: pd.DataFrame) -> Floats:
        """Return raw margins in log-odds, shape `(n,)`."""
        return self.additive.margin(self.matrix(frame))

    def probability(self, frame: pd.DataFrame) -> Floats:
        """Return calibrated probabilities, shape `(n,)`."""
        return self.calibration.probability(self.margin(frame), paid_invoices(frame))

    def contributions(self, frame: pd.DataFrame) -> tuple[Floats, Floats]:
        """Split margins exactly by feature (TreeSHAP, Lundberg et al. 2020, path-dependent).

        Returns
        -------
        Contributions of shape `(n, n_features)` and base values of shape `(n,)`; their sum is the margin.
        """
        contributions, _ = self.additive.explain(self.matrix(frame))
        return contributions, np.full(len(frame), self.additive.base)

    def chances(self, frame: pd.DataFrame) -> Floats:
        """Return the probability of a payment later than each of `curves.BOUNDS`, shape `(n, n_bounds)`.

        Raises
        ------
        ModelError
            The model has no curve.
        """
        if self.curve is None:
            raise ModelError(f"the model {self.target} knows no curve of days late")
        columns = NamedColumns.of(frame, self.curve.read)
        return self.curve.chances(columns, self.calibration, paid_invoices(frame), days_of(self.target))

    def days_late(self, frame: pd.DataFrame) -> Floats:
        """Return the quantiles of days late, sorted, shape `(n, n_quantiles)`.

        For an invoice past due, its current days late are a lower bound.

        Raises
        ------
        ModelError
            The model does not predict days late.
        """
        return self.outlook(NamedColumns.of(frame, self.read), self.matrix(frame), paid_invoices(frame))[0]

    def outlook(self, columns: NamedColumns, matrix: Floats, paid: Floats) -> tuple[Floats, Floats]:
        """Return the quantiles of days late, and the probabilities of exceeding each of `REPORTED`.

        The probabilities have no columns for a model of the earlier format, which has no curve.

        Parameters
        ----------
        columns, matrix
            `read`, by name; and the columns that the margin reads, shape `(n, n_features)`.
        paid
            Number of paid invoices of each row's customer, shape `(n,)`.
        """
        if self.curve is not None:
            chances = self.curve.chances(columns, self.calibration, paid, days_of(self.target))
            return self.curve.quantiles(columns, chances), reported(chances)
        if not self.delays:
            raise ModelError(f"the model {self.target} knows no days late")
        return days_late(self.delays, columns, matrix), np.empty((len(matrix), 0))


def paid_invoices(frame: pd.DataFrame) -> Floats:
    """Return the number of paid invoices of each row's customer, shape `(n,)`; 0 without the column."""
    if "n_paid_all" not in frame:
        return np.zeros(len(frame))
    return frame["n_paid_all"].to_numpy(np.float64)


def files_of(model: FittedModel) -> dict[str, str]:
    """Return a model as texts by file name: `model.json`, and one per tree model."""
    texts, description = _texts(model), _description(model)
    description |= {"version": _version(description, texts), "facts": model.facts}
    text = json.dumps(description, indent=1, ensure_ascii=False, allow_nan=False)
    return {**texts, DESCRIPTION: text + "\n"}


def save(model: FittedModel, folder: Path) -> None:
    """Write a model's files to a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files_of(model).items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")


def read_files(folder: Path) -> dict[str, str]:
    """Read a model's files from a folder, unchanged.

    Raises
    ------
    ModelError
        One is missing or is no text.
    """
    with _readable(str(folder)):
        found = {DESCRIPTION: _text_of(folder / DESCRIPTION)}
        names = _names(_checked(json.loads(found[DESCRIPTION]), str(folder)))
        return found | {name: _text_of(folder / name) for name in names}


def load(folder: Path, version: str = "") -> FittedModel:
    """Read a model from a folder; see `from_files`."""
    return from_files(read_files(folder), version, str(folder))


def from_files(files: Mapping[str, str], version: str = "", place: str = "the store") -> FittedModel:
    """Build a model from its files.

    A damaged text makes LightGBM abort the process, so the hash is checked first.

    Parameters
    ----------
    files
        Of `files_of`.
    version
        Expected version, as registered; any if empty.
    place
        Where the files come from, for messages.

    Raises
    ------
    ModelError
        The files are no model, one of another format or version, or one whose content does not match its
        version.
    """
    with _readable(place):
        description = _checked(json.loads(files[DESCRIPTION]), place)
        if version and description["version"] != version:
            raise ModelError(
                f"{place} holds version {description['version']} and {version} is registered: its files "
                "were changed; put back those that were registered, or train again with `encours train`"
            )
        texts = {name: files[name] for name in _names(description)}
        if _version(description, texts) != description["version"]:
            raise ModelError(
                f"{place} was changed after it was written: its content does not match its version"
            )
        return _READERS[description["format"]](description, texts)


@contextmanager
def _readable(place: str) -> Iterator[None]:
    """Translate what a missing or malformed file raises."""
    try:
        yield
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise ModelError(
            f"{place} holds no readable model: {error}; train one with `encours train`"
        ) from error


def _text_of(path: Path) -> str:
    """Return a file's text with its line ends as they are, which the version's hash includes."""
    return path.read_bytes().decode()


def _checked(description: dict[str, Any], place: str) -> dict[str, Any]:
    if description["format"] not in _READERS:
        raise ModelError(f"{place} holds format {description['format']}; {FORMAT} is read here")
    return description


def days_of(target: str) -> int:
    """Return the days of a late-payment target.

    Examples
    --------
    >>> days_of("late30")
    30
    """
    return int(target.removeprefix("late"))


def _read(description: Mapping[str, Any], texts: Mapping[str, str]) -> FittedModel:
    target, calibration = description["target"], Calibration.from_document(description["calibration"])
    attributes = {"facts": description["facts"], "read_as": description["version"]}
    if description["curve"] is not None:
        booster = StoredBooster(texts[CURVE]) if CURVE in texts else None
        curve = DelayCurve.of_document(description["curve"], booster)
        return replace(FittedModel.of_curve(target, curve, calibration), **attributes)
    stored = description["ladder"]
    trees = tuple(
        Boosted(
            one["rung"],
            StoredBooster(texts[one["file"]]),
            tuple(one["columns"]),
            float(one["weight"]),
        )
        for one in stored["trees"]
    )
    simple = tuple(simple_of(one) for one in stored["simple"])
    additive = AdditiveModel(float(stored["start"]), tuple(description["features"]), simple, trees)
    return FittedModel(target, additive, calibration, **attributes)


def _read_trees_alone(description: Mapping[str, Any], texts: Mapping[str, str]) -> FittedModel:
    """Read a model of the earlier format, which replays of old assessments need."""
    delays = tuple(
        DelayTrees(booster=StoredBooster(texts[_file(one["moment"], one["share"])]), **one)
        for one in description["delays"]
    )
    return FittedModel(
        description["target"],
        AdditiveModel.of_booster(StoredBooster(texts[CLASSIFIER]), description["features"]),
        Calibration.from_document(description["calibration"]),
        None,
        delays,
        description["facts"],
        description["version"],
    )


_READERS = {FORMAT: _read, TREES_ALONE: _read_trees_alone}


def _names(description: Mapping[str, Any]) -> list[str]:
    """Return the files that a description refers to."""
    if description["format"] == TREES_ALONE:
        return [CLASSIFIER, *(_file(one["moment"], one["share"]) for one in description["delays"])]
    if description["curve"] is not None:
        return [CURVE] if description["curve"]["columns"] else []
    return [one["file"] for one in description["ladder"]["trees"]]


def _file(moment: str, share: float) -> str:
    return f"days_late_{moment}_p{round(share * 100):02d}.txt"


def _about(trees: DelayTrees) -> dict[str, Any]:
    return {name: getattr(trees, name) for name in _ABOUT}


def _description(model: FittedModel) -> dict[str, Any]:
    """Return everything that predictions depend on, except the trees' text."""
    begin = {"target": model.target, "features": list(model.features)}
    calibration = asdict(model.calibration)
    if model.delays:
        delays = [_about(trees) for trees in model.delays]
        return {"format": TREES_ALONE, **begin, "calibration": calibration, "delays": delays}
    trees = [
        {
            "rung": one.component,
            "file": f"trees_{place}.txt",
            "columns": list(one.columns),
            "weight": one.weight,
        }
        for place, one in enumerate(model.additive.trees)
    ]
    simple = [simple_document(one) for one in model.additive.simple]
    additive = {"start": model.additive.start, "simple": simple, "trees": trees}
    return {
        "format": FORMAT,
        **begin,
        "calibration": calibration,
        "ladder": None if model.curve else additive,
        "curve": model.curve.document() if model.curve else None,
    }


def _texts(model: FittedModel) -> dict[str, str]:
    """Return the trees in LightGBM's text format, by file name."""
    if model.curve is not None:
        trees = {} if model.curve.booster is None else {CURVE: model.curve.booster}
    elif model.delays:
        trees = {CLASSIFIER: model.additive.trees[0].booster}
        trees |= {_file(t.moment, t.share): t.booster for t in model.delays}
    else:
        trees = {f"trees_{place}.txt": one.booster for place, one in enumerate(model.additive.trees)}
    return {name: booster.model_to_string() for name, booster in trees.items()}


def _version(description: Mapping[str, Any], texts: Mapping[str, str]) -> str:
    """Return the hash of a description and its trees; unchanged for the earlier format."""
    calibration = description["calibration"]
    if description["format"] == TREES_ALONE:
        delays = [{name: one[name] for name in _ABOUT} for one in description["delays"]]
        answers = [description["target"], description["features"], calibration, delays]
        digest = hashlib.sha256(json.dumps(answers).encode())
    else:
        hashed = {name: value for name, value in description.items() if name not in ("version", "facts")}
        digest = hashlib.sha256(json.dumps(hashed, sort_keys=True).encode())
    for name in sorted(texts):
        digest.update(name.encode() + texts[name].encode())
    return digest.hexdigest()[:12]


def with_facts(model: FittedModel, **facts: Any) -> FittedModel:  # noqa: ANN401  # JSON values of any kind
    """Return the model with additional facts."""
    return replace(model, facts={**model.facts, **facts})
