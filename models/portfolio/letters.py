"""Letters and e-mails to copy for a line of the worklist, in French and in English.

Owns what a letter says by the line's proposal; the texts are in `letters.toml`. Late interest and the flat
indemnity (`models.law.penalties`) are added where the tone is formal. In a proceeding the letter goes to the
court's agent or the judge, never to the debtor: no text of a reminder exists there.
"""

from __future__ import annotations

import datetime as dt
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from models.law.penalties import INDEMNITY_EUR, penalty
from models.wording import formats
from models.wording.numerals import unbroken

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from models.law.legal_rates import LegalRateTable

FORMAL_TONES = ("formal", "legal")


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter or an e-mail to copy."""

    subject: str
    body: str


def letter_of(
    tone: str,
    name: str,
    invoices: Sequence[Mapping[str, Any]],
    claim_eur: float,
    as_of: dt.date,
    rates: LegalRateTable,
    language: str,
) -> Letter | None:
    """Write the letter of a line of the worklist.

    Parameters
    ----------
    tone
        The line's proposal, of `models.portfolio.worklist.PROPOSALS`.
    invoices
        The line's invoices, as in `WorklistLine.document()`.
    claim_eur
        Claim from before the opening of a proceeding; 0 without one.
    as_of
        The day until which late interest is counted, as far as the legal rates are known: the letter says
        until when.
    language
        `fr` or `en`.

    Returns
    -------
    Letter or None
        None where nothing is written: a judgment to read, a debt to write off.

    Raises
    ------
    PolicyError
        The rates of a half-year within the table are missing, in a formal tone.
    """
    texts = _texts().get(tone)
    if texts is None:
        return None
    figures = {
        "name": name,
        "lines": "\n".join(_line(one, language) for one in invoices),
        "total": formats.euros(_sum(invoices), language, 2),
        "claim": formats.euros(claim_eur, language, 2),
        "due": formats.day(min((_due(one) for one in invoices), default=as_of), language),
        **(_interest(invoices, as_of, rates, language) if tone in FORMAL_TONES else {}),
    }
    subject, body = (texts[f"{part}_{language}"].format(**figures).strip() for part in ("subject", "body"))
    return Letter(unbroken(subject), unbroken(body)) if language == "fr" else Letter(subject, body)


@cache
def _texts() -> Mapping[str, Mapping[str, str]]:
    path = Path(__file__).with_name("letters.toml")
    return MappingProxyType(tomllib.loads(path.read_text(encoding="utf-8")))


def _interest(
    invoices: Sequence[Mapping[str, Any]], as_of: dt.date, rates: LegalRateTable, language: str
) -> dict[str, str]:
    """Return interest, indemnity and the sum with the principal, on the open amount of each invoice."""
    until = rates.known_until(as_of)
    found = [penalty(_open_eur(one), _due(one), max(until, _due(one)), rates) for one in invoices]
    interest_eur = float(sum(one.interest_eur for one in found))
    indemnity_eur = float(INDEMNITY_EUR * sum(_due(one) < as_of for one in invoices))
    sums = {
        "interest": interest_eur,
        "indemnity": indemnity_eur,
        "due_total": _sum(invoices) + interest_eur + indemnity_eur,
    }
    written = {name: formats.euros(eur, language, 2) for name, eur in sums.items()}
    return {**written, "until": formats.day(until, language)}


def _line(invoice: Mapping[str, Any], language: str) -> str:
    due, eur = formats.day(_due(invoice), language), formats.euros(_open_eur(invoice), language, 2)
    if language == "fr":
        return f"- facture {invoice['invoice_id']}, échéance du {due} : {eur}"
    return f"- invoice {invoice['invoice_id']}, due on {due}: {eur}"


def _due(invoice: Mapping[str, Any]) -> dt.date:
    return dt.date.fromisoformat(invoice["due_on"])


def _open_eur(invoice: Mapping[str, Any]) -> float:
    return round(float(invoice["open_eur"]), 2)


def _sum(invoices: Sequence[Mapping[str, Any]]) -> float:
    return sum(round(_open_eur(one) * 100) for one in invoices) / 100
