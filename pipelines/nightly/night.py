"""The nightly run: check the ledger, score every customer and open invoice, publish atomically.

A run is identified by its day, both models, the policy, the data and the state schema: running the same again
changes nothing. The ledger is read part by part, in two passes: totals over all customers, then scores, on
any `pipelines.workers`. Each part is one transaction, so that an interrupted run resumes where it
stopped, and readers see the previous scores until the new ones are complete. Of two concurrent runs the
second waits, and then finds the run published, or scores its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from zlib import crc32

import numpy as np

from models.assessment.assessment import CustomerState
from models.assessment.comparison import typical_values_of
from models.assessment.related_exposure import CONTEXT_KEY
from models.errors import LedgerError
from models.explain import typical_values
from models.features.build import STATE_SCHEMA
from models.features.curves import POPULATION, hazards_of
from models.features.peers import GROUPS
from models.portfolio.grouped_receipts import GroupedReceipts
from pipelines.nightly.findings import Findings, portfolio_document, publish_findings
from pipelines.nightly.scoring import PartTask, ScoringJob, score_part
from pipelines.nightly.totals import LedgerTotals, totals_of
from pipelines.workers import ThisProcess
from serving.store import RunKey
from serving.usecases.limit_usage import limits_in_force, over_limit

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from models.assessment.assessor import Assessor
    from models.features.portfolio_counts import PortfolioCounts
    from pipelines.ledger_parts import LedgerParts
    from pipelines.validation.results import CheckReport
    from pipelines.workers import Workers
    from serving.store import NewMessage, Run, Store

    Check = Callable[[LedgerParts, Workers], CheckReport | tuple[str, ...]]


TYPICAL_CUSTOMERS = 4_000
"""About how many customers the typical values of features are computed over: the same in every night."""


@dataclass(frozen=True, slots=True)
class NightReport:
    """Outcome of a nightly run; `computed` is False where the same run was already published."""

    run_id: int
    as_of: dt.date
    customers: int
    open_invoices: int
    computed: bool
    warnings: tuple[str, ...] = ()


def run_night(
    parts: LedgerParts,
    assessor: Assessor,
    store: Store,
    check: Check,
    progress: Callable[[int, int], None] = lambda _done, _all: None,
    notes: Mapping[str, Any] | None = None,
    waits: Callable[[str], None] = lambda _who: None,
    workers: Workers | None = None,
    messages: Callable[[Run], Sequence[NewMessage]] = lambda _run: (),
) -> NightReport:
    """Score the portfolio as of the end of the parts' day and publish the scores.

    Parameters
    ----------
    check
        Returns a report, of which a summary is stored with the run, or warnings alone; raises `LedgerError`
        where the ledger cannot be scored.
    progress
        Called with the number of parts done and of all parts.
    notes
        Published with the run, as JSON values.
    waits
        Called once with the current holder's name before waiting for a concurrent run.
    workers
        This process if None.
    messages
        Returns what to send about the run, whose results are written; entered in the outbox as it is
        published.

    Raises
    ------
    LedgerError
        The ledger is empty on that day, fails the check, has another currency than the policy, or a part
        cannot be read; the scores of the previous run remain.
    NightError
        The workers were lost; what was scored is kept, and the next night goes on with it.
    """
    workers = ThisProcess() if workers is None else workers
    with store.one_night(waits):
        return _Night(parts, assessor, store, workers, messages).run(check, progress, notes or {})


@dataclass(frozen=True, slots=True)
class _Night:
    """One nightly run, under the lock."""

    parts: LedgerParts
    assessor: Assessor
    store: Store
    workers: Workers
    messages: Callable[[Run], Sequence[NewMessage]]

    def run(
        self, check: Check, progress: Callable[[int, int], None], notes: Mapping[str, Any]
    ) -> NightReport:
        """Score and publish; a complete run is only published."""
        totals = self._totals()
        key = self._key(totals)
        run = self.store.begin_run(key)
        if run.complete:
            counts = self.store.publish(run.run_id, {}, self.messages(run)).context or {}
            known = counts.get("customers", 0), counts.get("open_invoices", 0)
            return NightReport(run.run_id, key.as_of, *known, computed=False)
        found = check(self.parts, self.workers)
        warnings, checks = (found, None) if isinstance(found, tuple) else (found.sentences, found.summary())
        before = self.store.run_before(key.as_of)
        job = ScoringJob(self.parts, self.assessor, totals, before)
        self._score(run.run_id, job, progress)
        findings, receipts = self._found(run.run_id)
        context = {
            "customers": totals.customers,
            "open_invoices": findings.open_invoices,
            "peers": peer_rates(totals.counts),
            CONTEXT_KEY: {**totals.sums, **findings.shared},
            typical_values.CONTEXT_KEY: self._typical_values(run.run_id, totals.customers),
            **({"checks": checks} if checks else {}),
            **notes,
        }
        publish_findings(self.store, run, before, findings, self._portfolio(run.run_id, findings, totals))
        cash = receipts.published(totals.receipts.forecasts.dependence())
        self.store.write_cash_forecast(run.run_id, cash)
        self.store.publish(run.run_id, context, self.messages(run))
        return NightReport(
            run.run_id,
            key.as_of,
            totals.customers,
            findings.open_invoices,
            computed=True,
            warnings=warnings,
        )

    def _found(self, run_id: int) -> tuple[Findings, GroupedReceipts]:
        """Sum what the partitions of a run found."""
        documents = list(self.store.partition_findings(run_id))
        receipts = GroupedReceipts.summed(
            [GroupedReceipts.from_document(one.pop("receipts")) for one in documents]
        )
        return Findings.summed([Findings.from_document(one) for one in documents]), receipts

    def _typical_values(self, run_id: int, customers: int) -> dict[str, Any]:
        """Compute the typical values of features over a sample of the scored customers, as JSON values."""
        every = -(-customers // TYPICAL_CUSTOMERS)
        sample = [
            who
            for part in range(self.parts.count)
            for who in self.parts.customer_ids(part)
            if crc32(who.encode()) % every == 0
        ]
        rows = self.store.stored_rows(run_id, sample).rows()
        states = [
            CustomerState.of_run(row.party, self.parts.as_of, row.state, row.open_eur, {}) for row in rows
        ]
        return typical_values_of(self.assessor, states).document()

    def _portfolio(self, run_id: int, findings: Findings, totals: LedgerTotals) -> dict[str, Any]:
        """Return the portfolio's own figures as plain JSON values."""
        as_of, lgd_share = self.parts.as_of, self.assessor.policy.expected_loss.lgd_share
        return {
            **portfolio_document(findings, totals.sales(as_of), lgd_share),
            "past_months": totals.past_months(as_of),
            "vintages": totals.vintages.documents(as_of),
            "over_limit": self._over_limit(run_id),
        }

    def _over_limit(self, run_id: int) -> dict[str, Any]:
        today, policy = self.store.now().date(), self.assessor.policy
        return over_limit(self.store, run_id, limits_in_force(self.store, run_id, today, lambda: policy))

    def _totals(self) -> LedgerTotals:
        job = self.parts, self.assessor.policy.currency
        found = list(self.workers.run(_totals_of, job, range(self.parts.count)))
        totals = LedgerTotals.summed(found)
        if not totals.customers:
            raise LedgerError("the ledger holds no customer; import one first")
        return totals

    def _key(self, totals: LedgerTotals) -> RunKey:
        late, default, policy = self.assessor.late, self.assessor.default, self.assessor.policy
        as_of, data = self.parts.as_of, totals.data_hash
        return RunKey(as_of, late.version, default.version, policy.hash, data, STATE_SCHEMA.hash)

    def _score(self, run_id: int, job: ScoringJob, progress: Callable[[int, int], None]) -> None:
        """Score and write the parts that are not yet written."""
        done, count = self.store.done_partitions(run_id), self.parts.count
        left = [part for part in range(count) if part not in done]
        packed = self.workers.run(score_part, job, self._tasks(left, job))
        for written, (part, rows) in enumerate(zip(left, packed, strict=True), start=1 + count - len(left)):
            self.store.write_partition(run_id, part, rows)
            progress(written, count)

    def _tasks(self, parts: list[int], job: ScoringJob) -> Iterator[PartTask]:
        for part in parts:
            if job.run_before is None:
                yield PartTask(part, None)
            else:
                ids = self.parts.customer_ids(part)
                yield PartTask(part, self.store.stored_rows(job.run_before.run_id, ids))


def _totals_of(job: tuple[LedgerParts, str], part: int) -> LedgerTotals:
    parts, currency = job
    return totals_of(parts, currency, part)


def peer_rates(counts: PortfolioCounts) -> dict[str, list[float | None]]:
    """Return peer rates and the portfolio's payment hazards as of the day of the counts, for prospects."""
    groups = np.arange(GROUPS, dtype=np.int64)
    rates = counts.peers.rates(groups, np.full(GROUPS, counts.day, dtype=np.int64))
    table = np.stack([rates["peer_late30_rate"], rates["peer_default_rate"]], axis=1)
    found = {str(group): [None if np.isnan(v) else float(v) for v in table[group]] for group in groups}
    (payments,) = counts.payments.values()
    return {**found, POPULATION: hazards_of(payments).tolist()}
