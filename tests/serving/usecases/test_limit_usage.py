"""A list tells of a customer what its page tells, whoever decided what, at the cost of a question or two."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event

from models.policy.overrides import InForce
from serving.store import Store
from serving.usecases.limit_usage import LimitUsage, top_of, usage_of
from serving.usecases.subjects import published_run
from tests.serving.fakes import FakeAssessor, TestClient, a_client, an_app
from tests.serving.served import overridden, served
from tests.serving.store.builders import an_override
from tests.serving.web.visiting import said, visitor, with_people

LISTS = ["/v1/customers?limit=200", "/v1/worklist?limit=500", "/v1/alerts?limit=500", "/v1/portfolio"]
EUROS = st.floats(0, 1e6).map(lambda eur: round(eur, 2))


@given(limit=EUROS, owed=st.floats(-1e6, 1e6).map(lambda eur: round(eur, 2)))
def test_over_the_limit_is_a_use_above_1_or_anything_owed_where_the_limit_is_nothing(
    limit: float, owed: float
):
    stands = usage_of("C1", limit, "B", owed, {})
    assert (stands.over_eur > 0) == (owed > limit)
    if limit:
        assert stands.use_share == owed / limit
        assert (stands.use_share > 1) == (stands.over_eur > 0)
    else:
        assert stands.use_share is None


def test_an_override_counts_and_a_stop_leaves_the_models_own():
    by_hand = InForce(5_000.0, "override", "B", "override", 1_000.0, "C", ())
    stopped = InForce(0.0, "stop", "E", "stop", 0.0, "E", ())
    made = {"C1": by_hand, "C2": stopped}
    assert usage_of("C1", 1_000.0, "C", 2_000.0, made) == LimitUsage(
        5_000.0, "override", "B", "override", 1_000.0, "C", 2_000.0
    )
    assert usage_of("C2", 0.0, "E", 10.0, made) == LimitUsage(0.0, "stop", "E", "stop", 0.0, "E", 10.0)
    assert usage_of("C3", 7.0, "A", 0.0, made) == LimitUsage(7.0, "model", "A", "model", 7.0, "A", 0.0)


def test_no_portfolio_has_no_exposures():
    assert top_of(None) == []


def found_in(path: str, customer_id: str) -> dict[str, object]:
    document = served().client().get(path).json()
    lines = document.get("items", document.get("top_exposures"))
    return next(line for line in lines if line["customer_id"] == customer_id)


def place_of(customer_id: str, path: str) -> int:
    """Return how many lines of a list stand before a customer's."""
    lines = served().client().get(path).json()["items"]
    return [line["customer_id"] for line in lines].index(customer_id)


def in_every_list() -> str:
    """Return a customer that every list holds and nothing stops."""
    documents = [served().client().get(path).json() for path in LISTS]
    lines = [document.get("items", document.get("top_exposures")) for document in documents]
    everywhere = set.intersection(*({line["customer_id"] for line in found} for found in lines))
    free = [line for line in lines[0] if line["customer_id"] in everywhere and line["limit_eur"] > 0]
    return str(free[0]["customer_id"])


@pytest.mark.parametrize(("kind", "value"), [("limit", 1_000.0), ("grade", "D"), ("limit", 0.0)])
def test_every_list_tells_what_the_customers_own_file_tells(kind: str, value: object):
    customer_id, client = in_every_list(), served().client()
    with overridden(customer_id, kind, value):
        file = client.get(f"/v1/customers/{customer_id}").json()
        for path in LISTS:
            line = found_in(path, customer_id)
            assert line["limit_in_force_eur"] == file["in_force"]["limit_eur"], path
            assert line["limit_from"] == file["in_force"]["limit_from"] == "override", path
            assert line["grade_in_force"] == file["in_force"]["grade"], path
            assert line["use_share"] == pytest.approx(file["exposure"]["limit_use"]), path
            assert line["open_eur"] == file["exposure"]["open_eur"], path
    line = found_in(LISTS[0], customer_id)
    assert (line["limit_from"], line["limit_in_force_eur"]) == ("model", line["limit_eur"])


def test_the_pages_show_what_is_in_force_with_the_models_own_beside_it_and_say_who_is_over_it():
    customer_id = in_every_list()
    with overridden(customer_id, "limit", 1_000.0):
        line = found_in(LISTS[0], customer_id)
        over = f"dépassé de {line['over_limit_eur']:,.0f} €".replace(",", " ")
        places = {name: place_of(customer_id, f"/v1/{name}?limit=500") for name in ("worklist", "alerts")}
        pages = [f"/{name}?offset={place}" for name, place in places.items()]
        for path in (f"/?q={customer_id}", "/portfolio", *pages):
            text = " ".join(said(visitor().get(path)).split())
            assert over in text, path
            assert "par dérogation : calcul" in text, path


def test_the_tables_tell_it_too():
    customer_id = in_every_list()
    with overridden(customer_id, "limit", 1_000.0):
        for name in ("customers", "worklist"):
            text = visitor().get(f"/exports/{name}.csv").text
            row = next(line for line in text.splitlines() if f"{customer_id};" in line)
            assert ";1000;dérogation;" in row, name
        assert ";1000;dérogation;" in visitor().get("/exports/portfolio.csv").text


@contextmanager
def counted(store: Store) -> Iterator[list[str]]:
    """Note every statement that reaches the database."""
    told: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if statement.lstrip().upper().startswith("SELECT"):
            told.append(statement)

    event.listen(store._engine, "before_cursor_execute", note)
    try:
        yield told
    finally:
        event.remove(store._engine, "before_cursor_execute", note)


@pytest.mark.parametrize("path", LISTS[:3])
def test_a_longer_list_asks_the_store_no_more_often(path: str):
    client, name = served().client(), path.split("?", maxsplit=1)[0]
    customers = [line.customer_id for line in served().store.search("", 40).items]
    client.get(name, params={"limit": 1})
    with counted(served().store) as short:
        client.get(name, params={"limit": 2})
    with overridden(customers[0], "limit", 1_000.0), overridden(customers[5], "limit", 2_000.0):
        client.get(name, params={"limit": 1})
        with counted(served().store) as long:
            client.get(name, params={"limit": 150})
    # A key is looked up anew every three seconds, whatever is asked.
    asked = [sum("api_keys" not in one for one in statements) for statements in (short, long)]
    # Of the customers with an override their files are read, and the schema of their states, in one go each.
    assert asked[0] <= asked[1] <= asked[0] + 2


def test_an_override_is_another_tag_of_a_list(store: Store, assessor: FakeAssessor):
    client: TestClient = a_client(an_app(store, assessor), store)
    tag = client.get("/v1/customers").headers["ETag"]
    store.add_override(an_override(customer_id="C1"))
    answer = client.get("/v1/customers", headers={"If-None-Match": tag})
    assert (answer.status_code, answer.headers["ETag"] != tag) == (200, True)


def test_a_list_depends_on_the_night_the_overrides_the_day_and_the_policy():
    wiring = with_people().app.state.wiring
    run, override, day, policy = wiring.limits.version()
    assert run == published_run(wiring.store()).run_id
    assert override[0] == wiring.store().last_override_id()
    assert day == wiring.today()
    assert policy == wiring.assessors.get().policy.hash


def test_nobody_decided_nothing_is_nothing_read(store: Store, assessor: FakeAssessor):
    wiring = an_app(store, assessor).state.wiring
    with counted(store) as told:
        assert wiring.limits(published_run(store)) == {}
    assert len(told) == 2
