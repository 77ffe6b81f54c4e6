"""Lines of lists as they go out over the API: what the night published, and where each customer stands.

Owns putting the two together; the lines are the store's, where a customer stands is
`serving.usecases.limit_usage`'.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from serving.usecases.customer_file import alert_document, worklist_document
from serving.usecases.limit_usage import usage_of_alert, usage_of_exposure, usage_of_line

if TYPE_CHECKING:
    from collections.abc import Mapping

    from models.policy.overrides import InForce
    from serving.store import AlertRow, CustomerSummary, WorklistEntry


def listed_customer(line: CustomerSummary, made: Mapping[str, InForce]) -> dict[str, Any]:
    """Return a line of the list of customers as plain JSON values."""
    return {**asdict(line), **usage_of_line(line, made).document()}


def listed_chase(one: WorklistEntry, made: Mapping[str, InForce]) -> dict[str, Any]:
    """Return a line of the worklist as plain JSON values, with what its customer owes in all."""
    standing = usage_of_line(one.summary, made)
    return {**worklist_document(one.row), "open_eur": standing.open_eur, **standing.document()}


def listed_alert(row: AlertRow, made: Mapping[str, InForce]) -> dict[str, Any]:
    """Return an alert as plain JSON values."""
    return {**alert_document(row), **usage_of_alert(row, made).document()}


def listed_exposure(line: Mapping[str, Any], made: Mapping[str, InForce]) -> dict[str, Any]:
    """Return one of the largest exposures of a published portfolio as plain JSON values."""
    return {**line, **usage_of_exposure(line, made).document()}
