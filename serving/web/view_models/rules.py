"""The analyst's pages: the policy in force, and the models in charge with who let them answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from models.policy.approval import APPROVERS
from models.policy.grades import GRADES
from models.policy.terms import MEANS_LABELS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from models.policy.policy import Policy
    from serving.store import Promotion, Run
    from serving.web.words import Words


@dataclass(frozen=True, slots=True)
class PolicyView:
    """The policy in force, to read.

    Parameters
    ----------
    by_grade
        A row a rule: its name, then its figure for each of `grades`.
    figures
        Pairs of a rule's name and its figure.
    approvals
        Pairs of the most that somebody approves and who that is, rising.
    text
        The whole file; None where it is not kept.
    """

    version: str
    hash: str
    grades: tuple[str, ...]
    by_grade: tuple[tuple[str, tuple[str, ...]], ...]
    figures: tuple[tuple[str, str], ...]
    approvals: tuple[tuple[str, str], ...]
    text: str | None


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
    """The models of the published night, and how versions came to answer, the newest entry first."""

    as_of: str
    models: tuple[tuple[str, str], ...]
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
        ("validity", [w.days(policy.validity_days[g]) for g in GRADES]),
        ("review", [w.days(policy.review_days[g]) for g in GRADES]),
    )
    figures = (
        ("budget", w.eur(policy.loss.budget_eur)),
        ("lgd", w.share(policy.loss.lgd_share, 0)),
        ("overdue", w.days(policy.max_overdue_days)),
        ("step", w.eur(policy.step_eur)),
        ("confidence", w(f"confidence.{policy.decision.minimum_confidence}")),
        ("margin", w.share(policy.value.margin_share, 0)),
    )
    return PolicyView(
        policy.version,
        policy.hash,
        GRADES,
        tuple((w(f"policy.{name}"), tuple(row)) for name, row in by_grade),
        tuple((w(f"policy.{name}"), figure) for name, figure in figures),
        tuple((w.eur(level.up_to_eur), w.either(*APPROVERS[level.role])) for level in policy.approval),
        text,
    )


def models_view(run: Run, promotions: Sequence[Promotion], w: Words) -> ModelsView:
    """Make the view of the models in charge.

    Parameters
    ----------
    promotions
        The whole history, the oldest entry first.
    """
    return ModelsView(
        w.day(run.key.as_of),
        (
            (w("probability.late"), run.key.late_model),
            (w("probability.default"), run.key.default_model),
        ),
        tuple(
            PromotionView(
                w.moment(one.at),
                w("probability.default" if one.target.startswith("default") else "probability.late"),
                f"{one.version} · {one.model_version}",
                w(f"action.{one.action}"),
                one.who if one.second is None else f"{one.who}, {one.second}",
                one.reason,
            )
            for one in reversed(promotions)
        ),
    )
