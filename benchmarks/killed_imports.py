"""Imports that are killed at random moments, two at once, and readers beside them: nobody sees half.

Run as `python -m benchmarks.killed_imports [imports] [seed]`. Each import brings as many payments as invoices
and one refused row: a state that is neither the one before nor the one after shows.
"""

from __future__ import annotations

import os
import signal
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from models.ledger.files import read_ledger
from models.ledger.versions import VERSIONS, reading, writing
from pipelines.sources.mapping.importing import import_files

MAPPING = """
[file]
separator = ";"

[[customers]]
customer_id = "client"

[[invoices]]
invoice_id = "piece"
customer_id = "client"
kind = { constant = "invoice" }
issued_on = "date"
due_on = { after = "issued_on", days = 30 }
amount_cents = "montant"
currency = { constant = "EUR" }

[[payments]]
payment_id = "piece"
invoice_id = "piece"
customer_id = "client"
paid_on = "date"
amount_cents = "montant"
"""
HEADER = "client;piece;date;montant"
BAD = "C1;;no day;1.00"


def export(folder: Path, first: int, count: int) -> Path:
    """Write a list of paid invoices with one bad row."""
    lines = [f"C{n % 7};F{n};2026-03-02;{n}.00" for n in range(first, first + count)]
    path = folder / f"list_{first}.csv"
    path.write_text("\n".join([HEADER, *lines, BAD]) + "\n", encoding="utf-8")
    return path


def bring(mapping: Path, path: Path, ledger: Path) -> None:
    """Import a file as the command does."""
    with writing(ledger) as draft:
        import_files(mapping, [path], draft)


def begin(mapping: Path, path: Path, ledger: Path) -> int:
    """Begin an import in a process of its own, and return its id."""
    process = os.fork()
    if process == 0:
        try:
            bring(mapping, path, ledger)
        finally:
            os._exit(0)
    return process


def state(ledger: Path) -> tuple[int, int, int]:
    """Return how many invoices, payments and files in quarantine a reader sees."""
    with reading(ledger) as version:
        found = read_ledger(version)
        refused = len(list((version / "quarantine").glob("*.csv")))
    return len(found.invoices), len(found.payments), refused


def main(imports: int = 100, seed: int = 1) -> int:
    """Kill imports, and return in how many cases a reader saw what no import had left."""
    draw, half, whole = np.random.default_rng(seed), 0, 0
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        mapping, ledger = folder / "mapping.toml", folder / "ledger"
        mapping.write_text(MAPPING, encoding="utf-8")
        began = time.perf_counter()
        bring(mapping, export(folder, 1, 9), ledger)
        takes = time.perf_counter() - began
        invoices, files = 9, 1
        for number in range(1, imports + 1):
            process = begin(mapping, export(folder, 100 * number, 9), ledger)
            time.sleep(draw.random() * takes * 1.5)
            seen = state(ledger)
            os.kill(process, signal.SIGKILL)
            os.waitpid(process, 0)
            after = state(ledger)
            allowed = {(invoices, invoices, files), (invoices + 9, invoices + 9, files + 1)}
            if not {seen, after} <= allowed:
                half += 1
                print(f"import {number}: {seen} was seen, then {after}; allowed are {sorted(allowed)}")
            whole += after[0] > invoices
            invoices, _, files = after
        pair = [begin(mapping, export(folder, 10**6 * n, 9), ledger) for n in (1, 2)]
        for process in pair:
            os.waitpid(process, 0)
        both = state(ledger)[0] == invoices + 18
        left = len(list((ledger / VERSIONS).iterdir()))
    print(f"{imports} imports killed, of which {whole} had ended: {half} states that no import left")
    print(f"two imports at once: {'both in' if both else 'one lost'}; {left} version in the folder")
    return half + (not both) + (left - 1)


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
