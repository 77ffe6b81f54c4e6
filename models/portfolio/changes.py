"""Changes of a customer between two nightly runs: figures, severity and cause.

Owns the comparison of two sets of figures and the attribution of a change. `pipelines.nightly.alerts`
computes the intermediate figures (old data under the new policy, old data with the new models).
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any, Literal, get_args

from models.law.insolvency_words import notice_of
from models.policy.grades import GRADES

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from models.law.insolvency_words import InsolvencyNotice
    from models.policy.credit_case import CreditCase
    from models.policy.sections.alerts import AlertRules, Severity

ChangeKind = Literal[
    "proceeding",
    "declare_claim",
    "unread_judgment",
    "plan",
    "grade",
    "limit",
    "probability",
    "over_limit",
    "long_overdue",
    "cover_ended",
]
KINDS: tuple[ChangeKind, ...] = get_args(ChangeKind)
ChangeCause = Literal["data", "model", "policy"]
CAUSES: tuple[ChangeCause, ...] = ("data", "model", "policy")
_LEGAL = frozenset({"proceeding", "declare_claim", "unread_judgment", "plan"})
_EVENTS = _LEGAL | {"long_overdue", "cover_ended"}
"""Changes that only the data can cause."""


@dataclass(frozen=True, slots=True)
class ComparedFigures:
    """Figures of one nightly assessment that are compared, amounts in euros.

    Parameters
    ----------
    insolvency
        Insolvency status, with its wording; None without a judgment, or in figures of an earlier version.
    days_to_declare
        Days left to declare a claim, below 0 after the deadline; None where no proceeding is open.
    announced_grade
        Grade of `models.policy.bands.announced_grade`, whose change is reported; the grade itself if None.
    """

    pd_12m: float
    p_late30: float
    grade: str
    limit_eur: float
    open_eur: float
    oldest_overdue_days: float
    open_proceeding: bool
    covered_eur: float
    insolvency: InsolvencyNotice | None = None
    days_to_declare: int | None = None
    announced_grade: str | None = None

    @property
    def reported_grade(self) -> str:
        """Return the grade whose change is reported."""
        return self.announced_grade or self.grade

    @property
    def unread_on(self) -> dt.date | None:
        """Date of the newest judgment to be read by a person, None without one."""
        return None if self.insolvency is None else self.insolvency.unread_on

    @property
    def has_plan(self) -> bool:
        """Whether a plan is running."""
        return self.insolvency is not None and self.insolvency.stage == "plan"

    def document(self) -> dict[str, Any]:
        """Return the figures as plain JSON values; no probability of default in an open proceeding."""
        figures = asdict(replace(self, insolvency=None))
        del figures["insolvency"]
        declare_by, unread_on = self.insolvency and self.insolvency.declare_by, self.unread_on
        return {
            **figures,
            "pd_12m": None if self.open_proceeding else self.pd_12m,
            "declare_by": declare_by and declare_by.isoformat(),
            "unread_on": unread_on and unread_on.isoformat(),
            "plan": self.has_plan,
        }


@dataclass(frozen=True, slots=True)
class Effect:
    """Attribution of one figure's change; the parts sum to the whole.

    Parameters
    ----------
    data, model, policy
        Parts due to the customer's new data, another model and another policy.
    """

    data: float
    model: float
    policy: float

    @property
    def whole(self) -> float:
        """Return the total change."""
        return self.data + self.model + self.policy

    def main(self) -> ChangeCause:
        """Return the cause with the largest part; the data in a tie."""
        return max(CAUSES, key=lambda cause: (abs(getattr(self, cause)), -CAUSES.index(cause)))


MEASURES = ("pd_12m", "p_late30", "limit_eur", "grade", "open_eur")


def figures_of(
    case: CreditCase, p_late30: float, grade: str, limit_eur: float, declare_within_months: int
) -> ComparedFigures:
    """Return the compared figures of a case and its assessment.

    Parameters
    ----------
    declare_within_months
        Months after the publication of an opening within which a claim must be declared.
    """
    found = case.insolvency
    notice = None if found is None else notice_of(found, case.as_of, declare_within_months)
    declare_by = None if notice is None else notice.declare_by
    return ComparedFigures(
        pd_12m=case.pd_12m,
        p_late30=p_late30,
        grade=grade,
        limit_eur=limit_eur,
        open_eur=case.open_eur,
        oldest_overdue_days=case.oldest_overdue_days,
        open_proceeding=case.open_proceeding,
        covered_eur=round(case.insured_limit_eur * case.covered_share, 2),
        insolvency=notice,
        days_to_declare=None if declare_by is None else (declare_by - case.as_of).days,
    )


def kinds_of(
    before: ComparedFigures, after: ComparedFigures, rules: AlertRules, warn_days: int
) -> tuple[ChangeKind, ...]:
    """Return the changes to report, in the order of `KINDS`; none where nothing moved enough.

    Parameters
    ----------
    warn_days
        Number of days before the deadline to declare a claim at which it is reported, once.
    """
    occurred: dict[ChangeKind, bool] = {
        "proceeding": after.open_proceeding and (not before.open_proceeding or _is_converted(before, after)),
        "declare_claim": _is_to_declare(after, warn_days) and not _is_to_declare(before, warn_days),
        "unread_judgment": after.unread_on is not None and after.unread_on != before.unread_on,
        "plan": after.has_plan and not before.has_plan,
        "grade": after.reported_grade != before.reported_grade,
        "limit": rules.limit_moved(before.limit_eur, after.limit_eur),
        "probability": not after.open_proceeding
        and (
            (not before.open_proceeding and rules.pd_moved(before.pd_12m, after.pd_12m))
            or rules.late_moved(before.p_late30, after.p_late30)
        ),
        "over_limit": _over(after) and not _over(before),
        "long_overdue": before.oldest_overdue_days < rules.overdue_days <= after.oldest_overdue_days,
        "cover_ended": before.covered_eur > 0 >= after.covered_eur,
    }
    return tuple(kind for kind in KINDS if occurred[kind])


def severity_of(
    before: ComparedFigures, after: ComparedFigures, kinds: tuple[ChangeKind, ...], rules: AlertRules
) -> Severity:
    """Return the severity of a change.

    High: a new proceeding, a claim to declare soon, an unread judgment, a fall by many grades or to the last
    one, a limit that falls to 0. Medium: any other deterioration. Low: an improvement.
    """
    fell = notches(before.reported_grade, after.reported_grade)
    to_last = fell > 0 and after.reported_grade == GRADES[-1]
    to_nothing = "limit" in kinds and after.limit_eur == 0
    is_urgent = not {"proceeding", "declare_claim", "unread_judgment"}.isdisjoint(kinds)
    if is_urgent or fell >= rules.high_notches or to_last or to_nothing:
        return "high"
    worse_limit = "limit" in kinds and after.limit_eur < before.limit_eur
    risen = "probability" in kinds and (
        rules.pd_moved(before.pd_12m, max(after.pd_12m, before.pd_12m))
        or rules.late_moved(before.p_late30, max(after.p_late30, before.p_late30))
    )
    return "medium" if fell > 0 or worse_limit or risen or {*_EVENTS, "over_limit"} & set(kinds) else "low"


def effects_of(
    old: ComparedFigures, under_policy: ComparedFigures, under_models: ComparedFigures, new: ComparedFigures
) -> dict[str, Effect]:
    """Split each figure's change into the effects of policy, model and data, in this order.

    Parameters
    ----------
    old
        Previous run, as reported.
    under_policy
        Previous run under the current policy.
    under_models
        Previous run with the current models, under the current policy.
    new
        Current run.

    Returns
    -------
    dict
        Effects by measure of `MEASURES`; a grade counts in notches, above 0 where it fell.
    """
    steps = (old, under_policy, under_models, new)
    found = {}
    for measure in MEASURES:
        at = [_number(figures, measure) for figures in steps]
        found[measure] = Effect(data=at[3] - at[2], model=at[2] - at[1], policy=at[1] - at[0])
    return found


def cause_of(kinds: tuple[ChangeKind, ...], effects: Mapping[str, Effect]) -> ChangeCause:
    """Return the main cause of a change, judged by the first of its kinds."""
    if kinds[0] in _EVENTS:
        return "data"
    if kinds[0] == "probability":
        largest = max((effects["pd_12m"], effects["p_late30"]), key=lambda effect: abs(effect.whole))
        return largest.main()
    if kinds[0] == "over_limit":
        limit, owed = effects["limit_eur"], effects["open_eur"]
        return Effect(limit.data - owed.whole, limit.model, limit.policy).main()
    if kinds[0] == "grade":
        # Announced later than it changed: the probability has left the band around the bound.
        return (effects["grade"] if effects["grade"].whole else effects["pd_12m"]).main()
    return effects["limit_eur"].main()


def notches(before: str, after: str) -> int:
    """Return the number of grades by which a customer fell, below 0 where it rose."""
    return GRADES.index(after) - GRADES.index(before)


def _is_converted(before: ComparedFigures, after: ComparedFigures) -> bool:
    """Return whether an open proceeding was converted, such as a receivership into a liquidation."""
    kinds = [one.insolvency.kind for one in (before, after) if one.insolvency is not None]
    return len(set(kinds)) > 1


def _is_to_declare(figures: ComparedFigures, warn_days: int) -> bool:
    """Return whether a claim has to be declared within a number of days."""
    left = figures.days_to_declare
    return left is not None and 0 <= left <= warn_days and figures.open_eur > 0


def _over(figures: ComparedFigures) -> bool:
    return figures.open_eur > figures.limit_eur and figures.open_eur > 0


def _number(figures: ComparedFigures, measure: str) -> float:
    value = getattr(figures, measure)
    return float(GRADES.index(value)) if measure == "grade" else float(value)
