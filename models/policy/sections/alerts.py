"""The section `[alerts]`: which changes from one night to the next are reported, and how urgent they are."""

from typing import Annotated, Literal

from pydantic import Field

from models.policy.sections.fields import PolicySection, PositiveShare, Share

Severity = Literal["high", "medium", "low"]
SEVERITIES: tuple[Severity, ...] = ("high", "medium", "low")


class AlertRules(PolicySection):
    """Thresholds from which a change is reported.

    Parameters
    ----------
    pd_ratio, pd_points
        A probability of default is reported when it is so many times what it was, or the inverse, and moved
        by at least so many points, as a share.
    late_points
        A probability of late payment is reported when it moved by at least this much, as a share.
    limit_share
        A limit is reported when it moved by at least this share of the larger of both.
    overdue_days
        An invoice is overdue for long from so many days on.
    high_notches
        A fall by so many grades is of high severity.
    grade_band
        Share of a bound between two grades within which a probability of default changes the grade without
        an alert; 0 in policies of an earlier version.
    """

    pd_ratio: Annotated[float, Field(gt=1, le=100)]
    pd_points: Share
    late_points: PositiveShare
    limit_share: PositiveShare
    overdue_days: Annotated[int, Field(ge=1, le=3650)]
    high_notches: Annotated[int, Field(ge=1, le=4)]
    grade_band: Annotated[float, Field(ge=0, le=0.5)] = 0.0

    def pd_moved(self, before: float, after: float) -> bool:
        """Return whether a probability of default moved enough, by ratio and by points.

        Examples
        --------
        >>> from models.policy.document import load_policy
        >>> rules = load_policy().alerts
        >>> rules.pd_moved(0.01, 0.02), rules.pd_moved(0.001, 0.004), rules.pd_moved(0.10, 0.11)
        (True, False, False)
        """
        low, high = sorted((before, after))
        return high - low >= self.pd_points and high >= low * self.pd_ratio and high > low

    def late_moved(self, before: float, after: float) -> bool:
        """Return whether a probability of late payment moved enough."""
        return abs(after - before) >= self.late_points

    def limit_moved(self, before_eur: float, after_eur: float) -> bool:
        """Return whether a limit moved enough; to or from 0 always is."""
        moved = abs(after_eur - before_eur)
        return moved > 0 and moved >= self.limit_share * max(before_eur, after_eur)
