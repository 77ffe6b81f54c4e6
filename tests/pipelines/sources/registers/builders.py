"""A small portfolio in a folder, and files of registers made for one test each."""

import csv
import datetime as dt
import json
from pathlib import Path

import pandas as pd

from models.ledger.files import read_ledger, write_ledger
from models.ledger.ledger import Ledger
from tests.builders import a_customer, a_ledger, an_invoice
from tests.serving.registers.samples import ONE, READ_ON, TWO

DAY = pd.Timestamp


def a_portfolio(folder: Path, *customers: dict[str, object], **tables: object) -> Path:
    """Write a ledger of customers: by default one for each of two companies, and one without a SIREN."""
    who = customers or (
        a_customer("C1", siren=ONE),
        a_customer("C2", siren=TWO, name="Le nom du grand livre"),
        a_customer("C3"),
    )
    write_ledger(a_ledger([an_invoice("F1", 0, 30)], customers=list(who), **tables), folder)
    return folder


def held(folder: Path) -> Ledger:
    return read_ledger(folder)


def a_csv(path: Path, rows: list[dict[str, object]], separator: str = ",") -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        made = csv.DictWriter(file, list(rows[0]), delimiter=separator)
        made.writeheader()
        made.writerows(rows)
    return path


def a_json(path: Path, document: object) -> Path:
    path.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    return path


def quarantine(folder: Path) -> pd.DataFrame:
    """Return all that lies in a ledger's quarantine."""
    found = [pd.read_csv(path, dtype="str") for path in sorted((folder / "quarantine").glob("*.csv"))]
    return pd.concat(found, ignore_index=True) if found else pd.DataFrame()


def filings(folder: Path) -> list[tuple[str, str, str, str]]:
    """Return who, what, when it happened and when it was known, of what stands."""
    frame = held(folder).filings
    frame = frame[frame["withdrawn_on"].isna()]
    days = (frame["judged_on"].dt.strftime("%Y-%m-%d"), frame["published_on"].dt.strftime("%Y-%m-%d"))
    return sorted(zip(frame["siren"], frame["kind"], *days, strict=True))


__all__ = [
    "DAY",
    "ONE",
    "READ_ON",
    "TWO",
    "a_csv",
    "a_json",
    "a_portfolio",
    "dt",
    "filings",
    "held",
    "quarantine",
]
