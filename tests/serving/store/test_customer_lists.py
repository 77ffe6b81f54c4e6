"""Lists of customers: each filter, each order and the sums, by figures in force."""

import datetime as dt
from collections.abc import Callable

import pytest

from serving.store import (
    SORTS,
    Assignment,
    CustomerQuery,
    CustomerRow,
    ForcedFigures,
    PackedPartition,
    Review,
    SelectionTotals,
    Store,
)
from tests.serving.store.builders import AS_OF, a_customer, a_key, an_invoice

FORCED = ForcedFigures({"C1": 500.0, "C4": 9_000.0}, {"C2": "E"})
DAY = dt.timedelta(days=1)
ROWS = {
    row.customer_id: row
    for row in (
        a_customer("C1", name="Menuiserie Dupont", grade="A", limit_eur=2_000.0, open_eur=1_200.0,
                   overdue_eur=0.0, pd_12m=0.01, p_late30=0.4, sector="43", expected_loss_eur=5.0),
        a_customer("C2", name="Dupont Frères", grade="B", limit_eur=0.0, open_eur=50.0, overdue_eur=50.0,
                   pd_12m=0.02, p_late30=0.1, sector="43", expected_loss_eur=1.0),
        a_customer("C3", name="Électricité Martin", grade="D", limit_eur=100.0, open_eur=-30.0,
                   overdue_eur=5.0, pd_12m=1.0, p_late30=0.3, proceeding="receivership", sector="47",
                   siren=None, expected_loss_eur=0.0),
        a_customer("C4", name="Zinc", grade="C", limit_eur=4_000.0, open_eur=8_000.0, overdue_eur=10.0,
                   pd_12m=0.05, sector=None, siren="552100554", expected_loss_eur=70.0),
    )
}  # fmt: skip


@pytest.fixture
def listed(store: Store) -> Store:
    run = store.begin_run(a_key())
    due = [AS_OF + DAY * days for days in (365, 30, 30, 30)]
    rows = [
        CustomerRow(**{**fields_of(row), "review_on": on}) for row, on in zip(ROWS.values(), due, strict=True)
    ]
    invoices = [an_invoice("FA-2026-0001", "C4"), an_invoice("fa_2", "C1")]
    store.write_partition(run.run_id, 0, PackedPartition.of(rows, invoices))
    store.publish(run.run_id, {})
    return store


def fields_of(row: CustomerRow) -> dict[str, object]:
    return {name: getattr(row, name) for name in CustomerRow.__slots__}


def found(store: Store, query: CustomerQuery, forced: ForcedFigures = FORCED) -> list[str]:
    page, totals = store.customer_list(query, 50, forced=forced)
    assert page.total == totals.customers == len(page.items)
    return [one.customer_id for one in page.items]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (CustomerQuery(grade="E"), ["C2"]),
        (CustomerQuery(grade="B"), []),
        (CustomerQuery(is_overdue=True), ["C2", "C3", "C4"]),
        (CustomerQuery(is_over_limit=True), ["C2", "C1"]),
        (CustomerQuery(sector="43"), ["C2", "C1"]),
        (CustomerQuery(has_proceeding=True), ["C3"]),
        (CustomerQuery(customer_ids=("C1", "C4")), ["C1", "C4"]),
        (CustomerQuery("dupont menuiserie"), ["C1"]),
        (CustomerQuery("552 100 554 00013"), ["C4"]),
        (CustomerQuery("fa-2026-0001"), ["C4"]),
        (CustomerQuery("FA_2"), ["C1"]),
        (CustomerQuery("FA_"), []),
        (CustomerQuery("dupont", similar=("C4", "C1")), ["C2", "C1", "C4"]),
        (CustomerQuery("zinq", similar=("C4", "C3")), ["C4", "C3"]),
        (CustomerQuery("dupont", sector="43", is_over_limit=True, sort="grade"), ["C1", "C2"]),
    ],
    ids=str,
)
def test_a_customer_is_listed_where_it_meets_every_condition(
    listed: Store, query: CustomerQuery, expected: list[str]
):
    assert found(listed, query) == expected


def test_without_overrides_the_models_figures_count(listed: Store):
    nothing = ForcedFigures()
    assert found(listed, CustomerQuery(is_over_limit=True), nothing) == ["C2", "C4"]
    assert found(listed, CustomerQuery(grade="B"), nothing) == ["C2"]


WAYS: dict[str, Callable[[CustomerRow], object]] = {
    "name": lambda row: {"Zinc": "z", "Électricité Martin": "e"}.get(str(row.name), str(row.name).lower()),
    "grade": lambda row: FORCED.grades.get(row.customer_id, row.grade),
    "use_share": lambda row: {"C1": 2.4, "C2": 1e12, "C3": -0.3, "C4": 8 / 9}[row.customer_id],
}


@pytest.mark.parametrize("is_descending", [False, True])
@pytest.mark.parametrize("sort", SORTS)
def test_each_order_is_the_one_of_the_figures(listed: Store, sort: str, is_descending: bool):
    way = WAYS.get(sort, lambda row: getattr(row, sort))
    expected = sorted(ROWS, key=lambda one: way(ROWS[one]), reverse=is_descending)  # type: ignore[arg-type, return-value]
    query = CustomerQuery(sort=sort, is_descending=is_descending)  # type: ignore[arg-type]  # of `SORTS`
    assert found(listed, query) == expected


def test_the_sums_are_over_all_that_is_found_whatever_the_page(listed: Store):
    page, totals = listed.customer_list(CustomerQuery(), 1, 2, forced=FORCED)
    assert len(page.items) == 1
    assert totals == SelectionTotals(4, 9_250.0, 65.0, 750.0, 76.0)
    assert listed.customer_list(CustomerQuery("nobody"))[1] == SelectionTotals(0, 0.0, 0.0, 0.0, 0.0)


def test_a_loss_that_is_not_known_is_not_summed(store: Store):
    run = store.begin_run(a_key())
    rows = [a_customer("C1", expected_loss_eur=5.0), a_customer("C2")]
    store.write_partition(run.run_id, 0, PackedPartition.of(rows, []))
    store.publish(run.run_id, {})
    assert store.customer_list(CustomerQuery())[1].expected_loss_eur is None


def test_a_review_counts_for_the_interval_of_the_customers_grade(listed: Store):
    listed.add_reviews([Review(one, "anne", AS_OF) for one in ("C1", "C2")], [])
    for days, due in ((0, ["C3", "C4"]), (29, ["C3", "C4"]), (30, ["C2", "C3", "C4"]), (365, list(ROWS))):
        today = AS_OF + DAY * days
        assert sorted(found(listed, CustomerQuery(review="due", today=today))) == due
        done = sorted(ROWS.keys() - set(due))
        assert sorted(found(listed, CustomerQuery(review="done", today=today))) == done


def test_customers_are_found_by_whose_they_are_now(listed: Store):
    listed.add_assignments([Assignment("C1", "anne", "claire"), Assignment("C2", "anne", "claire")], [])
    listed.add_assignments([Assignment("C2", None, "claire"), Assignment("C3", "bruno", "claire")], [])
    assert found(listed, CustomerQuery(assignee="anne")) == ["C1"]
    assert found(listed, CustomerQuery(is_unassigned=True)) == ["C2", "C4"]
    assert {one: seen.assignee for one, seen in listed.oversight().items()} == {
        "C1": "anne",
        "C3": "bruno",
    }
