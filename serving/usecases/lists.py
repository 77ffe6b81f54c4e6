"""Show lists of the published night: customers, whom to chase, what changed, and the portfolio.

Owns reading a list with where each of its customers stands, and entering it in the audit log before it is
shown: the run it comes from and whom it names. API, pages and exports show the same lists.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from serving.audit.entries import entry_of
from serving.store import AlertFollowUp, Oversight, WorklistEntry
from serving.usecases.alerts import ShownAlerts
from serving.usecases.customer_file import find_file, worklist_document
from serving.usecases.limit_usage import forced, top_of, usage_of_exposure, usage_of_line
from serving.usecases.portfolio_history import portfolio_history
from serving.usecases.reviews import assignees
from serving.usecases.subjects import find_customer, published_run
from serving.usecases.worklist import follow_up_document, follow_ups_of

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from models.policy.document import Policy
    from models.policy.overrides import InForce
    from models.portfolio.collection_actions import CollectionAction, FollowUp
    from serving.audit.recorder import Recorder
    from serving.callers import Caller
    from serving.store import (
        AlertRow,
        CustomerFile,
        CustomerQuery,
        CustomerSummary,
        ListPage,
        Run,
        SelectionTotals,
        Store,
    )
    from serving.usecases.alerts import AlertFilter
    from serving.usecases.limit_usage import LimitsInForce
    from serving.usecases.portfolio_history import PortfolioHistory
    from serving.usecases.similar_names import SimilarNames
    from serving.usecases.worklist import WorklistFilter

Row = TypeVar("Row")
MOST_ACTIONS = 50
"""Actions that a page shows of one customer."""
AT_ONCE = 500
"""Rows of a whole list that are read from the store at once."""


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who is shown a list, and how; as the audit log enters it.

    Parameters
    ----------
    action
        How it is shown, such as `list`, `page` or `export`.
    question
        What was asked, as JSON values.
    answer_id
        The id on the answer; a new one where it is empty.
    """

    caller: Caller
    action: str
    question: Mapping[str, Any]
    answer_id: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class ShownPage(Generic[Row]):
    """A page of a list of one run.

    Parameters
    ----------
    made
        What persons decided about its customers, by customer.
    """

    run: Run
    page: ListPage[Row]
    made: Mapping[str, InForce]


@dataclass(frozen=True, slots=True, eq=False)
class ShownWorklist:
    """A page of the worklist of one run.

    Parameters
    ----------
    made
        As of `ShownPage`.
    follow_ups
        Where lines are after the actions about them, by customer.
    tones
        How many lines each proposal has, whatever tone or stage is asked for.
    parked
        How many lines of the run wait for their day.
    """

    run: Run
    page: ListPage[WorklistEntry]
    made: Mapping[str, InForce]
    follow_ups: Mapping[str, FollowUp]
    tones: Mapping[str, int]
    parked: int


@dataclass(frozen=True, slots=True, eq=False)
class ShownCustomers(ShownPage["CustomerSummary"]):
    """A page of the list of customers.

    Parameters
    ----------
    totals
        Sums over all customers that were found.
    oversight
        Whose the customers of the page are and who looked at them last, by customer.
    """

    totals: SelectionTotals
    oversight: Mapping[str, Oversight]


@dataclass(frozen=True, slots=True)
class ListChoices:
    """Sectors of the customers, and users to whom customers can be assigned."""

    sectors: tuple[str, ...]
    assignees: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class ShownChase:
    """A customer's line of the worklist of one run.

    Parameters
    ----------
    entry
        None where it has none.
    made, follow_up
        As of `ShownWorklist`; None where nothing was done.
    actions
        What was done, the newest first; at most `MOST_ACTIONS`.
    day
        The day of asking, until which a letter counts interest.
    """

    run: Run
    name: str
    entry: WorklistEntry | None
    made: Mapping[str, InForce]
    follow_up: FollowUp | None
    actions: tuple[CollectionAction, ...]
    day: dt.date


@dataclass(frozen=True, slots=True, eq=False)
class WholeList(Generic[Row]):
    """All rows of a list of one run, read stretch by stretch, whatever is published meanwhile."""

    run: Run
    rows: Iterator[Row]
    made: Mapping[str, InForce]


@dataclass(frozen=True, slots=True, eq=False)
class WholeCustomers(WholeList["CustomerSummary"]):
    """All customers that a query finds, with `oversight` as of `ShownCustomers`."""

    oversight: Mapping[str, Oversight]


