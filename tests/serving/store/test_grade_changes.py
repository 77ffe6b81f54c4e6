"""The grades of a night outlive its run, whatever the order and the number of publications of a day."""

import datetime as dt
import random
from collections import Counter

import pytest
from sqlalchemy import update

from models.portfolio.grade_paths import STATES, GradePaths
from serving.store import CustomerRow, PackedPartition, Run, Store
from serving.store import store as facade
from serving.store.engine import transaction
from serving.store.schema import CUSTOMERS
from tests.serving.store.builders import AS_OF, a_customer, a_key

EVERYBODY = ("C1", "C2", "C3", "C4")


def rated(customer_id: str, state: str) -> CustomerRow:
    grade, in_default = ("E", True) if state == "default" else (state, False)
    return a_customer(customer_id, grade=grade, in_default=in_default)


def published(store: Store, as_of: dt.date, states: dict[str, str], version: int = 0) -> Run:
    run = store.begin_run(a_key(as_of=as_of, data_hash=f"{version} {sorted(states.items())}"))
    if not run.complete:
        rows = [rated(who, state) for who, state in states.items()]
        store.write_partition(run.run_id, 0, PackedPartition.of(rows, []))
    return store.publish(run.run_id, {})


def history(store: Store, until: dt.date = AS_OF) -> dict[str, list[tuple[dt.date, str]]]:
    """Return each customer's changes; those of customers with one state only, under that state."""
    still, changes = store.grade_paths(until)
    found: dict[str, list[tuple[dt.date, str]]] = {}
    for one in still:
        found.setdefault(f"{one.customers} {one.state}", []).append((one.since, one.state))
    for change in changes:
        found.setdefault(change.customer_id, []).append((change.as_of, change.state))
    return found


def test_only_changes_are_kept_and_they_outlive_their_runs(store: Store, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(facade, "KEPT_RUNS", 1)
    days = [AS_OF - dt.timedelta(days=back) for back in (40, 2, 1, 0)]
    published(store, days[0], {"C1": "A", "C2": "B", "C3": "B"})
    published(store, days[1], {"C1": "A", "C2": "C", "C3": "B"})
    published(store, days[2], {"C1": "A", "C2": "default", "C3": "B"})
    published(store, days[3], {"C1": "A", "C3": "B", "C4": "D"})
    assert history(store) == {
        "1 A": [(days[0], "A")],
        "1 B": [(days[0], "B")],
        "1 D": [(days[3], "D")],
        "C2": [(days[0], "B"), (days[1], "C"), (days[2], "default"), (days[3], "withdrawn")],
    }
    assert [night.as_of for night in store.grade_nights(AS_OF)] == days
    (first, *_) = store.grade_nights(AS_OF)
    assert (first.levels["B"].customers, first.levels["B"].pd_12m) == (2, 0.01)


def test_publishing_the_same_again_changes_nothing(store: Store):
    run = published(store, AS_OF, {"C1": "A"})
    before = history(store)
    store.publish(run.run_id, {})
    published(store, AS_OF, {"C1": "A"})
    assert history(store) == before == {"1 A": [(AS_OF, "A")]}


@pytest.mark.parametrize("seed", range(4))
def test_any_order_of_publications_leaves_what_the_last_of_each_day_says(store: Store, seed: int):
    draw = random.Random(seed)
    days = [AS_OF - dt.timedelta(days=back) for back in range(5)]
    said: dict[dt.date, dict[str, str]] = {}
    for version in range(12):
        day = draw.choice(days)
        some = draw.sample(EVERYBODY, draw.randint(1, len(EVERYBODY)))
        said[day] = {who: draw.choice(("A", "B", "default")) for who in sorted(some)}
        published(store, day, said[day], version)
    paths = GradePaths.of(*store.grade_paths(AS_OF), min(said), AS_OF)
    for night in store.grade_nights(AS_OF):
        on, states = paths.on(night.as_of.toordinal()), list(said[night.as_of].values())
        counted = {state: int(paths.customers[on == code].sum()) for code, state in enumerate(STATES)}
        assert counted == {state: states.count(state) for state in STATES}
        assert {state: level.customers for state, level in night.levels.items()} == Counter(states)
    assert sorted(said) == [night.as_of for night in store.grade_nights(AS_OF)]


def test_a_run_of_an_earlier_version_is_read_from_its_answers(store: Store):
    case = {"pd_12m": 0.5, "grade": "E", "as_of": AS_OF.isoformat()}
    answer = {"case": {**case, **dict.fromkeys(_OTHERS, 0.0), "in_default": True, "open_proceeding": False}}
    rows = [a_customer("C1", grade="E", assessment=answer), a_customer("C2", grade="B")]
    run = store.begin_run(a_key(as_of=AS_OF))
    store.write_partition(run.run_id, 0, PackedPartition.of(rows, []))
    forget_defaults(store)
    store.publish(run.run_id, {})
    assert history(store) == {"1 default": [(AS_OF, "default")], "1 B": [(AS_OF, "B")]}


def test_a_night_whose_defaults_are_unknown_is_left_out(store: Store):
    run = store.begin_run(a_key(as_of=AS_OF))
    store.write_partition(run.run_id, 0, PackedPartition.of([a_customer("C1", grade="E")], []))
    forget_defaults(store)
    store.publish(run.run_id, {})
    assert (history(store), store.grade_nights(AS_OF)) == ({}, [])


_OTHERS = (
    "yearly_sales_forecast_eur",
    "terms_days",
    "expected_days_late",
    "peak_exposure_eur",
    "net_worth_eur",
    "turnover_eur",
    "n_paid_invoices",
    "insured_limit_eur",
    "covered_share",
    "oldest_overdue_days",
)


def forget_defaults(store: Store) -> None:
    with transaction(store._engine, writes=True) as connection:  # as an earlier version left it
        connection.execute(update(CUSTOMERS).values(in_default=None))
