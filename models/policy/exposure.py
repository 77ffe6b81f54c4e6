"""Which documents use a customer's limit.

Owns the section `[exposure]` of the policy and the sum by which documents become an exposure. What an order
adds to it is `models.policy.order`'s.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, fields
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


@dataclass(frozen=True, slots=True)
class Commitments:
    """What a customer has on order beside its open invoices, in euros incl. VAT, from 0.

    The ledger holds invoices and payments; whoever takes the order knows the rest. The order asked about is
    not part of it.

    Parameters
    ----------
    delivered_not_invoiced_eur, ordered_not_delivered_eur
        Of earlier orders.
    deposits_eur
        Deposits received for them that are on no invoice yet.
    """

    delivered_not_invoiced_eur: float = 0.0
    ordered_not_delivered_eur: float = 0.0
    deposits_eur: float = 0.0

    def faults(self, most_eur: float) -> list[str]:
        """Return what is wrong with them, by name; each lies from 0 to `most_eur`."""
        values = ((field.name, getattr(self, field.name)) for field in fields(self))
        return [
            f"{name} is {value!r}; from 0 to {most_eur:,.10g} is allowed"
            for name, value in values
            if not (math.isfinite(value) and 0.0 <= value <= most_eur)
        ]


NO_COMMITMENTS = Commitments()


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


def exposure_eur(open_eur: float, commitments: Commitments, rules: ExposureRules) -> float:
    """Return how much of its limit a customer uses: open invoices and counted orders, less their deposits.

    A deposit pays the orders it was made for and no invoice; money on account pays no order.

    Parameters
    ----------
    open_eur
        Open invoices less payments, in euros; negative where more was paid than owed.

    Examples
    --------
    >>> every = ExposureRules(True, True, True, True)
    >>> exposure_eur(1_000.0, Commitments(200.0, 500.0, 300.0), every)
    1400.0
    >>> exposure_eur(1_000.0, Commitments(200.0, 500.0, 300.0), OPEN_INVOICES_ALONE)
    1000.0
    """
    invoices = max(round(open_eur * 100), 0) if rules.open_invoices else 0
    delivered = round(commitments.delivered_not_invoiced_eur * 100) if rules.delivered_not_invoiced else 0
    ordered = round(commitments.ordered_not_delivered_eur * 100) if rules.ordered_not_delivered else 0
    deposits = round(commitments.deposits_eur * 100) if rules.deposits else 0
    return (invoices + max(delivered + ordered - deposits, 0)) / 100
