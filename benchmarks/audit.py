"""Entries of the audit log written a second: one transaction each, and group by group behind many who wait.

Run as `python -m benchmarks.audit`. Each entry is an assessment as it goes out, with the state it was
computed from, of 600 customers of a made-up portfolio. Two ways into a fresh SQLite file, interleaved, the
best of three runs counts: a transaction an entry, and `serving.audit.recorder.Recorder` behind 32 threads,
of which each waits for its own entry to be committed before it brings the next, as requests do.
"""

from __future__ import annotations

import datetime as dt
import os
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.peers import markdown
from models.assessment.assessment import Assessment, CreditRequest, CustomerState, Probability
from models.assessment.assessor import EPOCH
from models.assessment.party import Party
from models.explain.reasons import Reason, Reasons
from models.features.build import FeatureBuilder
from models.policy.credit_case import CreditCase
from models.policy.document import Policy, load_policy
from models.policy.limit.limit import recommend_limit
from pipelines.demo.simulator import simulate
from serving.audit.entries import entry_of, kept
from serving.audit.recorder import Recorder
from serving.callers import Caller
from serving.store import AuditEntry, open_store

if TYPE_CHECKING:
    from collections.abc import Callable

ENTRIES = 6_000
CUSTOMERS = 600
THREADS = 32
RUNS = 3
REASONS = 14
AS_OF = dt.date(2026, 11, 21)
CALLER = Caller("benchmark", "sales", "key")


@dataclass(frozen=True)
class Measured:
    """What a way of writing took: entries a second, the slowest waits, the processor's time an entry."""

    per_second: float
    p99_ms: float
    cpu_us: float


def entries(count: int, states: list[CustomerState], seed: int = 0) -> list[AuditEntry]:
    """Make entries about customers in turn."""
    rng, policy = np.random.default_rng(seed), load_policy()
    return [
        an_entry(state, an_assessment(state, policy, rng))
        for state in (states[n % len(states)] for n in range(count))
    ]


def an_entry(state: CustomerState, assessment: Assessment) -> AuditEntry:
    """Make the entry of an answer about a customer."""
    who = state.party.customer_id
    question = {"customer_id": who, "amount_eur": 5_000.0, "terms_days": 45}
    return replace(
        entry_of(CALLER, "assessment", question, assessment.document(), who),
        features_hash=assessment.features_hash,
        late_model=assessment.p_late30.model_version,
        default_model=assessment.default_model,
        policy_hash=assessment.policy_hash,
        state=kept(state, assessment.features_hash),
    )


def some_states() -> list[CustomerState]:
    """Return the states of a made-up portfolio's customers."""
    ledger, _ = simulate(CUSTOMERS, 30, 3)
    owners = np.arange(CUSTOMERS, dtype=np.int64)
    vectors = FeatureBuilder.of(ledger).state_vectors(owners, np.full(CUSTOMERS, (AS_OF - EPOCH).days))
    parties = (Party(f"C{n}", f"Client {n}", "732829320", "FR", "43.21A") for n in range(CUSTOMERS))
    return [CustomerState(who, AS_OF, vector) for who, vector in zip(parties, vectors, strict=True)]


def an_assessment(state: CustomerState, policy: Policy, rng: np.random.Generator) -> Assessment:
    """Make an answer of the usual length with figures of its own."""
    pd_12m, p_late30 = (_probability(name, rng) for name in ("default12", "late30"))
    case = CreditCase(
        pd_12m=pd_12m.value, grade="B", yearly_sales_forecast_eur=400_000, terms_days=45,
        expected_days_late=5, peak_exposure_eur=None, net_worth_eur=80_000, turnover_eur=700_000,
        n_paid_invoices=40, insured_limit_eur=0, covered_share=0, open_proceeding=False,
        oldest_overdue_days=0, as_of=AS_OF,
    )  # fmt: skip
    return Assessment(
        party=state.party, as_of=AS_OF, request=CreditRequest(5_000.0, 45, 400_000.0), p_late30=p_late30,
        pd_12m=pd_12m, days_late_p10=-2.0, days_late_p50=float(rng.normal(5, 2)), days_late_p90=40.0,
        grade="B", payer_grade="good", paydex=75.0, history="full", limit=recommend_limit(case, policy),
        case=case, recommended_terms_days=45, deposit_share=0.0, means_of_payment="transfer",
        needs_human=False, policy_version=policy.version, policy_hash=policy.hash,
        features_hash="0123456789abcdef",
        default_model=pd_12m.model_version,
    )  # fmt: skip


def _probability(target: str, rng: np.random.Generator) -> Probability:
    reasons = Reasons.of(
        Reason(
            f"group_{n}",
            float(rng.normal()),
            "A payé 12 de ses 40 dernières factures avec plus de 30 jours de retard",
            "Paid 12 of its last 40 invoices more than 30 days late",
        )
        for n in range(REASONS)
    )
    value = float(rng.uniform(0.01, 0.2))
    return Probability(
        target, value, value / 2, value * 2, "high", -3.0, 1.0, 0.0, -2.5, reasons, "abcdef012345"
    )


def one_by_one(given: list[AuditEntry], url: str) -> Measured:
    """Write a transaction an entry."""
    store = open_store(url)
    measured = _timed(given, lambda entry: store.record_answers([entry]), threads=1)
    store.close()
    return measured


def in_groups(given: list[AuditEntry], url: str) -> Measured:
    """Write behind the recorder, each waiting for its own entry."""
    store = open_store(url)
    recorder = Recorder(lambda: store)
    measured = _timed(given, recorder.record, threads=THREADS)
    recorder.close()
    store.close()
    return measured


def _timed(given: list[AuditEntry], write: Callable[[AuditEntry], None], threads: int) -> Measured:
    """Write entries from threads, each its share one after the other."""

    def share(first: int) -> list[float]:
        waits = []
        for entry in given[first::threads]:
            began = time.perf_counter()
            write(entry)
            waits.append(time.perf_counter() - began)
        return waits

    cpu, began = time.process_time(), time.perf_counter()
    with ThreadPoolExecutor(threads) as pool:
        waits = [wait for some in pool.map(share, range(threads)) for wait in some]
    took, cpu = time.perf_counter() - began, time.process_time() - cpu
    return Measured(len(given) / took, float(np.quantile(waits, 0.99)) * 1e3, cpu / len(given) * 1e6)


def main() -> None:
    """Print the table."""
    best: dict[str, Measured] = {}
    bytes_an_entry, states = 0.0, some_states()
    for run in range(RUNS):
        given = entries(ENTRIES, states, run)
        for name, write in (
            ("a transaction an entry", one_by_one),
            (f"groups, {THREADS} waiting", in_groups),
        ):
            with tempfile.TemporaryDirectory() as folder:
                found = write(given, f"sqlite:///{folder}/audit.db")
                bytes_an_entry = sum(p.stat().st_size for p in Path(folder).iterdir()) / len(given)
            if name not in best or found.per_second > best[name].per_second:
                best[name] = found
    day = dt.datetime.now(dt.UTC).date()
    print(f"{day}, {os.cpu_count()} cores, {ENTRIES:,} entries, {bytes_an_entry:,.0f} bytes each on disk")
    rows = [[name, f"{m.per_second:,.0f}", f"{m.p99_ms:.1f}", f"{m.cpu_us:.0f}"] for name, m in best.items()]
    print(markdown(["written", "entries/s", "p99 ms", "processor µs an entry"], rows))


if __name__ == "__main__":
    main()
