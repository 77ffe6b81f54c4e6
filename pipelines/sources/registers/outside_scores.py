"""Import of external scores: a plain CSV of company, scale, score and date.

Columns: siren or customer_id, scale, score, scored_on, and optionally source. A score is checked against its
scale and stored as given.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from models.errors import LedgerError
from models.ledger.files import read_ledger
from models.ledger.ledger import conform, merge
from models.ledger.outside_scores import scales
from models.ledger.tables import OUTSIDE_SCORES
from pipelines.sources.registers.files import CsvRow, RowFault, csv_rows, keep_refused
from pipelines.sources.registers.portfolio import save
from pipelines.sources.registers.summary import RegisterSummary
from serving.registers.dates import day_in
from serving.registers.identifiers import NOT_A_SIREN, siren_in

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from pathlib import Path

NAME = "scores"
NEEDED = ("scale", "score", "scored_on")


def import_scores(files: Sequence[Path], folder: Path) -> RegisterSummary:
    """Enter external scores into a ledger; per company, scale and day the later line counts.

    Raises
    ------
    LedgerError
        A file or the ledger cannot be used; then nothing was changed.
    """
    ledger = read_ledger(folder)
    sirens, ids = set(ledger.customers["siren"].dropna()), set(ledger.customers["customer_id"])
    faults: dict[Path, list[RowFault]] = {}
    made: list[dict[str, object]] = []
    read = elsewhere = 0
    for path in files:
        mine = faults.setdefault(path, [])
        for row in csv_rows(path, NEEDED, mine):
            read += 1
            found = _score(row, mine)
            if found is not None and _is_ours(found, sirens, ids):
                made.append(found)
            else:
                elsewhere += found is not None
        read += sum(fault.column == "(whole line)" for fault in mine)
    new = pd.DataFrame(made, columns=OUTSIDE_SCORES.column_names)
    once = conform(new.drop_duplicates(list(OUTSIDE_SCORES.key), keep="last"), OUTSIDE_SCORES)
    save(replace(ledger, outside_scores=merge(ledger.outside_scores, once, OUTSIDE_SCORES)), folder)
    refused = keep_refused(folder, faults)
    return RegisterSummary(
        source=NAME,
        read=read,
        kept=len(made),
        elsewhere=elsewhere,
        refused=refused.rows,
        quarantine_files=refused.files,
        found=len({(row["siren"], row["customer_id"]) for row in made}),
    )


def _is_ours(score: dict[str, object], sirens: Collection[str], ids: Collection[str]) -> bool:
    return score["siren"] in sirens or score["customer_id"] in ids


def _score(row: CsvRow, faults: list[RowFault]) -> dict[str, object] | None:
    """Return a row of the ledger, None if it is refused."""
    cells = row.cells
    siren, customer = siren_in(cells.get("siren")), cells.get("customer_id") or None
    scale, day = cells["scale"].lower(), day_in(cells["scored_on"])
    found: list[tuple[str, str]] = []
    if cells.get("siren") and siren is None:
        found.append(("siren", NOT_A_SIREN))
    elif siren is None and customer is None:
        found.append(("siren", "neither a siren nor a customer_id says whose it is"))
    if day is None:
        found.append(("scored_on", "is no day such as 2026-03-02"))
    if scale not in scales():
        found.append(("scale", f"is none of {', '.join(scales())}"))
    else:
        try:
            scales()[scale].safety(cells["score"])
        except LedgerError as error:
            found.append(("score", str(error)))
    if found or day is None:
        faults.extend(RowFault(row.line, name, cells.get(name, ""), reason) for name, reason in found)
        return None
    return {
        "siren": siren,
        "customer_id": None if siren else customer,
        "scale": scale,
        "score": cells["score"],
        "scored_on": pd.Timestamp(day),
        "source": cells.get("source") or None,
    }
