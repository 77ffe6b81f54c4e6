"""Facade of the store: one method per operation, each in one transaction.

Owns transactions; the statements are in `runs`, `scores`, `promotions` and `models`. `access` holds the
methods on access, `records` those on append-only data, `approvals` those on cases, and `publishing` those on
other published results.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from serving.store import (
    customer_lists,
    grade_changes,
    models,
    outbox,
    portfolio_history,
    promotions,
    runs,
    scores,
)
from serving.store import seals as sealing
from serving.store.access import AccessStore
from serving.store.approvals import ApprovalStore
from serving.store.backups import BackupStore
from serving.store.cached_states import StateStore
from serving.store.closings import ClosingStore
from serving.store.customer_query import CustomerQuery, ForcedFigures
from serving.store.database import NO_KEYS, utc_now
from serving.store.engine import migrate, one_night, open_engine, transaction
from serving.store.follow_up import FollowUpStore
from serving.store.model_evaluations import ModelEvaluationStore
from serving.store.outgoing import OutgoingStore
from serving.store.policy_changes import PolicyChangeStore
from serving.store.portfolio_risk import PortfolioRiskStore
from serving.store.pruning import PrunedStore
from serving.store.publishing import PublishedStore
from serving.store.records import RecordStore
from serving.store.rows import CHANGES
from serving.store.saved_views import SavedViewStore

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

    from sqlalchemy import Connection

    from serving.store.customer_query import SelectionTotals
    from serving.store.hash_chain import AuditKeys
    from serving.store.outbox import NewMessage
    from serving.store.packed_partition import PackedPartition
    from serving.store.pagination import ListPage
    from serving.store.record_rows import StoredModel
    from serving.store.rows import (
        CustomerSummary,
        InvoiceRow,
        Promotion,
        PromotionEntry,
        Run,
        RunKey,
        StoredCustomer,
    )

KEPT_RUNS = 30
NOTHING_FORCED = ForcedFigures()
LONGEST_PAGE = 1000
ASSESSMENTS_AT_ONCE = 500


class Store(
    AccessStore,
    RecordStore,
    ApprovalStore,
    FollowUpStore,
    PublishedStore,
    OutgoingStore,
    StateStore,
    BackupStore,
    PrunedStore,
    SavedViewStore,
    ModelEvaluationStore,
    PolicyChangeStore,
    PortfolioRiskStore,
    ClosingStore,
):
    """Store runs of scores, promotions, access, and append-only data.

    Every method raises `StoreError` if the database is unavailable. A nightly run writes partitions of an
    unpublished run and then publishes it as a whole; reads refer to the published run only. Safe to share
    between threads and processes.

    Parameters
    ----------
    engine
        An engine of `serving.store.engine.open_engine`, migrated.
    clock
        Returns the current time, in UTC.
    """

    @contextmanager
    def one_night(self, waits: Callable[[str], None] = lambda _: None) -> Iterator[None]:
        """Allow one nightly run at a time: another one waits until the end of the block.

        Parameters
        ----------
        waits
            Called once with who scores now, where this has to wait.

        Raises
        ------
        LockHeldError
            The other takes hours.
        """
        with one_night(self._engine, waits):
            yield

    def begin_run(self, key: RunKey) -> Run:
        """Return the run of `key`: a new one, the unfinished one to resume, or the complete one."""
        with transaction(self._engine, writes=True, alone=True) as connection:
            return runs.begin(connection, key, self._clock())

    def done_partitions(self, run_id: int) -> set[int]:
        """Return the written partitions of a run."""
        with transaction(self._engine) as connection:
            return runs.partitions(connection, run_id)

    def write_partition(self, run_id: int, partition: int, packed: PackedPartition) -> None:
        """Write one partition in one transaction, replacing its previous content.

        Raises
        ------
        StoreError
            The run is complete, or a state has another schema than the run; nothing is written.
        """
        with transaction(self._engine, writes=True) as connection:
            runs.clear_partition(connection, run_id, partition, packed, self._clock())
            scores.write(connection, run_id, partition, packed)

    def publish(self, run_id: int, context: Mapping[str, Any], messages: Sequence[NewMessage] = ()) -> Run:
        """Publish a run and keep its figures and grades, then prune runs beyond the last `KEPT_RUNS`.

        The former is one transaction. The run that grades are compared with over the quarter stays too.
        Publishing a published run changes nothing; publishing a complete one again keeps its first context.

        Parameters
        ----------
        messages
            Entered in the outbox in the same transaction, but for those that are in it already.
        """
        with transaction(self._engine, writes=True, alone=True) as connection:
            run = runs.publish(connection, run_id, context, self._clock())
            portfolio_history.keep(connection, run)
            grade_changes.keep(connection, run)
            outbox.add(connection, messages, self._clock())
        with transaction(self._engine, writes=True, alone=True) as connection:
            base = portfolio_history.quarter_base(connection, run.key.as_of)
            runs.prune(connection, KEPT_RUNS, base)
        return run

    def current_run(self) -> Run | None:
        """Return the published run, None before the first publication."""
        with transaction(self._engine) as connection:
            return runs.current(connection)

    def customer(self, customer_id: str) -> StoredCustomer | None:
        """Return a customer of the published run, None if there is none with this id."""
        with transaction(self._engine) as connection:
            return scores.customer(connection, customer_id)

    def search(
        self, q: str, limit: int = 20, offset: int = 0, run_id: int | None = None
    ) -> ListPage[CustomerSummary]:
        """Return a page of the customers that a text finds, as `customer_list` does; all for an empty one."""
        return self.customer_list(CustomerQuery(q), limit, offset, run_id)[0]

    def customer_list(
        self,
        query: CustomerQuery,
        limit: int = 20,
        offset: int = 0,
        run_id: int | None = None,
        forced: ForcedFigures = NOTHING_FORCED,
    ) -> tuple[ListPage[CustomerSummary], SelectionTotals]:
        """Return a page of the customers that a query finds, and the sums over all of them.

        Case and accents do not matter. A page holds at most `LONGEST_PAGE` lines; they are the published
        run's without `run_id`.

        Parameters
        ----------
        forced
            Limits and grades in force that are not the model's own.
        """
        with transaction(self._engine) as connection:
            most = max(min(limit, LONGEST_PAGE), 1)
            return customer_lists.page(connection, query, forced, most, max(offset, 0), run_id)

    def customer_names(self, run_id: int) -> list[tuple[str, str]]:
        """Return id and name of every customer of a run, names without case and accents."""
        with transaction(self._engine) as connection:
            return customer_lists.names(connection, run_id)

    def sectors(self, run_id: int) -> list[str]:
        """Return the sectors of a run's customers, sorted."""
        with transaction(self._engine) as connection:
            return customer_lists.sectors(connection, run_id)

    def known_customers(self, customer_ids: Collection[str]) -> set[str]:
        """Return which of some customers the published run has."""
        with transaction(self._engine) as connection:
            return scores.known(connection, customer_ids)

    def invoices_of(self, customer_id: str) -> tuple[InvoiceRow, ...]:
        """Return a customer's open invoices in the published run, the earliest due date first."""
        with transaction(self._engine) as connection:
            return scores.invoices_of(connection, customer_id)

    def customers_by_risk(self, limit: int = 20) -> tuple[CustomerSummary, ...]:
        """Return the published run's customers by descending probability of default."""
        with transaction(self._engine) as connection:
            return scores.by_risk(connection, limit)

    def assessments(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Yield id and answer of every customer of the published run, sorted by id.

        Read in batches of `ASSESSMENTS_AT_ONCE`, each in its own transaction; all are of the run that was
        published at the first, and there is nothing before one is.
        """
        run, after = self.current_run(), None
        while run is not None:
            with transaction(self._engine) as connection:
                found = scores.assessments(connection, run.run_id, after, ASSESSMENTS_AT_ONCE)
            yield from found
            if len(found) < ASSESSMENTS_AT_ONCE:
                return
            after = found[-1][0]

    def partition_findings(self, run_id: int) -> Iterator[dict[str, Any]]:
        """Yield the results of an incomplete run's partitions in their order, each read by itself."""
        for partition in sorted(self.done_partitions(run_id)):
            with transaction(self._engine) as connection:
                found = runs.partition_findings(connection, run_id, partition)
            if found is not None:
                yield found

    def summaries(self, run_id: int) -> tuple[CustomerSummary, ...]:
        """Return every customer of one run, published or not, sorted by id."""
        with transaction(self._engine) as connection:
            return scores.summaries(connection, run_id)

    def record_promotion(
        self, entry: PromotionEntry, model: StoredModel | None = None, *, only_first: bool = False
    ) -> Promotion:
        """Add an entry to the history of promotions; it can never be changed or deleted.

        Parameters
        ----------
        model
            The model that answers from then on, stored in the same transaction.
        only_first
            Add nothing where a model of the target was promoted before, and return the last of these entries.
        """
        with transaction(self._engine, writes=True, alone=True) as connection:
            if only_first:
                history = promotions.history(connection, entry.target)
                if before := [one for one in history if one.action in CHANGES]:
                    return before[-1]
            if model is not None:
                self._keep_model(connection, model)
            made = promotions.record(connection, entry, self._clock())
            sealing.seal_rows(connection, "promotion", [made.promotion_id], self._audit_keys)
            return made

    def add_model(self, model: StoredModel) -> None:
        """Store a model that was promoted; idempotent."""
        with transaction(self._engine, writes=True, alone=True) as connection:
            self._keep_model(connection, model)

    def _keep_model(self, connection: Connection, model: StoredModel) -> None:
        if models.add(connection, model, self._clock()):
            sealing.seal_rows(connection, "model", [model.model_version], self._audit_keys)

    def model(self, model_version: str) -> StoredModel | None:
        """Return a promoted model by its version, None if it is not stored."""
        with transaction(self._engine) as connection:
            return models.find(connection, model_version)

    def champion(self, target: str) -> StoredModel | None:
        """Return the model that answers for a target; None without a promotion or without the model of it."""
        with transaction(self._engine) as connection:
            return models.champion(connection, target)

    def promotions(self, target: str | None = None) -> tuple[Promotion, ...]:
        """Return the history of a target, or of all, the oldest entry first."""
        with transaction(self._engine) as connection:
            return promotions.history(connection, target)

    def last_promotion(self) -> int | None:
        """Return the id of the newest entry that changed the champion, None without any."""
        with transaction(self._engine) as connection:
            return promotions.last_change(connection, CHANGES)


def open_store(
    url: str, clock: Callable[[], dt.datetime] = utc_now, audit_keys: AuditKeys = NO_KEYS
) -> Store:
    """Open a store, creating its folder and migrating its tables.

    Parameters
    ----------
    url
        A database URL such as `sqlite:///data/encours.db`.
    audit_keys
        Secrets that link the entries of the audit log; without them links are plain hashes.

    Raises
    ------
    StoreError
        The URL cannot be used, the database is away, or it is newer than this program.
    """
    engine = open_engine(url)
    try:
        migrate(engine)
    except BaseException:
        engine.dispose()
        raise
    return Store(engine, clock, audit_keys)
