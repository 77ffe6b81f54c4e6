"""Questions about known customers, asked together."""

import asyncio
import datetime as dt
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import orjson
import pytest
from sqlalchemy import create_engine, select, text

from models.assessment.assessment import CreditRequest
from models.errors import CreditError, StoreError, UnknownCustomerError
from serving.audit.answers import Answer
from serving.schemas.questions import AssessmentIn
from serving.store import Override, PreparedEntry, Store
from serving.store.answer_templates import texts
from serving.store.engine import transaction
from serving.store.schema import AUDIT
from serving.usecases.assessment_batcher import LARGEST_BATCH
from serving.usecases.customer_cache import FRESH_S
from tests.serving.fakes import FakeAssessor, a_client, a_published_store, an_app
from tests.serving.usecases.asking import a_batcher, ask, ask_together, end, today

REFUSED = 13.0


class Picky(FakeAssessor):
    """Answers everything but one amount."""

    def before_a_group(self, requests: Sequence[CreditRequest]) -> None:
        if any(request.amount_eur == REFUSED for request in requests):
            raise CreditError("not this one")


def about(customer_id: str = "C1", amount: float = 100.0) -> AssessmentIn:
    return AssessmentIn(customer_id=customer_id, amount_eur=amount, terms_days=30)


def test_each_is_answered_about_what_it_asked_and_everything_is_in_the_log(store: Store):
    batcher = a_batcher(store)
    found = ask_together(batcher, *(about(amount=100.0 + at) for at in range(100)))
    amounts = [orjson.loads(one.body)["request"]["amount_eur"] for one in found if isinstance(one, Answer)]
    assert amounts == [100.0 + at for at in range(100)]
    logged = {entry.answer_id: entry for entry in store.audit(limit=500).items}
    for one in found:
        assert isinstance(one, Answer)
        entry = logged.pop(one.answer_id)
        assert entry.answer == orjson.loads(one.body)
        assert (entry.who, entry.action, entry.sound) == ("anne", "assessment", True)
        assert store.stored_state(entry.state_hash or "") is not None
    assert logged == {}
    end(batcher)


class Counting(FakeAssessor):
    """Notes how many are answered together."""

    def __init__(self) -> None:
        super().__init__()
        self.groups: list[int] = []

    def before_a_group(self, requests: Sequence[CreditRequest]) -> None:
        self.groups.append(len(requests))


def test_who_asks_alone_is_answered_alone_and_those_who_asked_together_are_waited_for(store: Store):
    counting = Counting()
    batcher = a_batcher(store, counting)

    async def asked() -> None:
        await ask(batcher, about())
        await asyncio.gather(*(ask(batcher, about(amount=1.0 + at)) for at in range(8)))
        waiting = []
        for at in range(8):
            waiting.append(ask(batcher, about(amount=1.0 + at)))
            await asyncio.sleep(0)
        await asyncio.gather(*waiting)

    asyncio.run(asked())
    assert counting.groups == [1, 8, 8]
    end(batcher)


def test_who_does_not_come_is_not_waited_for_long(store: Store):
    counting = Counting()
    batcher = a_batcher(store, counting)

    async def asked() -> None:
        for count in (8, 3, 1):
            await asyncio.gather(*(ask(batcher, about(amount=1.0 + at)) for at in range(count)))

    asyncio.run(asyncio.wait_for(asked(), 30))
    assert counting.groups == [8, 3, 1]
    end(batcher)


def test_while_a_group_is_written_nobody_else_is_answered(store: Store, monkeypatch: pytest.MonkeyPatch):
    counting, may_write = Counting(), threading.Event()
    batcher = a_batcher(store, counting)
    record = store.record_prepared

    def waiting(entries: Sequence[PreparedEntry]) -> None:
        may_write.wait(30)
        record(entries)

    async def asked() -> None:
        await ask(batcher, about())
        monkeypatch.setattr(store, "record_prepared", waiting)
        first = ask(batcher, about(amount=2.0))
        while len(counting.groups) < 2:
            await asyncio.sleep(0.01)
        many = [ask(batcher, about(amount=9.0 + at)) for at in range(LARGEST_BATCH + 3)]
        await asyncio.sleep(0.1)
        assert counting.groups == [1, 1]
        may_write.set()
        await asyncio.gather(first, *many)

    asyncio.run(asked())
    assert counting.groups == [1, 1, LARGEST_BATCH, 3]
    assert len(store.audit(limit=500).items) == 2 + LARGEST_BATCH + 3
    end(batcher)


def test_an_unknown_customer_is_told_so_and_the_others_are_answered(store: Store):
    batcher = a_batcher(store)
    known, unknown, other = ask_together(batcher, about(), about("nobody"), about("411/B"))
    assert isinstance(known, Answer)
    assert isinstance(unknown, UnknownCustomerError)
    assert isinstance(other, Answer)
    end(batcher)


def test_one_that_cannot_be_answered_does_not_take_the_others_with_it(store: Store):
    batcher = a_batcher(store, Picky())
    first, refused, last = ask_together(batcher, about(), about(amount=REFUSED), about(amount=7.0))
    assert isinstance(first, Answer)
    assert isinstance(refused, CreditError)
    assert isinstance(last, Answer)
    assert len(store.audit().items) == 2
    end(batcher)


