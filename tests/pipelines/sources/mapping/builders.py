"""Small exports and mappings, made for one test each."""

import os
from pathlib import Path

import pytest

from pipelines.sources.mapping.importing import ImportSummary, import_files

ROOT = Path(__file__).parents[4]
SAMPLES, MAPPINGS = ROOT / "data" / "samples", ROOT / "data" / "mappings"

FILE = """
[file]
separator = ";"
decimal = ","
thousands = "."
dates = ["%d/%m/%Y", "%Y-%m-%d"]
"""

INVOICES = """
[[customers]]
customer_id = "Client"
siren = { column = "Siren", optional = true }

[[invoices]]
invoice_id = "Pièce"
customer_id = "Client"
kind = { column = "Type", values = { F = "invoice", A = "credit_note" }, default = "invoice" }
issued_on = "Date"
due_on = { column = "Échéance", after = "issued_on", days = 30 }
amount_cents = "Montant"
currency = { column = "Devise", default = "EUR" }
"""

HEADER = "Pièce;Client;Type;Date;Échéance;Montant;Devise"
GOOD = "F1;C1;F;01/02/2024;02/03/2024;1.234,50;EUR"


def write(path: Path, *lines: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(("\n".join(lines) + "\n").encode(encoding))
    return path


def mapping_at(folder: Path, text: str = FILE + INVOICES) -> Path:
    return write(folder / "mapping.toml", text)


def import_lines(folder: Path, *lines: str, mapping: str = FILE + INVOICES) -> ImportSummary:
    source = write(folder / "export.csv", HEADER, *lines)
    return import_files(mapping_at(folder, mapping), [source], folder / "ledger")


def shared(name: str) -> Path:
    """Find a file of the real data, or skip."""
    path = Path(os.environ.get("ENCOURS_SHARED_DATA", ROOT.parent / "shared" / "data")) / name
    if not path.is_file():
        pytest.skip(f"the real data are not here: {path} is absent; set ENCOURS_SHARED_DATA")
    return path
