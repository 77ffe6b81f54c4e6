"""What a night costs for growing portfolios, by stage, next to a floor measured in the same run.

Run as `python -m benchmarks.night --demo FOLDER [--customers 10000 100000] [--months 36] [--url URL]`. FOLDER
is the `data` folder of a demo (`encours demo --no-serve`), whose models score; URL is a store to publish to,
a new SQLite file without it. The floor reads and sorts the tables, computes the features and predicts, and
does nothing else, on the same workers. Ledgers are simulated by tens of thousands of customers and written
part by part, so that their size is not bounded by memory. `--months` shortens their history.
"""

from __future__ import annotations

import argparse
import os
import resource
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from benchmarks.peers import markdown
from models.assessment.assessor import EPOCH
from models.features.build import CUSTOMER_FEATURES, FeatureBuilder
from models.ledger.files import PartsWriter, last_day
from models.ledger.partitions import part_count, split
from models.ledger.tables import TABLES
from pipelines.demo.simulator import simulate
from pipelines.ledger_parts import StoredLedger
from pipelines.nightly.night import run_night
from pipelines.nightly.scoring import Scoring
from pipelines.nightly.totals import totals_of
from pipelines.validation.checks import check_ledger
from pipelines.validation.ledger_checks import night_check
from pipelines.workers import workers_for
from serving.store import PackedPartition, open_store
from serving.usecases.assessors import load_champions

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from models.assessment.assessor import Assessor
    from models.ledger.ledger import Ledger
    from pipelines.ledger_parts import LedgerParts

AT_ONCE = 20_000
"""Number of customers simulated at once."""
UNTIL = date(2026, 9, 30)


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds, seconds of CPU, and the peak of memory in GB of this process and of its workers."""

    wall_s: float
    cpu_s: float
    peak_gb: float


def write_portfolio(folder: Path, customers: int, months: int) -> int:
    """Write a simulated ledger in parts; return the number of its invoices."""
    folder.mkdir()
    writers = {name: PartsWriter(folder / f"{name}.parquet") for name in TABLES}
    sirens: set[str] = set()
    invoices = 0
    for seed, first in enumerate(range(0, customers, AT_ONCE)):
        made, _ = simulate(min(AT_ONCE, customers - first), months, seed, until=UNTIL)
        for part in split(made, part_count(made)):
            invoices += len(part.invoices)
            for name, writer in writers.items():
                frame = renumbered(part.table(name), f"{seed:03}", sirens if name == "customers" else None)
                writer.add(pa.Table.from_pandas(frame, schema=schema_of(name, frame), preserve_index=False))
    for writer in writers.values():
        writer.__exit__()
    return invoices


def renumbered(frame: pd.DataFrame, prefix: str, sirens: set[str] | None) -> pd.DataFrame:
    """Give the rows of one simulation numbers of their own; a SIREN drawn twice is left out."""
    ids = [name for name in ("customer_id", "invoice_id", "payment_id", "group_id") if name in frame]
    made = frame.assign(**{name: prefix + frame[name] for name in ids})
    if sirens is not None:
        again = made["siren"].isin(sirens)
        sirens.update(made["siren"].dropna())
        made = made.assign(siren=made["siren"].where(~again))
    return made


def schema_of(name: str, frame: pd.DataFrame) -> pa.Schema:
    """Return a table's schema, the same for a part without rows."""
    kinds = {"id": pa.large_string(), "text": pa.large_string(), "date": pa.timestamp("s")}
    kinds |= {"cents": pa.int64(), "eur": pa.float64(), "number": pa.float64(), "flag": pa.bool_()}
    return pa.schema([(c.name, kinds[c.kind]) for c in TABLES[name].columns if c.name in frame])


def floor_of(job: tuple[LedgerParts, Assessor], part: int) -> int:
    """Read a part, compute its features and predict."""
    parts, assessor = job
    known = parts.read(part)
    builder, day = FeatureBuilder.of(known), (parts.as_of - EPOCH).days
    owners = np.arange(len(known.customers))
    states = builder.states(owners, np.full(len(owners), day))
    assessor.default.probability(states[[feature.name for feature in CUSTOMER_FEATURES]])
    book = builder.book
    documents = np.flatnonzero(
        book.is_invoice & (book.owner >= 0) & (book.issued <= day) & (book.settled > day)
    )
    rows = builder.documents(documents, np.full(len(documents), day))
    assessor.late.probability(rows)
    assessor.late.days_late(rows)
    return len(documents)


