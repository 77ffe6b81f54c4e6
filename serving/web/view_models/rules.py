"""The analyst's pages: the policy in force, and the models in charge with who let them answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from models.learning.basis import WORDS
from models.policy.grades import GRADES
from models.policy.means_of_payment import MEANS_LABELS
from models.policy.sections.approval import APPROVERS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from models.policy.document import Policy
    from serving.web.words import Words


MEASURES = ("auc", "log_loss", "brier", "calibration_error")
"""Of the test period, as the model's training left them."""


@dataclass(frozen=True, slots=True)
class PolicyView:
    """The policy in force, to read.

    Parameters
    ----------
    by_grade
        A row a rule: its name, then its figure for each of `grades`.
    figures
        Pairs of a rule's name and its figure.
    approvals_heading, approvals
        Approval levels: pairs of the highest amount and its approver, rising.
    text
        The whole file; None where it is not kept.
    """

    version: str
    hash: str
    grades: tuple[str, ...]
    by_grade: tuple[tuple[str, tuple[str, ...]], ...]
    figures: tuple[tuple[str, str], ...]
    approvals_heading: str
    approvals: tuple[tuple[str, str], ...]
    text: str | None


@dataclass(frozen=True, slots=True)
class ChampionView:
    """One model in charge: pairs of a figure's name and the figure."""

    title: str
    figures: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class PromotionView:
    """One entry of the history of promotions."""

    at: str
    target: str
    version: str
    action: str
    who: str
    reason: str


@dataclass(frozen=True, slots=True)
class ModelsView:
    """The models in charge, and how versions came to answer, the newest entry first."""

    champions: tuple[ChampionView, ...]
    history: tuple[PromotionView, ...]


def policy_view(policy: Policy, text: str | None, w: Words) -> PolicyView:
    """Make the view of a policy."""
    worst = w("policy.above")
    terms, bears = policy.terms, policy.capacity
    by_grade = (
        ("pd", [w.share(policy.pd_grades[g], 2) if g in policy.pd_grades else worst for g in GRADES]),
        ("net_worth", [w.share(bears.net_worth_share[g], 0) for g in GRADES]),
        ("turnover", [w.share(bears.turnover_share[g], 0) for g in GRADES]),
        ("no_accounts", [w.eur(bears.no_accounts_eur[g]) for g in GRADES]),
        ("days", [w.days(terms.max_days[g]) for g in GRADES]),
        ("deposit", [w.share(terms.deposit_share[g], 0) for g in GRADES]),
        ("means", [w.either(*MEANS_LABELS[terms.means_of_payment[g]]) for g in GRADES]),
        ("validity", [w.days(policy.limit.validity_days[g]) for g in GRADES]),
        ("review", [w.days(policy.review.every_days[g]) for g in GRADES]),
    )
    figures = (
        ("budget", w.eur(policy.expected_loss.budget_eur)),
        ("lgd", w.share(policy.expected_loss.lgd_share, 0)),
        ("overdue", w.days(policy.stops.max_overdue_days)),
        ("step", w.eur(policy.limit.step_eur)),
        ("confidence", w(f"confidence.{policy.decision.minimum_confidence}")),
        ("margin", w.share(policy.value.margin_share, 0)),
        *_limit_use(policy, w),
    )
    return PolicyView(
        policy.version,
        policy.hash,
        GRADES,
        tuple((w(f"policy.{name}"), tuple(row)) for name, row in by_grade),
        tuple((w(f"policy.{name}"), figure) for name, figure in figures),
        w("policy.approvals_of_exposure" if policy.unapproved_limit_eur is None else "policy.approvals"),
        tuple((w.eur(level.up_to_eur), w.either(*APPROVERS[level.role])) for level in policy.approval.levels),
        text,
    )


def _limit_use(policy: Policy, w: Words) -> list[tuple[str, str]]:
    """Describe what uses a limit, up to which amount it needs no approval, and what may exceed it."""
    rules, stands_eur = policy.decision, policy.unapproved_limit_eur
    counted = [w(f"policy.{name}") for name, counts in policy.exposure if counts]
    tolerance = w(f"policy.{rules.within_tolerance}", share=w.share(rules.tolerance_share, 0))
    return [
        *([] if stands_eur is None else [("unapproved", w.eur(stands_eur))]),
        ("counts", ", ".join(counted)),
        ("tolerance", tolerance),
        ("de_minimis", w.eur(rules.de_minimis_eur)),
    ]


def models_view(document: Mapping[str, Any], w: Words) -> ModelsView:
    """Make the view of `serving.usecases.champions.models_document`."""
    return ModelsView(
        tuple(_champion(one, w) for one in document["champions"]),
        tuple(
            PromotionView(
                w.moment(one["at"]),
                _target(one["target"], w),
                f"{one['version']} · {one['model_version']}",
                w(f"action.{one['action']}"),
                one["who"] if one["second"] is None else f"{one['who']}, {one['second']}",
                one["reason"],
            )
            for one in document["history"]
        ),
    )


def _champion(one: Mapping[str, Any], w: Words) -> ChampionView:
    """Tell what is known; measures of a model that was trained without a test are left out."""
    measures: Mapping[str, float] = one["test_metrics"]
    figures = [
        (w("models.version"), one["model_version"]),
        (w("models.basis"), w.either(*WORDS[one["rests_on"]])),
        *([] if one["rows"] is None else [(w("models.rows"), w.number(one["rows"]))]),
        *([] if one["bad_share"] is None else [(w("models.bad_share"), w.share(one["bad_share"]))]),
        (w("models.features"), w.number(one["features"])),
        *((w(f"models.{name}"), w.number(measures[name], 3)) for name in MEASURES if name in measures),
    ]
    return ChampionView(_target(one["target"], w), tuple(figures))


def _target(target: str, w: Words) -> str:
    return w("probability.default" if target.startswith("default") else "probability.late")
