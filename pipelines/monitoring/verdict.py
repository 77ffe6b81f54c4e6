"""Whether retraining is due: every check with its value, its threshold, and a sentence in both languages.

Checks that call for retraining are distinguished from those that only ask for a review. Owns the rules; the
thresholds are in `params.yaml` under `monitor`, the figures come from `drift`, `realised` and `estimate`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipelines.monitoring.words import Unit, figure

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pipelines.monitoring.drift import InputDrift, ScoreDrift
    from pipelines.monitoring.estimate import Expected
    from pipelines.monitoring.realised import Realised
    from pipelines.training.params import MonitorParams

BORNE_MONTHS = 1
"""Two consecutive months with gaps on the same side are not chance: 1 pair in 800 would be."""


@dataclass(frozen=True, slots=True)
class MonitoringRule:
    """Definition of a check.

    Parameters
    ----------
    retrain
        Whether retraining is due where it fires; otherwise a review.
    least
        Whether the threshold is a minimum rather than a maximum.
    """

    code: str
    label_fr: str
    label_en: str
    unit: Unit
    retrain: bool = True
    least: bool = False


SCORES = MonitoringRule("score_drift", "dérive des scores (PSI)", "drift of scores (PSI)", "index")
GAP = MonitoringRule("calibration", "écart prédit – réalisé", "predicted less realised", "points")
MONTHS = MonitoringRule(
    "calibration_months", "mois de suite hors intervalle", "months in a row outside the interval", "months"
)
RANKING = MonitoringRule("auc_lost", "AUC réalisée", "realised AUC", "auc", least=True)
INPUTS = MonitoringRule(
    "input_drift", "part des variables ayant dérivé", "share of inputs that drifted", "share"
)
AGE = MonitoringRule(
    "age", "âge de ce que sait le modèle (jours)", "age of what the model knows (days)", "days"
)
EXPECTED = MonitoringRule(
    "estimated_auc", "AUC estimée sans attendre", "AUC estimated early", "auc", retrain=False, least=True
)
RANGE = MonitoringRule(
    "out_of_range", "valeurs hors contrat", "values outside the contract", "share", retrain=False
)


@dataclass(frozen=True, slots=True)
class MonitoringCheck:
    """One check of one target.

    Parameters
    ----------
    value
        The measured value, in the rule's unit; None where there is too little data.
    bar
        The threshold, in the same unit; None where nothing was measured.
    fired
        Whether the threshold is violated.
    text_fr, text_en
        Text for a person where it fires; empty where it does not.
    """

    rule: MonitoringRule
    target: str
    value: float | None
    bar: float | None
    fired: bool
    text_fr: str = ""
    text_en: str = ""

    @property
    def due(self) -> bool:
        """Whether retraining is due."""
        return self.fired and self.rule.retrain


@dataclass(frozen=True, slots=True)
class TargetFindings:
    """Inputs of the checks, for one target."""

    target: str
    inputs: Sequence[InputDrift]
    scores: ScoreDrift
    realised: Realised | None
    expected: Expected
    age_days: int


def judge(found: TargetFindings, params: MonitorParams) -> tuple[MonitoringCheck, ...]:
    """Run every check on the results, those that call for retraining first."""
    return tuple(_checks(found, params))


def _checks(found: TargetFindings, params: MonitorParams) -> Iterator[MonitoringCheck]:
    yield _scores(found, params)
    yield _gap(found, params)
    yield _months(found, params)
    yield _ranking(found)
    yield _inputs(found, params)
    yield _age(found, params)
    yield _expected(found)
    yield _range(found)


def _check(
    rule: MonitoringRule,
    found: TargetFindings,
    value: float | None,
    bar: float | None,
    fr: str,
    en: str,
    *,
    fired: bool,
) -> MonitoringCheck:
    return MonitoringCheck(rule, found.target, value, bar, fired, fr if fired else "", en if fired else "")


def _scores(found: TargetFindings, params: MonitorParams) -> MonitoringCheck:
    scores, bar = found.scores, max(params.score_psi, found.scores.shift.bar)
    before, now = scores.mean_before, scores.mean_now
    return _check(
        SCORES, found, scores.shift.index, bar,
        f"Les probabilités ne se répartissent plus comme sur la période de test : moyenne "
        f"{figure(before, 'share', 'fr')} alors, {figure(now, 'share', 'fr')} aujourd'hui.",
        f"Probabilities are no longer spread as on the test period: mean "
        f"{figure(before, 'share', 'en')} then, {figure(now, 'share', 'en')} now.",
        fired=scores.shift.index > bar,
    )  # fmt: skip


def _gap(found: TargetFindings, params: MonitorParams) -> MonitoringCheck:
    if found.realised is None:
        return MonitoringCheck(GAP, found.target, None, None, fired=False)
    whole = found.realised.whole
    fired = whole.side(params.gap_share) != 0
    return _check(
        GAP, found, abs(whole.gap), whole.borne(params.gap_share),
        f"Prédit {figure(whole.predicted, 'share', 'fr')}, réalisé {figure(whole.realised, 'share', 'fr')} "
        f"(intervalle {figure(whole.low, 'share', 'fr')} – {figure(whole.high, 'share', 'fr')}) sur "
        f"{figure(whole.rows, 'days', 'fr')} questions.",
        f"Predicted {figure(whole.predicted, 'share', 'en')}, realised "
        f"{figure(whole.realised, 'share', 'en')} (interval {figure(whole.low, 'share', 'en')} to "
        f"{figure(whole.high, 'share', 'en')}) on "
        f"{figure(whole.rows, 'days', 'en')} questions.",
        fired=fired,
    )  # fmt: skip


def _months(found: TargetFindings, params: MonitorParams) -> MonitoringCheck:
    if found.realised is None:
        return MonitoringCheck(MONTHS, found.target, None, None, fired=False)
    run = found.realised.in_a_row(params.gap_share)
    return _check(
        MONTHS, found, run, BORNE_MONTHS,
        f"{run} mois de suite, le prédit sort du même côté de l'intervalle du réalisé.",
        f"For {run} months in a row, what was predicted lies outside the interval on the same side.",
        fired=run > BORNE_MONTHS,
    )  # fmt: skip


def _ranking(found: TargetFindings) -> MonitoringCheck:
    """Compare the realised AUC with the test period's; a difference within both intervals is no loss."""
    realised, expected = found.realised, found.expected
    value = None if realised is None else realised.whole.auc
    if realised is None or value is None or realised.auc_high is None or expected.auc is None:
        return MonitoringCheck(RANKING, found.target, value, None, fired=False)
    bar = expected.auc_low
    fired = bar is not None and value < bar and realised.auc_high < expected.auc
    return _check(
        RANKING, found, value, bar,
        f"Le modèle classe moins bien qu'à l'essai : AUC {figure(value, 'auc', 'fr')}, contre "
        f"{figure(expected.auc, 'auc', 'fr')} sur la période de test.",
        f"The model ranks worse than it did: AUC {figure(value, 'auc', 'en')}, against "
        f"{figure(expected.auc, 'auc', 'en')} on the test period.",
        fired=fired,
    )  # fmt: skip


