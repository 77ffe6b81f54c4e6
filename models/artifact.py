"""A fitted model: what it is made of, how it answers, and how it is kept as text and JSON.

No pickle anywhere: LightGBM's own text format for the trees, JSON for everything else. A model read in a
fresh process gives the same numbers.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from models.boosting import load_lightgbm
from models.calibration import Calibration
from models.days_late import DelayTrees, days_late
from models.errors import ModelError
from models.treeshap.explainer import LazyExplainer

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd
    from lightgbm import Booster

    from models.features.running import Floats

FORMAT = 3
CLASSIFIER = "classifier.txt"


@dataclass(frozen=True, slots=True)
class FittedModel:
    """A classifier with its calibration, and where the target is lateness the quantiles of days late.

    Parameters
    ----------
    target
        `late30`, `late15`, ... or `default12`.
    features
        The columns it reads, in order.
    facts
        What is worth knowing of how it came to be: dates, counts, parameters, metrics, hashes.
    read_as
        The version under which it was read; LightGBM writes a model that it has read a little differently.
    explainer
        What splits margins by feature; its tables are built at the first question and kept.
    """

    target: str
    features: tuple[str, ...]
    booster: Booster
    calibration: Calibration
    delays: tuple[DelayTrees, ...] = ()
    facts: dict[str, Any] = field(default_factory=dict)
    read_as: str = ""
    explainer: LazyExplainer = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "explainer", LazyExplainer(self.booster))

    @property
    def version(self) -> str:
        """The model's own hash, 12 hex digits: whatever answers depend on is in it; the facts are not."""
        return self.read_as or _version(self, _texts(self))

    def matrix(self, frame: pd.DataFrame) -> Floats:
        """Take the model's columns out of a frame, shape `(n, n_features)`.

        Raises
        ------
        ModelError
            A column is missing.
        """
        missing = [name for name in self.features if name not in frame]
        if missing:
            raise ModelError(f"the model {self.target} reads {missing[0]!r}, which the features lack")
        return frame[list(self.features)].to_numpy(np.float64)

    def margin(self, frame: pd.DataFrame) -> Floats:
        """Return raw margins in log-odds, shape `(n,)`."""
        margin: Floats = self.booster.predict(self.matrix(frame), raw_score=True)
        return margin

    def probability(self, frame: pd.DataFrame) -> Floats:
        """Return calibrated probabilities, shape `(n,)`."""
        return self.calibration.probability(self.margin(frame), paid_invoices(frame))

    def contributions(self, frame: pd.DataFrame) -> tuple[Floats, Floats]:
        """Split margins exactly by feature (TreeSHAP, Lundberg et al. 2020, path-dependent).

        Returns
        -------
        Contributions of shape `(n, n_features)` and base values of shape `(n,)`; their sum is the margin.
        """
        explainer = self.explainer.get()
        contributions, _ = explainer.explain(self.matrix(frame))
        return contributions, np.full(len(frame), explainer.base)

    def days_late(self, frame: pd.DataFrame) -> Floats:
        """Return the quantiles of days late in order, shape `(n, n_quantiles)`; they never cross.

        An invoice already past due is at least so late.

        Raises
        ------
        ModelError
            The model has no quantiles.
        """
        if not self.delays:
            raise ModelError(f"the model {self.target} knows no days late")
        return days_late(self.delays, frame, self.matrix(frame))


def paid_invoices(frame: pd.DataFrame) -> Floats:
    """Return how many paid invoices are known of each row's customer, shape `(n,)`; none where not told."""
    if "n_paid_all" not in frame:
        return np.zeros(len(frame))
    return frame["n_paid_all"].to_numpy(np.float64)


def save(model: FittedModel, folder: Path) -> None:
    """Write a model as `model.json` and one text file a tree model into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    texts = _texts(model)
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
    description = {
        "format": FORMAT,
        "target": model.target,
        "features": list(model.features),
        "calibration": asdict(model.calibration),
        "delays": [_about(trees) for trees in model.delays],
        "version": _version(model, texts),
        "facts": model.facts,
    }
    text = json.dumps(description, indent=1, ensure_ascii=False, allow_nan=False)
    (folder / "model.json").write_text(text + "\n", encoding="utf-8")


def load(folder: Path) -> FittedModel:
    """Read a model back.

    Raises
    ------
    ModelError
        The folder holds no model, one of another format, or one whose content does not match its version.
    """
    lightgbm = load_lightgbm()
    booster, unreadable = lightgbm.Booster, lightgbm.basic.LightGBMError
    try:
        description = json.loads((folder / "model.json").read_text(encoding="utf-8"))
        if description["format"] != FORMAT:
            raise ModelError(f"{folder} holds format {description['format']}; {FORMAT} is read here")
        told = description["delays"]
        names = [CLASSIFIER, *(_file(one["moment"], one["share"]) for one in told)]
        texts = {name: (folder / name).read_bytes().decode() for name in names}
        model = FittedModel(
            description["target"],
            tuple(description["features"]),
            booster(model_str=texts[CLASSIFIER]),
            Calibration.from_document(description["calibration"]),
            tuple(
                DelayTrees(booster=booster(model_str=texts[_file(one["moment"], one["share"])]), **one)
                for one in told
            ),
            description["facts"],
            description["version"],
        )
    except (OSError, KeyError, TypeError, ValueError, unreadable) as error:
        raise ModelError(
            f"{folder} holds no readable model: {error}; train one with `encours train`"
        ) from error
    if _version(model, texts) != model.version:
        raise ModelError(f"{folder} was changed after it was written: its content does not match its version")
    return model


def _file(moment: str, share: float) -> str:
    return f"days_late_{moment}_p{round(share * 100):02d}.txt"


def _about(trees: DelayTrees) -> dict[str, Any]:
    return {name: getattr(trees, name) for name in ("moment", "share", "otherwise", "shift")}


def _texts(model: FittedModel) -> dict[str, str]:
    """Return the trees as LightGBM writes them, by file name."""
    trees = {CLASSIFIER: model.booster, **{_file(t.moment, t.share): t.booster for t in model.delays}}
    return {name: booster.model_to_string() for name, booster in trees.items()}


def _version(model: FittedModel, texts: dict[str, str]) -> str:
    delays = [_about(trees) for trees in model.delays]
    answers = [model.target, model.features, asdict(model.calibration), delays]
    digest = hashlib.sha256(json.dumps(answers).encode())
    for name in sorted(texts):
        digest.update(name.encode() + texts[name].encode())
    return digest.hexdigest()[:12]


def with_facts(model: FittedModel, **facts: Any) -> FittedModel:  # noqa: ANN401  # JSON values of any kind
    """Return the model with more facts."""
    return replace(model, facts={**model.facts, **facts})
