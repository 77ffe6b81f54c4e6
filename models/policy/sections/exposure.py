"""The section `[exposure]`: which documents use a customer's limit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from models.policy.reading import PolicyReader


@dataclass(frozen=True, slots=True)
class ExposureRules:
    """Which documents use the limit, and whether deposits are taken off.

    Parameters
    ----------
    open_invoices
        Invoices that are not paid.
    delivered_not_invoiced, ordered_not_delivered
        What was delivered and is not invoiced yet; what was ordered and is not delivered yet.
    deposits
        Whether deposits received for such orders are taken off.
    """

    open_invoices: bool
    delivered_not_invoiced: bool
    ordered_not_delivered: bool
    deposits: bool


OPEN_INVOICES_ALONE = ExposureRules(
    open_invoices=True, delivered_not_invoiced=False, ordered_not_delivered=False, deposits=False
)
"""What a policy without the section counts."""


def read_exposure(reader: PolicyReader) -> ExposureRules:
    """Read the section `[exposure]`; without it open invoices alone use the limit."""
    if not reader.has("exposure"):
        return OPEN_INVOICES_ALONE
    return ExposureRules(
        open_invoices=reader.flag("exposure.open_invoices"),
        delivered_not_invoiced=reader.flag("exposure.delivered_not_invoiced"),
        ordered_not_delivered=reader.flag("exposure.ordered_not_delivered"),
        deposits=reader.flag("exposure.deposits"),
    )
