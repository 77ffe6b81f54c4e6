"""Draws small ledgers that hold every oddity a real one holds: the raw material of property tests."""

import numpy as np
import pandas as pd

from models.features.running import day_numbers
from models.ledger.ledger import Ledger
from models.ledger.tables import FILING_KINDS, SIGNAL_KINDS, TABLES
from tests.builders import (
    FIRST,
    Row,
    a_cover,
    a_customer,
    a_filing,
    a_ledger,
    a_payment,
    a_signal,
    an_invoice,
    on,
    some_accounts,
)

LAST_DAY = 620
_NAF = ("43.21A", "46.90Z", None)


def moments(ledger: Ledger) -> list[int]:
    """Return the days on which anything happens or becomes known, counted from `START`, ascending."""
    dates = pd.concat(
        [
            ledger.table(name)[column.name]
            for name, table in TABLES.items()
            for column in table.columns
            if column.kind == "date"
        ]
    )
    since = day_numbers(dates.dropna().unique()) - FIRST
    return sorted(int(day) for day in since if -20 <= day <= LAST_DAY)


def draw_ledger(seed: int, customers: int = 5, documents: int = 45) -> Ledger:
    """Draw a ledger of some 620 days: disputes, part payments, deposits, covers, late accounts."""
    rng = np.random.default_rng(seed)
    ids = [f"C{number}" for number in range(customers)]
    invoices: list[Row] = []
    payments: list[Row] = []
    for number in range(documents):
        invoice, paid = _document(rng, f"F{number:03d}", str(rng.choice(ids)))
        invoices.append(invoice)
        payments.extend(paid)
    payments.extend(
        a_payment(None, int(rng.integers(0, LAST_DAY)), _eur(rng), who) for who in ids if rng.random() < 0.4
    )
    return a_ledger(
        invoices,
        payments,
        [_customer(rng, who, place) for place, who in enumerate(ids)],
        accounts=_accounts(rng, ids),
        filings=_filings(rng, ids),
        signals=_signals(rng, ids),
        insurance=_covers(rng, ids),
    )


def _eur(rng: np.random.Generator) -> float:
    return float(np.round(rng.lognormal(6.5, 1.0), 2))


def _customer(rng: np.random.Generator, who: str, place: int) -> Row:
    return a_customer(
        who,
        int(rng.integers(-4000, 300)),
        siren=f"{place:09d}" if rng.random() < 0.6 else None,
        naf=_NAF[rng.integers(len(_NAF))],
        headcount=float(rng.integers(1, 300)) if rng.random() < 0.7 else None,
        legal_form=str(rng.choice(["1000", "5499"])),
        credit_limit_eur=float(rng.integers(0, 20_000)) if rng.random() < 0.5 else None,
        payment_terms_days=30.0,
    )


def _document(rng: np.random.Generator, name: str, who: str) -> tuple[Row, list[Row]]:
    issued = int(rng.integers(0, 500))
    eur = _eur(rng)
    if rng.random() < 0.12:
        note = an_invoice(name, issued, issued, eur, who, "credit_note")
        used = issued + int(rng.integers(0, 40))
        return note, [a_payment(name, used, -eur, who)] if rng.random() < 0.6 else []
    due = issued + int(rng.choice([0, 30, 45]))
    disputed: tuple[int | None, int | None] = (None, None)
    if rng.random() < 0.3:
        begin = issued + int(rng.integers(0, 90))
        disputed = (begin, begin + int(rng.integers(0, 80)) if rng.random() < 0.7 else None)
    return an_invoice(name, issued, due, eur, who, disputed=disputed), _paid(rng, name, who, issued, due, eur)


def _paid(rng: np.random.Generator, name: str, who: str, issued: int, due: int, eur: float) -> list[Row]:  # noqa: PLR0911  # one return a way of paying
    day = due + int(np.round(rng.normal(15, 35)))
    match int(rng.integers(0, 8)):
        case 0:  # never
            return []
        case 1:  # in parts
            first = round(eur * float(rng.random()), 2)
            rest = [a_payment(name, day + int(rng.integers(0, 60)), round(eur - first, 2), who)]
            return [a_payment(name, day, first, who), *(rest if rng.random() < 0.7 else [])]
        case 2:  # a deposit before the invoice, put on it at its issue
            deposit = round(eur * 0.3, 2)
            before = issued - int(rng.integers(1, 30))
            return [
                a_payment(None, before, deposit, who),
                a_payment(None, issued, -deposit, who),
                a_payment(name, issued, deposit, who),
                a_payment(name, day, round(eur - deposit, 2), who),
            ]
        case 3:  # before the issue, named already
            payer = who if rng.random() < 0.7 else "C0"
            return [a_payment(name, issued - int(rng.integers(1, 20)), eur, payer)]
        case 4:  # too much, or a cent too little
            return [a_payment(name, day, eur + float(rng.choice([-0.01, 25.0])), who)]
        case 5:  # taken back and paid again
            return [
                a_payment(name, day, eur, who),
                a_payment(name, day + 5, -eur, who),
                a_payment(name, day + 40, eur, who),
            ]
        case _:
            return [a_payment(name, max(day, issued), eur, who)]


def _accounts(rng: np.random.Generator, ids: list[str]) -> list[Row]:
    """Years closed at uneven distances, published in any order."""
    rows = []
    for place, who in enumerate(ids):
        closed = -900
        for _ in range(int(rng.integers(0, 5))):
            closed += int(rng.choice([365, 366, 300, 120, 60]))
            names = (who, None) if rng.random() < 0.5 else (None, f"{place:09d}")
            figures = {
                name: float(np.round(rng.normal(500_000, 400_000)))
                for name in ("turnover", "total_assets", "equity", "net_income", "ebitda", "current_assets")
                if rng.random() < 0.85
            }
            published = closed + int(rng.integers(30, 700))
            rows.append(
                some_accounts(closed, published, names[0], **{**figures, "siren": names[1], "months": 12.0})
            )
    return rows


def _filings(rng: np.random.Generator, ids: list[str]) -> list[Row]:
    """Up to three filings a customer, ends of proceedings among them, in any order, some withdrawn."""
    rows = []
    for who in ids:
        judged = int(rng.integers(100, 550))
        for _ in range(int(rng.choice(4, p=(0.4, 0.2, 0.2, 0.2)))):
            kind = str(rng.choice(FILING_KINDS, p=(0.15, 0.15, 0.15, 0.05, 0.1, 0.2, 0.05, 0.1, 0.05)))
            published = judged + int(rng.integers(0, 40))
            back = on(published + int(rng.integers(1, 60)) if rng.random() < 0.25 else None)
            rows.append(a_filing(kind, judged, published, who, withdrawn_on=back))
            judged += int(rng.choice([1, 10, 90]))
    return rows


def _signals(rng: np.random.Generator, ids: list[str]) -> list[Row]:
    drawn = {
        (str(rng.choice(ids)), str(rng.choice(SIGNAL_KINDS[:-1])), int(rng.integers(0, 600)))
        for _ in range(8)
    }
    if rng.random() < 0.3:
        drawn.add((str(rng.choice(ids)), "write_off", int(rng.integers(200, 600))))
    return [a_signal(kind, day, who) for who, kind, day in sorted(drawn)]


def _covers(rng: np.random.Generator, ids: list[str]) -> list[Row]:
    rows = []
    for who in ids:
        if rng.random() < 0.5:
            first = int(rng.integers(0, 400))
            last = first + int(rng.integers(10, 300)) if rng.random() < 0.6 else None
            rows.append(a_cover(float(rng.integers(1, 50) * 1000), 0.9, first, last, who))
    return rows
