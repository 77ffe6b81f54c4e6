"""The two scales: five grades of default risk and five payer grades, the best first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

GRADES: Final = ("A", "B", "C", "D", "E")
PAYER_GRADES: Final = ("very_good", "good", "average", "poor", "very_poor")


@dataclass(frozen=True, slots=True)
class PayerGrade:
    """One of five habits of payment, from the best (rank 1) to the worst (rank 5)."""

    code: str
    rank: int
    label_fr: str
    label_en: str


PAYERS: Final[dict[str, PayerGrade]] = {
    code: PayerGrade(code, rank, label_fr, label_en)
    for rank, (code, label_fr, label_en) in enumerate(
        zip(
            PAYER_GRADES,
            ("très bon payeur", "bon payeur", "payeur moyen", "mauvais payeur", "très mauvais payeur"),
            ("very good payer", "good payer", "average payer", "poor payer", "very poor payer"),
            strict=True,
        ),
        start=1,
    )
}
