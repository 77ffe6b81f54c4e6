"""The evaluation of a trained target, as one document of JSON values.

Computed once, at training; pages and model card are rendered from the document alone. Owns the sequence of
evaluations and the document's structure; each figure is computed in its own module.
"""

from __future__ import annotations

import math
from dataclasses import fields, is_dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import numpy as np

from pipelines.training.bootstrap import Draws
from pipelines.training.comparison import ScoredRows
from pipelines.training.findings import (
    calibration,
    days_late,
    discrimination,
    drift,
    leakage,
    monotonicity,
    population,
    reasons,
    single_features,
    verdict,
    what_if,
    worth,
)
from pipelines.training.stability import LARGE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from models.arrays import Floats
    from pipelines.training.challenger import Challenger
    from pipelines.training.findings.material import Material

FORMAT = 1
LIBRARIES = ("lightgbm", "numpy", "pandas", "scikit-learn")
"""Libraries whose versions predictions depend on."""
SHIFTS = 15
"""Number of most drifted features to list."""
SINGLES = 10
"""Number of most informative single features to list."""


def evaluate_model(material: Material) -> dict[str, Any]:
    """Run all evaluations; results without enough rows are None.

    Returns
    -------
    JSON values only: non-finite figures are None.
    """
    sections = _leaks(material) | _quality(material) | _model(material)
    items = _items(material, sections)
    euros = worth.in_euros(material.plan.target, material.test, material.answers, material.policy)
    document = {
        "format": FORMAT,
        "verdict": verdict.outcome(items),
        "checks": items,
        "population": population.describe(material.rows),
        "tested": population.describe(material.test),
        "by_customer": material.plan.by_customer,
        **sections,
        "shifts": sections["shifts"][:SHIFTS],
        "singles": sections["singles"][:SINGLES],
        "peek": material.peek,
        "euros": euros,
        "scorecard": _scorecard(material.challenger),
        "policy": {"version": material.policy.version, "hash": material.policy.hash},
        "libraries": {name: version(name) for name in LIBRARIES},
        "features": {
            feature.name: {
                "fr": feature.label_fr,
                "en": feature.label_en,
                "unit": feature.unit,
                "sign": feature.sign,
            }
            for feature in material.features
        },
    }
    values: dict[str, Any] = plain(document)
    return values


def plain(value: Any) -> Any:  # noqa: ANN401  # JSON values of any kind
    """Convert a value to JSON values: dataclasses include their properties, non-finite figures are None."""
    if is_dataclass(value) and not isinstance(value, type):
        attributes = {one.name: getattr(value, one.name) for one in fields(value)}
        judged = [name for name, one in vars(type(value)).items() if isinstance(one, property)]
        return plain({**attributes, **{name: getattr(value, name) for name in judged}})
    if isinstance(value, dict):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    if isinstance(value, np.generic):
        return plain(value.item())
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _leaks(material: Material) -> dict[str, Any]:
    plan, rows = material.plan, material.rows
    trial = leakage.Trial(
        material.features, plan.trees, material.fitted.split.test, plan.by_customer, material.seed
    )
    return {
        "shuffled": leakage.shuffled_labels(rows, trial),
        "coins": leakage.tossed_coins(rows, trial),
        "seen": leakage.seen_before(rows, trial, material.answers["probability"]),
        "singles": single_features.single_features(rows.frame, rows.label, material.seed),
    }


def _quality(material: Material) -> dict[str, Any]:
    test, answers = material.test, material.answers
    probability = answers["probability"]
    draws = Draws.of(test.owner, discrimination.DRAWS, material.seed)
    quantiles = days_late.answers_in_days(answers)
    groups = calibration.by_group(test, probability)
    return {
        "discrimination": discrimination.discriminate(test.label, probability, draws),
        "roc": discrimination.roc(test.label, probability),
        **_beside(test.label, probability, answers.get("scorecard"), draws),
        "precision_recall": discrimination.precision_recall(test.label, probability),
        "scores": discrimination.score_distribution(test.label, probability),
        "days_late": None if quantiles is None else days_late.days_late(test, quantiles, material.seed),
        "calibration": calibration.overall(test, probability),
        "tenths": calibration.by_tenth(test, probability),
        "groups": groups,
        "surely_outside": calibration.surely_outside(groups, test, probability, "history"),
    }


def _beside(label: Floats, ours: Floats, theirs: Floats | None, draws: Draws) -> dict[str, Any]:
    """Evaluate the scorecard on the same draws; None without one."""
    if theirs is None:
        return dict.fromkeys(("scorecard_discrimination", "gained", "scorecard_roc"))
    return {
        "scorecard_discrimination": discrimination.discriminate(label, theirs, draws),
        "gained": discrimination.auc_gained(label, ours, theirs, draws),
        "scorecard_roc": discrimination.roc(label, theirs),
    }


def _model(material: Material) -> dict[str, Any]:
    """Evaluate stability of the tested model, signs and what-ifs of the final one, and reasons of both."""
    fitted, test, features = material.fitted, material.test, material.features
    before = material.rows.take(fitted.split.calibrate)
    answered = (fitted.tested.probability(side.frame) for side in (before, test))
    final = fitted.kept
    return {
        "score_shift": drift.score_shift(before, test, *answered),
        "shifts": drift.feature_shifts(material.rows.take(~fitted.split.test), test, features, material.seed),
        "reasons": reasons.find_reasons(fitted.tested, final, test.frame, features, material.seed),
        "monotonicity": monotonicity.count_violations(
            final.additive.margin,
            final.matrix(test.frame),
            features,
            material.seed,
        ),
        "cases": what_if.vary_inputs(final, test, material.answers["probability"], features),
    }


def _items(material: Material, found: Mapping[str, Any]) -> tuple[verdict.Item, ...]:
    measured = found["discrimination"]
    asked = ScoredRows(material.test, material.answers["probability"])
    late = material.plan.target.startswith("late")
    return verdict.gather(
        verdict.lottery("shuffled", found["shuffled"]),
        verdict.lottery("coins", found["coins"]),
        verdict.future(material.peek),
        verdict.too_good(found["singles"], single_features.TOO_GOOD),
        [] if material.plan.by_customer else verdict.seen(found["seen"], measured and measured.auc),
        verdict.signs(found["monotonicity"]),
        verdict.floors(material.plan.target, asked, material.policy, material.seed),
        verdict.cold_start(found["surely_outside"]),
        verdict.coverage(found["days_late"]) if late else [],
        verdict.stable_score(found["score_shift"], LARGE),
        verdict.stable_features(found["shifts"]),
        verdict.scorecard(found["gained"]),
    )


def _scorecard(challenger: Challenger) -> dict[str, Any]:
    """Return the scorecard's table, one line per bin, or the reason for its absence."""
    if challenger.card is None:
        return {"version": None, "lines": [], "refusal": challenger.refusal}
    table = challenger.card.table()
    columns = ["feature", "label_fr", "label_en", "bin_fr", "bin_en", "rows", "bad_share", "points"]
    return {
        "version": challenger.card.version,
        "lines": table[columns].to_dict("records"),
        "refusal": "",
    }
