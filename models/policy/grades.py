"""The codes of the two scales: five grades of default risk, five habits of payment, the best first."""

from typing import Final

GRADES: Final = ("A", "B", "C", "D", "E")
PAYER_GRADES: Final = ("very_good", "good", "average", "poor", "very_poor")
