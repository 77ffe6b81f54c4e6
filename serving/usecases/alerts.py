"""Alerts of the published night: which to list, and who saw them and whose they are.

Owns the choice of alerts and their JSON form; `serving.usecases.lists` shows them and enters that in the log.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from serving.store import AlertFollowUp
from serving.usecases.customer_file import alert_document
from serving.usecases.limit_usage import usage_of_alert

if TYPE_CHECKING:
    from collections.abc import Mapping

    from models.policy.overrides import InForce
    from serving.store import AlertRow, ListPage, Run, Store


@dataclass(frozen=True, slots=True)
class AlertFilter:
    """Which alerts to list; all of them without a restriction.

    Parameters
    ----------
    seen
        Whether somebody reviewed the customer since the night was published.
    """

    severity: str | None = None
    cause: str | None = None
    seen: bool | None = None

    def page(self, store: Store, run: Run, limit: int, offset: int) -> ListPage[AlertRow]:
        """Return a page of a run's alerts."""
        return store.alerts(self.severity, self.cause, limit, offset, run.run_id, seen=self.seen)


@dataclass(frozen=True, slots=True, eq=False)
class ShownAlerts:
    """A page of the alerts of one run.

    Parameters
    ----------
    made
        What persons decided about the customers, by customer.
    followed
        Who saw the alerts and whose they are, by customer.
    """

    run: Run
    page: ListPage[AlertRow]
    made: Mapping[str, InForce]
    followed: Mapping[str, AlertFollowUp]

    def followed_up(self, row: AlertRow) -> AlertFollowUp:
        """Return what was done about an alert."""
        return self.followed.get(row.customer_id, AlertFollowUp())


def listed_alert(row: AlertRow, shown: ShownAlerts) -> dict[str, Any]:
    """Return an alert as plain JSON values, with what was done about it."""
    own, standing = alert_document(row), usage_of_alert(row, shown.made)
    return {**own, **shown.followed_up(row).document(), **standing.document()}