def _inputs(found: TargetFindings, params: MonitorParams) -> MonitoringCheck:
    moved = [one for one in found.inputs if one.drifted(params.drift_psi)]
    share = len(moved) / len(found.inputs)
    return _check(
        INPUTS, found, share, params.drifted_share,
        f"{len(moved)} variables sur {len(found.inputs)} ont dérivé, d'abord : "
        + ", ".join(one.label_fr for one in moved[:3]) + ".",
        f"{len(moved)} of {len(found.inputs)} inputs have drifted, first: "
        + ", ".join(one.label_en for one in moved[:3]) + ".",
        fired=share > params.drifted_share,
    )  # fmt: skip


def _age(found: TargetFindings, params: MonitorParams) -> MonitoringCheck:
    return _check(
        AGE, found, found.age_days, params.age_days,
        f"Ce que sait le modèle s'arrête il y a {found.age_days} jours.",
        f"What the model knows ends {found.age_days} days ago.",
        fired=found.age_days > params.age_days,
    )  # fmt: skip


def _expected(found: TargetFindings) -> MonitoringCheck:
    value, bar = found.expected.now.auc, found.expected.auc_floor
    fired = value is not None and bar is not None and value < bar
    return _check(
        EXPECTED, found, value, bar,
        "Les questions d'aujourd'hui sont plus difficiles à départager : l'AUC estimée passe sous "
        "l'intervalle de la période de test.",
        "Today's questions are harder to tell apart: the estimated AUC is below the interval of the test "
        "period.",
        fired=fired,
    )  # fmt: skip


def _range(found: TargetFindings) -> MonitoringCheck:
    outside = sorted((one for one in found.inputs if one.outside_now), key=lambda one: -one.outside_now)
    return _check(
        RANGE, found, outside[0].outside_now if outside else 0.0, 0.0,
        "Des valeurs sortent du contrat des variables : " + ", ".join(o.label_fr for o in outside[:3]) + ".",
        "Values lie outside the feature contract: " + ", ".join(o.label_en for o in outside[:3]) + ".",
        fired=bool(outside),
    )  # fmt: skip