@dataclass(frozen=True, slots=True, eq=False)
class ShownPortfolio:
    """The portfolio's figures as JSON values; None where an earlier version published the run."""

    run: Run
    document: dict[str, Any] | None
    made: Mapping[str, InForce]


@dataclass(frozen=True, slots=True)
class PublishedLists:
    """Show lists of the published night; each method blocks, and enters what it returns in the audit log.

    Every method raises `NotPublishedError` where no run is published yet, and `StoreError` where the store is
    away or the log cannot be written: then nothing may be shown.

    Parameters
    ----------
    store
        Opens the store, or raises `StoreError`.
    recorder
        Writes the audit log.
    limits
        Finds the limits and grades in force.
    similar
        Finds customers by names that are close to a text.
    """

    store: Callable[[], Store]
    recorder: Recorder
    limits: LimitsInForce
    similar: SimilarNames

    def customers(self, viewer: Viewer, query: CustomerQuery, limit: int, offset: int) -> ShownCustomers:
        """Return customers that a query finds: by limits and grades in force, and as of today."""
        store = self.store()
        run = published_run(store)
        made = self.limits(run)
        page, totals = store.customer_list(
            self._completed(query, run), limit, offset, run.run_id, forced(made)
        )
        customer_ids = [row.customer_id for row in page.items]
        self._enter(viewer, run, customer_ids)
        return ShownCustomers(run, page, made, totals, store.oversight(customer_ids))

    def choices(self) -> ListChoices:
        """Return what the list of customers can be filtered by."""
        store = self.store()
        return ListChoices(tuple(store.sectors(published_run(store).run_id)), assignees(store))

    def worklist(self, viewer: Viewer, wanted: WorklistFilter, limit: int, offset: int) -> ShownWorklist:
        """Return customers to chase: broken promises, then the most euros to save."""
        store = self.store()
        run = published_run(store)
        found = follow_ups_of(store, run, self.limits.today())
        selection = wanted.selection(found)
        page = store.chased(selection, limit, offset, run.run_id)
        shown = self._shown(viewer, run, page, [one.row.customer_id for one in page.items])
        tones = store.worklist_tones(replace(selection, tones=None), run.run_id)
        return ShownWorklist(shown.run, page, shown.made, found.by_customer, tones, len(found.parked))

    def chase(self, viewer: Viewer, customer_id: str) -> ShownChase:
        """Return a customer's line of the worklist, with what was done about it.

        Raises
        ------
        UnknownCustomerError
            The portfolio does not hold the customer.
        """
        store, today = self.store(), self.limits.today()
        run, customer = published_run(store), find_customer(store, customer_id).row
        line = store.worklist_of(customer_id)
        made = self.limits(run, [customer_id])
        self._enter(viewer, run, [customer_id])
        return ShownChase(
            run,
            customer.name or customer_id,
            None if line is None else WorklistEntry(line, customer.summary()),
            made,
            follow_ups_of(store, run, today).by_customer.get(customer_id),
            store.actions(customer_id, MOST_ACTIONS, 0).items,
            today,
        )

    def alerts(self, viewer: Viewer, wanted: AlertFilter, limit: int, offset: int) -> ShownAlerts:
        """Return customers that changed, the most urgent first."""
        store = self.store()
        run = published_run(store)
        page = wanted.page(store, run, limit, offset)
        ids = [row.customer_id for row in page.items]
        shown = self._shown(viewer, run, page, ids)
        return ShownAlerts(run, page, shown.made, store.alert_follow_ups(run, ids))

    def portfolio(self, viewer: Viewer) -> ShownPortfolio:
        """Return the portfolio's figures."""
        store = self.store()
        run = published_run(store)
        document = store.portfolio(run.run_id)
        made = self.limits(run, top_of(document))
        self._enter(viewer, run)
        return ShownPortfolio(run, document, made)

    def history(self, viewer: Viewer) -> PortfolioHistory | None:
        """Return the portfolio's months and quarters; None where an earlier version published the run."""
        store = self.store()
        run = published_run(store)
        found = portfolio_history(store, run, self.limits(run))
        self._enter(viewer, run)
        return found

    def every_customer(self, viewer: Viewer, query: CustomerQuery) -> WholeCustomers:
        """Return all customers that a query finds, as `customers` does."""
        store = self.store()
        run = published_run(store)
        made = self.limits(run)
        wanted, figures = self._completed(query, run), forced(made)
        self._enter(viewer, run)

        def read(offset: int) -> Sequence[CustomerSummary]:
            return store.customer_list(wanted, AT_ONCE, offset, run.run_id, figures)[0].items

        return WholeCustomers(run, _stretches(read), made, store.oversight())

    def every_chase(self, viewer: Viewer, wanted: WorklistFilter) -> WholeList[WorklistEntry]:
        """Return the whole worklist, as `worklist` does."""
        store = self.store()
        selection = wanted.selection(follow_ups_of(store, published_run(store), self.limits.today()))
        return self._whole(
            viewer, lambda store, run, at: store.chased(selection, AT_ONCE, at, run.run_id).items
        )

    def every_alert(self, viewer: Viewer, wanted: AlertFilter) -> WholeList[tuple[AlertRow, AlertFollowUp]]:
        """Return all alerts, as `alerts` does, each with what was done about it."""
        store = self.store()
        followed = store.alert_follow_ups(published_run(store))

        def read(store: Store, run: Run, offset: int) -> Sequence[tuple[AlertRow, AlertFollowUp]]:
            rows = wanted.page(store, run, AT_ONCE, offset).items
            return [(row, followed.get(row.customer_id, AlertFollowUp())) for row in rows]

        return self._whole(viewer, read)

    def invoices(self, viewer: Viewer, customer_id: str) -> CustomerFile:
        """Return a customer's file, whose open invoices are shown.

        Raises
        ------
        UnknownCustomerError
            The portfolio does not hold the customer.
        """
        store = self.store()
        run, found = published_run(store), find_file(store, customer_id)
        self._enter(viewer, run, [customer_id])
        return found

    def policy(self) -> Policy | None:
        """Return the policy in force; None where no assessor can be had now."""
        return self.limits.policy()

    def version(self) -> tuple[object, ...]:
        """Return what a list depends on, beside the question; enters nothing."""
        return self.limits.version()

    def _completed(self, query: CustomerQuery, run: Run) -> CustomerQuery:
        """Return a query with the day, and the customers whose names are close to its text."""
        return replace(query, similar=self.similar(run.run_id, query.q), today=self.limits.today())

    def _shown(
        self, viewer: Viewer, run: Run, page: ListPage[Row], customer_ids: Sequence[str]
    ) -> ShownPage[Row]:
        made = self.limits(run, customer_ids)
        self._enter(viewer, run, customer_ids)
        return ShownPage(run, page, made)

    def _whole(self, viewer: Viewer, read: Callable[[Store, Run, int], Sequence[Row]]) -> WholeList[Row]:
        store = self.store()
        run = published_run(store)
        made = self.limits(run)
        self._enter(viewer, run)
        return WholeList(run, _stretches(lambda offset: read(store, run, offset)), made)

    def _enter(self, viewer: Viewer, run: Run, customer_ids: Iterable[str] | None = None) -> None:
        """Enter a list; without `customer_ids` it names nobody, or everybody that the question finds."""
        shown: dict[str, Any] = {"run_id": run.run_id, "as_of": run.key.as_of.isoformat()}
        if customer_ids is not None:
            shown["customer_ids"] = list(customer_ids)
        answer_id = viewer.answer_id or None
        entry = entry_of(viewer.caller, viewer.action, viewer.question, shown, answer_id=answer_id)
        self.recorder.record(entry)


def _stretches(read: Callable[[int], Sequence[Row]]) -> Iterator[Row]:
    offset = 0
    while found := read(offset):
        yield from found
        offset += len(found)


def listed_customer(
    line: CustomerSummary, made: Mapping[str, InForce], oversight: Mapping[str, Oversight]
) -> dict[str, Any]:
    """Return a line of the list of customers as plain JSON values."""
    seen = oversight.get(line.customer_id, Oversight())
    return {**asdict(line), **usage_of_line(line, made).document(), **asdict(seen)}


def listed_chase(
    one: WorklistEntry, made: Mapping[str, InForce], follow_up: FollowUp | None = None
) -> dict[str, Any]:
    """Return a line of the worklist as plain JSON values, with what its customer owes in all."""
    standing = usage_of_line(one.summary, made)
    own = {**worklist_document(one.row), "open_eur": standing.open_eur}
    return {**own, "follow_up": follow_up_document(follow_up), **standing.document()}


def listed_exposure(line: Mapping[str, Any], made: Mapping[str, InForce]) -> dict[str, Any]:
    """Return one of the largest exposures of a published portfolio as plain JSON values."""
    return {**line, **usage_of_exposure(line, made).document()}
