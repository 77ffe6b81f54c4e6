"""Which changes from one night to the next somebody is told of, and how urgent they are.

Owns the section `[alerts]` of the policy. Which changes there are, and why, is `pipelines.nightly.alerts`'.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from models.policy.reading import PolicyReader

Severity = Literal["high", "medium", "low"]
SEVERITIES: tuple[Severity, ...] = ("high", "medium", "low")


@dataclass(frozen=True, slots=True)
class AlertRules:
    """From which size on a change is told.

    Parameters
    ----------
    pd_ratio, pd_points
        A probability of default is told when it is so many times what it was, or the inverse, and moved by
        at least so many points, as a share.
    late_points
        A probability of late payment is told when it moved by at least this much, as a share.
    limit_share
        A limit is told when it moved by at least this share of the larger of both.
    overdue_days
        An invoice is overdue for long from so many days on.
    high_notches
        A fall by so many grades is of high severity.
    """

    pd_ratio: float
    pd_points: float
    late_points: float
    limit_share: float
    overdue_days: int
    high_notches: int


def read_alerts(reader: PolicyReader) -> AlertRules:
    """Read the section `[alerts]`."""
    return AlertRules(
        pd_ratio=reader.number("alerts.pd_ratio", 1.0, 100.0, above_low=True),
        pd_points=reader.number("alerts.pd_points", 0.0, 1.0),
        late_points=reader.number("alerts.late_points", 0.0, 1.0, above_low=True),
        limit_share=reader.number("alerts.limit_share", 0.0, 1.0, above_low=True),
        overdue_days=reader.whole("alerts.overdue_days", 1, 3650),
        high_notches=reader.whole("alerts.high_notches", 1, 4),
    )


def pd_moved(before: float, after: float, rules: AlertRules) -> bool:
    """Tell whether a probability of default moved enough, by ratio and by points.

    Examples
    --------
    >>> rules = AlertRules(1.5, 0.005, 0.15, 0.2, 60, 2)
    >>> pd_moved(0.01, 0.02, rules), pd_moved(0.001, 0.004, rules), pd_moved(0.10, 0.11, rules)
    (True, False, False)
    """
    low, high = sorted((before, after))
    return high - low >= rules.pd_points and high >= low * rules.pd_ratio and high > low


def late_moved(before: float, after: float, rules: AlertRules) -> bool:
    """Tell whether a probability of late payment moved enough."""
    return abs(after - before) >= rules.late_points


def limit_moved(before_eur: float, after_eur: float, rules: AlertRules) -> bool:
    """Tell whether a limit moved enough; to or from 0 always is."""
    moved = abs(after_eur - before_eur)
    return moved > 0 and moved >= rules.limit_share * max(before_eur, after_eur)
