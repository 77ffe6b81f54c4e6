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
from sqlalchemy import create_engine, func, select, text

from models.assessment.assessment import CreditRequest
from models.errors import CreditError, StoreError, UnknownCustomerError
from serving.api.schemas.questions import AssessmentIn
from serving.api.schemas.records import AnsweredAssessmentOut
from serving.known.desk import MOST_AT_ONCE
from serving.known.memory import FRESH_S
from serving.known.writing import Written
from serving.services import Services
from serving.settings import Settings
from serving.store import Override, PreparedEntry, Store, forms, open_store, packing
from serving.store.engine import transaction
from serving.store.schema import AUDIT, KEPT_FORMS
from tests.serving.fakes import FakeAssessor, a_client, a_published_store, an_app
from tests.serving.known.asking import ANNE, ask, ask_together

REFUSED = 13.0


class Picky(FakeAssessor):
    """Answers everything but one amount."""

    def before_a_group(self, requests: Sequence[CreditRequest]) -> None:
        if any(request.amount_eur == REFUSED for request in requests):
            raise CreditError("not this one")


def about(customer_id: str = "C1", amount: float = 100.0) -> AssessmentIn:
    return AssessmentIn(customer_id=customer_id, amount_eur=amount, terms_days=30)


def services_of(store: Store, assessor: FakeAssessor | None = None) -> Services:
    return Services(Settings(_env_file=None), assessor or FakeAssessor(), store)


def test_each_is_answered_about_what_it_asked_and_everything_is_in_the_log(store: Store):
    services = services_of(store)
    found = ask_together(services, *(about(amount=100.0 + at) for at in range(100)))
    amounts = [orjson.loads(one.body)["request"]["amount_eur"] for one in found if isinstance(one, Written)]
    assert amounts == [100.0 + at for at in range(100)]
    logged = {entry.answer_id: entry for entry in store.audit(limit=500).items}
    for one in found:
        assert isinstance(one, Written)
        entry = logged.pop(one.answer_id)
        assert entry.answer == orjson.loads(one.body)
        assert (entry.who, entry.action, entry.sound) == ("anne", "assessment", True)
        assert store.kept_state(entry.state_hash or "") is not None
    assert logged == {}
    services.close()


class Counting(FakeAssessor):
    """Notes how many are answered together."""

    def __init__(self) -> None:
        super().__init__()
        self.groups: list[int] = []

    def before_a_group(self, requests: Sequence[CreditRequest]) -> None:
        self.groups.append(len(requests))


def test_those_who_come_pass_by_pass_are_answered_together(store: Store):
    counting = Counting()
    services = services_of(store, counting)

    async def asked() -> None:
        await ask(services, about())
        waiting = []
        for at in range(MOST_AT_ONCE + 3):
            waiting.append(ask(services, about(amount=1.0 + at)))
            await asyncio.sleep(0)
        await asyncio.gather(*waiting)

    asyncio.run(asked())
    assert counting.groups == [1, MOST_AT_ONCE, 3]
    services.close()


def test_while_a_group_is_written_nobody_else_is_answered(store: Store, monkeypatch: pytest.MonkeyPatch):
    counting, may_write = Counting(), threading.Event()
    services = services_of(store, counting)
    record = store.record_prepared

    def waiting(entries: Sequence[PreparedEntry]) -> None:
        may_write.wait(30)
        record(entries)

    async def asked() -> None:
        await ask(services, about())
        monkeypatch.setattr(store, "record_prepared", waiting)
        first = ask(services, about(amount=2.0))
        while len(counting.groups) < 2:
            await asyncio.sleep(0.01)
        many = [ask(services, about(amount=9.0 + at)) for at in range(MOST_AT_ONCE + 3)]
        await asyncio.sleep(0.1)
        assert counting.groups == [1, 1]
        may_write.set()
        await asyncio.gather(first, *many)

    asyncio.run(asked())
    assert counting.groups == [1, 1, MOST_AT_ONCE, 3]
    assert len(store.audit(limit=500).items) == 2 + MOST_AT_ONCE + 3
    services.close()


def test_an_answer_is_what_the_ordinary_way_answers(store: Store):
    with a_client(an_app(store, FakeAssessor()), store) as client:
        body = {"customer_id": "C1", "amount_eur": 0.1 + 0.2, "terms_days": 45}
        short = client.post("/v1/assessments", json=body)
        ordinary = client.post(
            "/v1/assessments", json=body, headers={"content-type": "application/json; charset=utf-8"}
        )
    for answer in (short, ordinary):
        assert answer.status_code == 200
        AnsweredAssessmentOut.model_validate(answer.json())
        assert answer.headers["X-Answer-Id"] == answer.json()["answer_id"]
    for name in ("content-security-policy", "cache-control", "x-content-type-options"):
        assert short.headers[name] == ordinary.headers[name]
    same = {name: value for name, value in short.json().items() if name != "answer_id"}
    assert same == {name: value for name, value in ordinary.json().items() if name != "answer_id"}
    entries = [store.audit_entry(answer.json()["answer_id"]) for answer in (short, ordinary)]
    first, second = entries
    assert first is not None
    assert second is not None
    assert first.question == second.question
    assert first.state_hash == second.state_hash