def test_an_override_of_this_process_counts_at_once_and_its_withdrawal_too(store: Store):
    batcher = a_batcher(store)

    def in_force() -> float:
        (found,) = ask_together(batcher, about())
        assert isinstance(found, Answer)
        limit: float = orjson.loads(found.body)["in_force"]["limit_eur"]
        return limit

    own = in_force()
    made = store.add_override(
        Override("C1", "limit", 1_234.0, "paid in advance", "anne", today() + dt.timedelta(days=9))
    )
    batcher.refresh()
    assert in_force() == 1_234.0
    store.withdraw_override(made.override_id, "anne", "no more")
    batcher.refresh()
    assert in_force() == own
    end(batcher)


def test_what_another_process_changed_counts_for_the_first_question_after_a_quiet_time(store: Store):
    batcher = a_batcher(store)
    until = today() + dt.timedelta(days=9)
    ask_together(batcher, about())
    store.add_override(Override("C1", "limit", 1_234.0, "paid in advance", "anne", until))
    batcher._cache._looked_at -= FRESH_S
    (found,) = ask_together(batcher, about())
    assert isinstance(found, Answer)
    assert orjson.loads(found.body)["in_force"]["limit_eur"] == 1_234.0
    end(batcher)


def logged(store: Store) -> list[bytes | None]:
    """Return the texts of the log's answers, the oldest first."""
    with transaction(store._engine) as connection:
        packed = connection.scalars(select(AUDIT.c.answer).order_by(AUDIT.c.audit_id)).all()
        return texts(connection, packed)


def test_the_log_holds_the_bytes_that_go_out(store: Store):
    batcher = a_batcher(store)
    found = ask_together(batcher, *(about(amount=2.0 + at) for at in range(2 * LARGEST_BATCH)))
    bodies = [one.body for one in found if isinstance(one, Answer)]
    assert sorted(text or b"" for text in logged(store)) == sorted(bodies)
    assert len(bodies) == 2 * LARGEST_BATCH
    assert store.check_audit().sound
    end(batcher)


def test_a_database_put_back_from_a_copy_of_before_gets_the_states_again(store: Store):
    batcher = a_batcher(store)
    ask_together(batcher, about(amount=1.0))
    with transaction(store._engine, writes=True) as connection:
        for table in ("audit", "kept_states"):
            connection.exec_driver_sql(f"DROP TRIGGER {table}_no_delete")
            connection.exec_driver_sql(f"DELETE FROM {table}")
    ask_together(batcher, about(amount=2.0))
    assert store.check_audit().sound
    assert len(store.audit().items) == 1
    end(batcher)


@dataclass
class Moving:
    """A store that is away now and then."""

    store: Store
    away: bool = False

    def opened(self) -> Store:
        if self.away:
            raise StoreError("the store is away")
        return self.store


def test_a_store_that_is_away_is_told_and_answers_again_once_it_is_back(store: Store):
    moving = Moving(store)
    batcher = a_batcher(store, opened=moving.opened)
    assert isinstance(ask_together(batcher, about())[0], Answer)
    moving.away = True
    for _ in range(2):
        assert isinstance(ask_together(batcher, about())[0], StoreError)
    moving.away = False
    assert isinstance(ask_together(batcher, about())[0], Answer)
    assert len(store.audit().items) == 2
    end(batcher)


def test_a_database_that_others_hold_gives_503_and_answers_once_they_let_go(tmp_path: Path):
    with closing(a_published_store(tmp_path)) as store:
        app = an_app(store, FakeAssessor())
        body = {"customer_id": "C1", "amount_eur": 10.0}
        with a_client(app, store) as client:
            assert client.post("/v1/assessments", json=body).status_code == 200
            engine = create_engine(f"sqlite:///{tmp_path}/encours.db")
            with engine.begin() as connection:
                connection.execute(text("ALTER TABLE audit RENAME TO gone"))
            refused = client.post("/v1/assessments", json=body)
            assert refused.status_code == 503
            assert refused.json()["type"].endswith("store-away")
            assert refused.headers["Retry-After"]
            with engine.begin() as connection:
                connection.execute(text("ALTER TABLE gone RENAME TO audit"))
            engine.dispose()
            assert client.post("/v1/assessments", json=body).status_code == 200


def test_a_process_that_ends_answers_nobody_any_more(store: Store):
    batcher = a_batcher(store)
    end(batcher)
    assert isinstance(ask_together(batcher, about())[0], StoreError)


def test_it_serves_one_loop_after_another(store: Store):
    batcher = a_batcher(store)
    with ThreadPoolExecutor(1) as thread:
        for _ in range(3):
            (found,) = thread.submit(ask_together, batcher, about()).result(30)
            assert isinstance(found, Answer)
    end(batcher)


def test_one_that_went_away_does_not_take_the_others_with_it(store: Store):
    batcher = a_batcher(store)

    async def asked() -> list[Answer]:
        answers = []
        for customer_id in ("C1", "nobody"):
            away = ask(batcher, about(customer_id))
            await asyncio.sleep(0)
            away.cancel()
            answers.append(await ask(batcher, about(amount=2.0)))
        return answers

    assert len(asyncio.run(asyncio.wait_for(asked(), 30))) == 2
    end(batcher)
