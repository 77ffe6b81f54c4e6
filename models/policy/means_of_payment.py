"""The means of payment, from the least safe to the safest for the seller, and their names."""

from __future__ import annotations

from typing import Final

MEANS_LABELS: Final[dict[str, tuple[str, str]]] = {
    "transfer": ("virement à l'échéance", "bank transfer when due"),
    "direct_debit": ("prélèvement à l'échéance", "direct debit when due"),
    "bill_of_exchange": ("lettre de change relevé (LCR)", "bill of exchange"),
    "guarantee": ("virement, avec caution ou garantie", "bank transfer, with a surety or guarantee"),
    "prepayment": ("paiement avant livraison", "payment before delivery"),
}
"""French and English names of the means of payment."""

MEANS_OF_PAYMENT: Final = tuple(MEANS_LABELS)
"""Their codes, the safest last."""