def test_an_unknown_customer_is_told_so_and_the_others_are_answered(store: Store):
    services = services_of(store)
    known, unknown, other = ask_together(services, about(), about("nobody"), about("411/B"))
    assert isinstance(known, Written)
    assert isinstance(unknown, UnknownCustomerError)
    assert isinstance(other, Written)
    services.close()


def test_one_that_cannot_be_answered_does_not_take_the_others_with_it(store: Store):
    services = services_of(store, Picky())
    first, refused, last = ask_together(services, about(), about(amount=REFUSED), about(amount=7.0))
    assert isinstance(first, Written)
    assert isinstance(refused, CreditError)
    assert isinstance(last, Written)
    assert len(store.audit().items) == 2
    services.close()


def test_an_override_of_this_process_counts_at_once_and_its_withdrawal_too(store: Store):
    services = services_of(store)
    today = services.today()

    def in_force() -> float:
        (found,) = ask_together(services, about())
        assert isinstance(found, Written)
        limit: float = orjson.loads(found.body)["in_force"]["limit_eur"]
        return limit

    own = in_force()
    made = store.add_override(
        Override("C1", "limit", 1_234.0, "paid in advance", "anne", today + dt.timedelta(days=9))
    )
    services.desk.look_again()
    assert in_force() == 1_234.0
    store.withdraw_override(made.override_id, "anne", "no more")
    services.desk.look_again()
    assert in_force() == own
    services.close()


def test_what_another_process_changed_counts_for_the_first_question_after_a_quiet_time(store: Store):
    services = services_of(store)
    until = services.today() + dt.timedelta(days=9)
    ask_together(services, about())
    store.add_override(Override("C1", "limit", 1_234.0, "paid in advance", "anne", until))
    services.desk._memory._looked_at -= FRESH_S
    (found,) = ask_together(services, about())
    assert isinstance(found, Written)
    assert orjson.loads(found.body)["in_force"]["limit_eur"] == 1_234.0
    services.close()


def heads(store: Store) -> list[bytes]:
    """Return what each answer of the log begins with, the oldest first."""
    with transaction(store._engine) as connection:
        return [row[:1] for row in connection.scalars(select(AUDIT.c.answer).order_by(AUDIT.c.audit_id))]


def logged(store: Store) -> list[bytes | None]:
    """Return the texts of the log's answers, the oldest first."""
    with transaction(store._engine) as connection:
        packed = connection.scalars(select(AUDIT.c.answer).order_by(AUDIT.c.audit_id)).all()
        return forms.texts(connection, packed)


def form_count(store: Store) -> int:
    with transaction(store._engine) as connection:
        return connection.scalar(select(func.count()).select_from(KEPT_FORMS)) or 0


def bodies(found: Sequence[Written | Exception]) -> list[bytes]:
    return [one.body for one in found if isinstance(one, Written)]


def test_a_customer_asked_about_once_costs_no_form_and_from_the_third_answer_on_gaps_are_enough(store: Store):
    services, sent, counts = services_of(store), [], []
    for at in range(4):
        sent += bodies(ask_together(services, about(amount=100.0 + at)))
        counts.append(form_count(store))
    assert logged(store) == sent
    assert heads(store) == [packing.BY_WORDS, forms.FILLED, forms.FILLED, forms.FILLED]
    assert counts == [0, 1, 1, 1]
    assert store.check_audit().sound
    services.close()


def test_several_questions_about_a_customer_in_one_group_count_as_one_answer(store: Store):
    services, sent = services_of(store), []
    for _ in range(3):
        sent += bodies(ask_together(services, about(amount=1.0), about(amount=2.0), about("411/B")))
    assert logged(store) == sent
    assert heads(store) == [packing.BY_WORDS] * 3 + [forms.FILLED] * 6
    assert form_count(store) == 2
    services.close()


def test_groups_of_which_none_knows_the_other_committed_bring_the_form_each_and_it_is_kept_once(store: Store):
    services = services_of(store)
    sent = bodies(ask_together(services, about(amount=1.0)))
    sent += bodies(ask_together(services, *(about(amount=2.0 + at) for at in range(3 * MOST_AT_ONCE))))
    assert sorted(text or b"" for text in logged(store)) == sorted(sent)
    assert len(sent) == 1 + 3 * MOST_AT_ONCE
    assert set(heads(store)[1:]) == {forms.FILLED}
    assert form_count(store) == 1
    services.close()


