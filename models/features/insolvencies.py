"""Insolvency status of a ledger's customers as of a day.

Owns the selection of each customer's valid filings; `models.law.insolvency` interprets them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from models.features.company import concerned
from models.law.insolvency import Insolvency, Judgment, insolvency_of, is_farming
from models.ledger.tables import JUDGMENTS

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping

    from models.ledger.ledger import Ledger


def insolvencies(ledger: Ledger, as_of: dt.date) -> dict[int, Insolvency]:
    """Return insolvency status by customer position; customers without a judgment are absent.

    Parameters
    ----------
    ledger
        Restricted to what was known at the end of `as_of`, by `models.ledger.ledger.as_known_on`.
    """
    filings = ledger.filings
    filings = filings[filings["kind"].isin(JUDGMENTS) & filings["withdrawn_on"].isna()]
    rows, owner = concerned(ledger, filings)
    judgments = [_judgment(row) for row in filings.to_dict("records")]
    of_owner: dict[int, list[Judgment]] = {}
    for row, who in zip(rows.tolist(), owner.tolist(), strict=True):
        if who >= 0:
            of_owner.setdefault(who, []).append(judgments[row])
    naf = ledger.customers["naf"]
    found = {}
    for who, own in of_owner.items():
        code = naf.iloc[who]
        one = insolvency_of(own, as_of, farming=isinstance(code, str) and is_farming(code))
        if one is not None:
            found[who] = one
    return found


def insolvency_in(
    filings: Iterable[Mapping[str, Any]], as_of: dt.date, naf: str | None = None
) -> Insolvency | None:
    """Return one company's insolvency status from its valid rows of the filings table."""
    judgments = [_judgment(row) for row in filings if row["kind"] in JUDGMENTS]
    return insolvency_of(judgments, as_of, farming=is_farming(naf))


def _judgment(row: Mapping[Any, Any]) -> Judgment:
    source = row.get("source")
    return Judgment(
        str(row["kind"]),
        _date(row["judged_on"]),
        _date(row["published_on"]),
        source if isinstance(source, str) else None,
    )


def _date(day: Any) -> dt.date:  # noqa: ANN401  # a date or a pandas timestamp
    found: dt.date = day.date() if hasattr(day, "date") else day
    return found
