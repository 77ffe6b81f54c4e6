"""Lines a second and peak memory of importing FEC files.

Run as `python -m benchmarks.fec [lines] [lettered_share]`: files of about so many lines are made first, in a
process of their own, so that the memory told is the import's.
"""

from __future__ import annotations

import multiprocessing
import resource
import sys
import tempfile
import time
from pathlib import Path

LINES_A_CUSTOMER = 108
"""What a simulated customer of 12 months brings about, purchases left out."""
PURCHASE_SHARE = 0.4


def make(folder: Path, lines: int, lettered_share: float) -> None:
    from pipelines.demo.fec import Style, write_years
    from pipelines.demo.simulator import simulate

    customers = max(1, round(lines * (1 - PURCHASE_SHARE) / LINES_A_CUSTOMER))
    ledger, _ = simulate(customers, 12, 1)
    style = Style(purchases=round(lines * PURCHASE_SHARE / 3), lettered_share=lettered_share)
    write_years(ledger, folder, style)


def measure(folder: Path) -> None:
    from pipelines.sources.fec.importing import import_fec

    files = sorted(folder.glob("*.txt"))
    start = time.perf_counter()
    summary = import_fec(files, folder / "ledger")
    seconds = time.perf_counter() - start
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    lines = sum(file.n_lines for file in summary.files)
    size_mb = sum(path.stat().st_size for path in files) / 1e6
    print(f"{len(files)} files, {lines:,} lines, {size_mb:.0f} MB; {summary.customers:,} customers")
    print(f"{seconds:.1f} s, {lines / seconds:,.0f} lines/s, peak {peak_mb:.0f} MB")
    print(f"invoices {summary.invoices.lines:,}, payment parts {dict(summary.settled)}")
    print(f"books less ledger: {summary.balance_cents - summary.open_cents} cents")


def main(lines: int = 1_000_000, lettered_share: float = 0.8) -> None:
    fresh = multiprocessing.get_context("spawn")
    with tempfile.TemporaryDirectory() as name:
        for work in ((make, (Path(name), lines, lettered_share)), (measure, (Path(name),))):
            process = fresh.Process(target=work[0], args=work[1])
            process.start()
            process.join()
            if process.exitcode:
                sys.exit(process.exitcode)


if __name__ == "__main__":
    main(*(kind(argument) for kind, argument in zip((int, float), sys.argv[1:], strict=False)))
