"""Export of a policy comparison: all changes as CSV for a spreadsheet, or everything as JSON.

Owns both formats. The CSV uses semicolons, as a French spreadsheet expects, and no cell starts with a
character that a spreadsheet would interpret as a formula.
"""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING

from models.errors import CreditError

if TYPE_CHECKING:
    from pathlib import Path

    from models.portfolio.policy_comparison import PolicyComparison

SUFFIXES = (".csv", ".json")
COLUMNS = (
    "customer_id",
    "name",
    "open_eur",
    "grade_before",
    "grade_after",
    "limit_before_eur",
    "limit_after_eur",
    "binding_before",
    "binding_after",
    "expected_loss_before_eur",
    "expected_loss_after_eur",
    "explained_by",
)


def check_name(path: Path) -> None:
    """Check a file's extension before anything is computed.

    Raises
    ------
    CreditError
        The name ends neither with .csv nor with .json.
    """
    if path.suffix.lower() not in SUFFIXES:
        raise CreditError(f"--out is {str(path)!r}; a name that ends with {' or '.join(SUFFIXES)} is allowed")


def write(found: PolicyComparison, path: Path) -> None:
    """Write a comparison in the format of the file's extension."""
    check_name(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix.lower() == ".json":
        text = json.dumps(found.document(), ensure_ascii=False, allow_nan=False, indent=1)
        path.write_text(text + "\n", encoding="utf-8")
        return
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        sheet = csv.writer(file, delimiter=";")
        sheet.writerow(COLUMNS)
        for one in found.changes:
            before, after = one.before, one.after
            sheet.writerow(
                [
                    _harmless(one.customer_id),
                    _harmless(one.name or ""),
                    f"{one.open_eur:.2f}",
                    before.grade,
                    after.grade,
                    f"{before.limit_eur:.2f}",
                    f"{after.limit_eur:.2f}",
                    before.binding,
                    after.binding,
                    f"{before.expected_loss_eur:.2f}",
                    f"{after.expected_loss_eur:.2f}",
                    one.explained_by or "",
                ]
            )


def _harmless(text: str) -> str:
    """Prefix text that a spreadsheet would interpret as a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