def test_two_processes_keep_the_same_form_once(tmp_path: Path):
    with closing(a_published_store(tmp_path)) as one, closing(open_store(one_url(tmp_path))) as other:
        both, sent = [services_of(one), services_of(other)], []
        for at in range(3):
            for services in both:
                sent += bodies(ask_together(services, about(amount=100.0 + at)))
        assert logged(one) == sent
        assert heads(one) == [packing.BY_WORDS] * 2 + [forms.FILLED] * 4
        assert form_count(one) == 1
        for services in both:
            services.close()


def one_url(folder: Path) -> str:
    return f"sqlite:///{folder}/encours.db"


def test_after_a_failed_commit_nothing_is_believed_kept(store: Store):
    services = services_of(store)
    sent = bodies(ask_together(services, about(amount=1.0)))
    refuse(store, "kept_forms", on=True)
    assert isinstance(ask_together(services, about(amount=2.0))[0], StoreError)
    refuse(store, "kept_forms", on=False)
    for amount in (3.0, 4.0, 5.0):
        sent += bodies(ask_together(services, about(amount=amount)))
    assert logged(store) == sent
    assert heads(store) == [packing.BY_WORDS, packing.BY_WORDS, forms.FILLED, forms.FILLED]
    assert form_count(store) == 1
    services.close()


def refuse(store: Store, table: str, *, on: bool) -> None:
    """Have the database refuse new rows of a table, or take them again."""
    statement = f"CREATE TRIGGER full BEFORE INSERT ON {table} BEGIN SELECT RAISE(ABORT, 'full'); END"
    with transaction(store._engine, writes=True) as connection:
        connection.exec_driver_sql(statement if on else "DROP TRIGGER full")


def test_a_database_that_has_lost_a_form_is_found_out_before_anything_rests_on_it(store: Store):
    services = services_of(store)
    for amount in (1.0, 2.0, 3.0):
        ask_together(services, about(amount=amount))
    # As one that was put back from a copy of before.
    with transaction(store._engine, writes=True) as connection:
        for table in ("audit", "kept_forms"):
            connection.exec_driver_sql(f"DROP TRIGGER {table}_no_delete")
            connection.exec_driver_sql(f"DELETE FROM {table}")
    assert isinstance(ask_together(services, about(amount=4.0))[0], StoreError)
    sent = [body for _ in range(3) for body in bodies(ask_together(services, about(amount=5.0)))]
    assert logged(store) == sent
    assert len(sent) == 3
    services.close()


@dataclass
class Moving:
    """A store that is away now and then."""

    store: Store
    away: bool = False

    def opened(self) -> Store:
        if self.away:
            raise StoreError("the store is away")
        return self.store


def test_a_store_that_is_away_is_told_and_answers_again_once_it_is_back(
    store: Store, monkeypatch: pytest.MonkeyPatch
):
    services, moving = services_of(store), Moving(store)
    monkeypatch.setattr(services, "_store", None)
    monkeypatch.setattr(services, "store", moving.opened)
    monkeypatch.setattr(services.recorder, "_store", moving.opened)
    assert isinstance(ask_together(services, about())[0], Written)
    moving.away = True
    for _ in range(2):
        assert isinstance(ask_together(services, about())[0], StoreError)
    moving.away = False
    assert isinstance(ask_together(services, about())[0], Written)
    assert len(store.audit().items) == 2
    services.close()


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
    services = services_of(store)
    services.close()
    assert isinstance(ask_together(services, about())[0], StoreError)


def test_the_desk_serves_one_loop_after_another(store: Store):
    services = services_of(store)
    with ThreadPoolExecutor(1) as thread:
        for _ in range(3):
            (found,) = thread.submit(ask_together, services, about()).result(30)
            assert isinstance(found, Written)
    services.close()


def test_one_that_cannot_be_told_does_not_take_the_others_with_it(store: Store):
    services, told = services_of(store), list[Written | Exception]()

    def away(_found: Written | Exception) -> None:
        raise RuntimeError("the connection is closed")

    async def asked() -> None:
        services.desk.ask(about(amount=1.0), ANNE, away)
        told.append(await ask(services, about(amount=2.0)))
        services.desk.ask(about("nobody"), ANNE, away)
        told.append(await ask(services, about(amount=3.0)))

    asyncio.run(asyncio.wait_for(asked(), 30))
    assert len(bodies(told)) == 2
    assert len(store.audit().items) == 3
    services.close()