def cost_of(work: Callable[[], object]) -> Cost:
    """Run work with its workers; children count once they have ended."""
    before, began = cpu_s(), time.perf_counter()
    work()
    return Cost(time.perf_counter() - began, cpu_s() - before, peak_gb())


def cpu_s() -> float:
    """Return the seconds of CPU of this process and of its ended children."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def peak_gb() -> float:
    """Return the peak of this process, plus that of the largest child for each core."""
    own, child = (
        resource.getrusage(who).ru_maxrss / 2**20 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    return own + child * (os.cpu_count() or 1)


def stages(parts: StoredLedger, assessor: Assessor) -> list[tuple[str, float]]:
    """Return the seconds of CPU of each stage for the first part, in this process."""
    found: list[tuple[str, float]] = []

    def timed(name: str, work: Callable[[], Any]) -> Any:  # noqa: ANN401  # whatever the work returns
        began = time.process_time()
        result = work()
        found.append((name, time.process_time() - began))
        return result

    known: Ledger = timed("read", lambda: parts.read(0))
    timed("check", lambda: check_ledger(known))
    totals = timed("totals", lambda: totals_of(parts, "EUR", 0))
    scoring = timed("features", lambda: Scoring.of(known, assessor, totals))
    owners = np.arange(len(known.customers))
    customers = timed("score and explain customers", lambda: scoring.customers(owners))
    invoices, weeks = timed("score invoices", scoring.invoices)
    timed("pack", lambda: PackedPartition.of(customers, invoices, weeks=weeks))
    return found


def measure(customers: int, months: int, assessor: Assessor, url: str | None) -> list[object]:
    """Measure a night and its floor for one size; return a line of the table."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        invoices = write_portfolio(folder / "ledger", customers, months)
        # A process of its own: the simulation's memory is none of the night's.
        with ProcessPoolExecutor(1, get_context("spawn")) as child:
            least, whole, size, stage_s = child.submit(costs_of, folder, assessor, url).result()
    print(f"\n{customers:,} customers, one part, seconds of CPU in one process:")
    for name, seconds in stage_s:
        print(f"- {name}: {seconds:.2f}")
    per_ms = 1000 * whole.cpu_s / customers
    return [f"{customers:,}", f"{invoices:,}", f"{whole.wall_s:.0f}", f"{whole.cpu_s:.0f}", f"{per_ms:.2f}",
            f"{whole.peak_gb:.1f}", f"{least.wall_s:.0f}", f"{whole.wall_s / least.wall_s:.2f}",
            f"{size / customers / 1000:.1f}"]  # fmt: skip


def costs_of(
    folder: Path, assessor: Assessor, url: str | None
) -> tuple[Cost, Cost, int, list[tuple[str, float]]]:
    """Return the costs of the floor and of a night, the bytes of the store, and the stages of a part."""
    parts = StoredLedger.of(folder / "ledger", last_day(folder / "ledger"))

    def floor() -> None:
        with workers_for(parts.count) as workers:
            list(workers.run(floor_of, (parts, assessor), range(parts.count)))

    def night() -> None:
        check = night_check(parts.version, only_until=False)
        with (
            closing(open_store(url or f"sqlite:///{folder}/night.db")) as store,
            workers_for(parts.count) as workers,
        ):
            run_night(parts, assessor, store, check, workers=workers)
            sizes.append(store.size_bytes())

    sizes: list[int] = []
    least, whole = cost_of(floor), cost_of(night)
    return least, whole, sizes[0], stages(parts, assessor)


def main() -> None:
    """Print one line per size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--demo", type=Path, required=True, help="data folder of a demo")
    parser.add_argument("--customers", nargs="+", type=int, default=[10_000, 100_000])
    parser.add_argument("--months", type=int, default=36)
    parser.add_argument("--url", help="store to publish to; a new SQLite file without it")
    chosen = parser.parse_args()
    os.environ["MLFLOW_TRACKING_URI"] = f"sqlite:///{chosen.demo / 'mlflow.db'}"
    with closing(open_store(f"sqlite:///{chosen.demo / 'encours.db'}")) as store:
        assessor = load_champions(None, store)
    head = ["customers", "invoices", "night, s", "CPU, s", "CPU a customer, ms", "peak, GB", "floor, s",
            "night / floor", "store, kB a customer"]  # fmt: skip
    rows = [measure(customers, chosen.months, assessor, chosen.url) for customers in chosen.customers]
    print("\n" + markdown(head, rows))


if __name__ == "__main__":
    main()
