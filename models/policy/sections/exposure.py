"""The section `[exposure]`: which documents use a customer's limit."""

from typing import Final

from models.policy.sections.fields import PolicySection


class ExposureRules(PolicySection):
    """The documents that count as exposure, and whether deposits are deducted.

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


OPEN_INVOICES_ALONE: Final = ExposureRules(
    open_invoices=True, delivered_not_invoiced=False, ordered_not_delivered=False, deposits=False
)
"""What a policy of an earlier version counts, which has no such section."""
