"""Exposure of a customer: open invoices and ongoing orders, as far as the policy counts them.

Owns the section `[exposure]` of the policy and the sum by which documents become an exposure. What an order
adds to it is `models.policy.decision.order`'s.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from models.policy.sections.exposure import ExposureRules


@dataclass(frozen=True, slots=True)
class Commitments:
    """Ongoing orders of a customer, in euros incl. VAT, from 0.

    The ledger holds invoices and payments; the caller knows the rest. The order to decide on is
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
        """Return the faults by field name; each amount lies from 0 to `most_eur`."""
        values = ((field.name, getattr(self, field.name)) for field in fields(self))
        return [
            f"{name} is {value!r}; from 0 to {most_eur:,.10g} is allowed"
            for name, value in values
            if not (math.isfinite(value) and 0.0 <= value <= most_eur)
        ]


NO_COMMITMENTS = Commitments()


def exposure_eur(open_eur: float, commitments: Commitments, rules: ExposureRules) -> float:
    """Return the exposure: open invoices and counted orders, less their deposits.

    A deposit pays the orders it was made for and no invoice; money on account pays no order.

    Parameters
    ----------
    open_eur
        Open invoices less payments, in euros; negative where more was paid than owed.

    Examples
    --------
    >>> from models.policy.document import load_policy
    >>> from models.policy.sections.exposure import OPEN_INVOICES_ALONE
    >>> every = load_policy().exposure
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
