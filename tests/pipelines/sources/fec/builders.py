"""Small FEC files, made for one test each: entries in a line of code, written as programs write them."""

from pathlib import Path

import pandas as pd

from models.ledger.files import read_ledger
from models.ledger.ledger import Ledger
from pipelines.sources.fec import stream
from pipelines.sources.fec.importing import import_fec
from pipelines.sources.fec.origin import Origin
from pipelines.sources.fec.reading import FecFile, read_origin
from pipelines.sources.fec.summary import FecSummary

COLUMNS = (
    *("JournalCode", "JournalLib", "EcritureNum", "EcritureDate", "CompteNum", "CompteLib", "CompAuxNum"),
    *("CompAuxLib", "PieceRef", "PieceDate", "EcritureLib", "Debit", "Credit", "EcritureLet", "DateLet"),
    *("ValidDate", "Montantdevise", "Idevise"),
)
HEADER = "\t".join(COLUMNS)
SIREN = "999000003"
NAMES = {"VE": "Ventes", "BQ": "Banque", "OD": "Opérations diverses", "AN": "A nouveaux"}


def line(journal: str, entry: str, day: str, account: str, cents: int, **cells: str) -> str:
    """Write one line; a debit is above zero. Cells go by the norm's names."""
    values = dict.fromkeys(COLUMNS, "")
    values |= {
        "JournalCode": journal,
        "JournalLib": NAMES.get(journal, journal),
        "EcritureNum": entry,
        "EcritureDate": day,
        "CompteNum": account,
        "CompteLib": "Clients" if account.startswith("41") else "Compte",
        "PieceRef": entry,
        "PieceDate": day,
        "EcritureLib": f"Pièce {entry}",
        "Debit": figure(max(cents, 0)),
        "Credit": figure(max(-cents, 0)),
        "ValidDate": day,
    } | cells
    return "\t".join(values[name] for name in COLUMNS)


def figure(cents: int) -> str:
    return f"{cents // 100},{cents % 100:02d}"


def entry(
    journal: str, number: str, day: str, customer: str, cents: int, opposite: str, account: str = "411000",
    **cells: str,
) -> list[str]:  # fmt: skip
    """Write an entry of two lines: the customer's, and the one opposite."""
    named = {"CompAuxNum": customer, "CompAuxLib": f"Client {customer}"} if customer else {}
    return [
        line(journal, number, day, account, cents, **named | cells),
        line(journal, number, day, opposite, -cents),
    ]


def with_columns(lines: list[str], **cells: str) -> list[str]:
    """Write further cells behind those of the norm; the header takes their names in this order."""
    return ["\t".join([one, *cells.values()]) for one in lines]


def sale(number: str, day: str, customer: str, cents: int, **cells: str) -> list[str]:
    return entry("VE", number, day, customer, cents, "707000", **cells)


def paid(number: str, day: str, customer: str, cents: int, **cells: str) -> list[str]:
    return entry("BQ", number, day, customer, -cents, "512000", **cells)


def opening(number: str, day: str, customer: str, cents: int, **cells: str) -> list[str]:
    return entry("AN", number, day, customer, cents, "120000", **cells)


def fec(
    folder: Path, *lines: str | list[str], year: int = 2025, encoding: str = "utf-8", name: str = "",
    header: str = HEADER,
) -> Path:  # fmt: skip
    """Write a file of these lines, named by the norm unless a name is given."""
    flat = [one for part in lines for one in ([part] if isinstance(part, str) else part)]
    path = folder / (name or f"{SIREN}FEC{year}1231.txt")
    folder.mkdir(parents=True, exist_ok=True)
    path.write_bytes(("\r\n".join([header, *flat]) + "\r\n").encode(encoding))
    return path


def read(folder: Path, *lines: str | list[str], **options: str) -> FecFile:
    return read_fec(fec(folder, *lines, **options))


def read_fec(path: Path) -> FecFile:
    return read_origin(Origin(path, path, stream.digest(path)))


def imported(folder: Path, *lines: str | list[str], **options: int) -> tuple[FecSummary, Ledger]:
    """Import one file of these lines, and read the ledger that comes of it."""
    summary = import_fec([fec(folder, *lines, **options)], folder / "ledger")
    return summary, read_ledger(folder / "ledger")


def quarantine(summary: FecSummary) -> list[dict[str, str]]:
    path = summary.files[0].quarantine
    return [] if path is None else pd.read_csv(path, dtype=str, keep_default_na=False).to_dict("records")


def balance(ledger: Ledger) -> dict[str, int]:
    """What each customer owes by the ledger, in cents; those who owe nothing are left out."""
    sign = ledger.invoices["kind"].map({"invoice": 1, "credit_note": -1}).astype("int64")
    owed = (ledger.invoices["amount_cents"] * sign).groupby(ledger.invoices["customer_id"]).sum()
    paid_ = ledger.payments["amount_cents"].groupby(ledger.payments["customer_id"]).sum()
    left = owed.sub(paid_, fill_value=0)
    return {str(who): int(cents) for who, cents in left[left != 0].items()}
