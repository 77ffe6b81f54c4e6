import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from models.assessment.assessment import Assessment, CreditRequest, CustomerState
from models.errors import CaseAnsweredError, CaseRefusedError, UnknownAnswerError, UnknownCaseError
from models.policy.document import Policy, load_policy
from models.policy.sections.approval import ApprovalMember, StandIn
from serving.audit.recorder import Recorder
from serving.callers import Caller
from serving.schemas.decisions import DecisionIn
from serving.store import ApprovalCase, Store
from serving.usecases.assessors import FixedAssessor
from serving.usecases.case_answers import AnswerCase, CaseAnswer
from serving.usecases.cases import CaseDesk, OpenCase
from serving.usecases.decide import Decide
from serving.usecases.services import CreditServices
from tests.serving.fakes import FakeAssessor, a_published_store

TODAY = dt.datetime.now(dt.UTC).date()
CAMILLE, LEA = (Caller(name, "sales", "session") for name in ("camille", "lea"))
DOMINIQUE, CLAIRE, PAUL = (Caller(name, "analyst", "session") for name in ("dominique", "claire", "paul"))
ADMIN, MACHINE = Caller("racine", "admin", "session"), Caller("claire", "analyst", "key")
MEMBERS = (ApprovalMember(user="claire", role="finance_director"),)
WHY, YES = "the customer doubles its orders", "agreed, the accounts are sound"


class UnderItsPolicy(FakeAssessor):
    """Answers always the same, under the policy that is in force."""

    def assess(self, state: CustomerState, request: CreditRequest) -> Assessment:
        return replace(super().assess(state, request), policy_hash=self.policy.hash)


class Department:
    """The use cases around one store, under a policy with a finance director and a stand-in."""

    def __init__(self, store: Store, **rules: object) -> None:
        stand_in = StandIn(user="paul", role="finance_director", first_day=TODAY, last_day=TODAY)
        approval = {"members": MEMBERS, "stand_ins": (stand_in,), **rules}
        self.policy: Policy = load_policy().revised(approval=approval)
        self.store, self.changes = store, 0
        self.recorder = Recorder(lambda: store)
        assessors = FixedAssessor(UnderItsPolicy(policy=self.policy))
        services = CreditServices(lambda: store, assessors, self.recorder, lambda: TODAY)
        self.open, self.desk = OpenCase(services), CaseDesk(services)
        self.answer = AnswerCase(services, self.changed)
        self.decide = Decide(services, lambda _: pytest.fail("nobody is looked up"))

    def changed(self) -> None:
        self.changes += 1

    def decided(self, caller: Caller = CAMILLE, **changes: object) -> dict[str, Any]:
        question = {"customer_id": "C1", "amount_eur": 90_000.0, "terms_days": 60, **changes}
        return self.decide(DecisionIn.model_validate(question), caller).answer.document()

    def order(self, **changes: object) -> ApprovalCase:
        return self.open.order(self.decided(**changes)["answer_id"], WHY, CAMILLE)

    def limit(self, limit_eur: float = 12_000.0, caller: Caller = CAMILLE) -> ApprovalCase:
        return self.open.limit("C1", limit_eur, None, WHY, caller)


@pytest.fixture
def department(store: Store) -> Iterator[Department]:
    made = Department(store)
    yield made
    made.recorder.close()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = a_published_store(tmp_path)
    yield made
    made.close()


def accept(**terms: object) -> CaseAnswer:
    return CaseAnswer("accept", YES, terms)


def test_an_accepted_limit_is_in_force_at_once_and_all_of_it_is_in_the_log(department: Department):
    case = department.limit()
    assert (case.state, case.approver, case.approvals) == ("open", "analyst", 1)
    done = department.answer(case.case_id, accept(), DOMINIQUE)
    assert (done.state, done.unread, department.changes) == ("accepted", True, 1)
    (override,) = department.store.overrides("C1", on=TODAY)
    assert (override.value, override.who, override.reason) == (12_000.0, "dominique", YES)
    assert override.valid_until.isoformat() == case.question["valid_until"]
    assert not department.desk.read(case.case_id, CAMILLE).unread
    logged = [one.question["event"] for one in department.store.audit().items if one.action == "case"]
    assert logged == ["accepted", "opened"]
    assert department.store.check_audit().sound


def test_an_order_rests_on_its_decision_which_shows_the_approval_afterwards(department: Department):
    asked = department.decided()
    assert (asked["outcome"], asked["approved_case"]) != ("accept", {})
    case = department.open.order(asked["answer_id"], WHY, CAMILLE)
    assert (case.answer_id, case.approver) == (asked["answer_id"], asked["approval"]["role"])
    assert case.facts["reasons"] == asked["reasons"]
    assert department.decided()["approved_case"] is None
    done = department.answer(case.case_id, CaseAnswer("amend", YES, {"amount_eur": 80_000.0}), CLAIRE)
    assert done.state == "amended"
    assert department.decided()["approved_case"] is None
    shown = department.decided(amount_eur=80_000.0, terms_days=45)["approved_case"]
    assert (shown["case_id"], shown["who"], shown["amount_eur"]) == (case.case_id, "claire", 80_000.0)
    # Once it is delivered, more is owed: the approval does not serve twice.
    assert department.decided(amount_eur=80_000.0, delivered_not_invoiced_eur=1.0)["approved_case"] is None
    assert department.decided(amount_eur=80_000.0, customer_id="411/B")["approved_case"] is None


@pytest.mark.parametrize(
    ("caller", "why"),
    [
        (CAMILLE, "who asked"),
        (MACHINE, "has the level analyst"),
        (DOMINIQUE, "has the level analyst; this needs credit_manager"),
    ],
)
def test_who_may_not_answer_is_told_why(department: Department, caller: Caller, why: str):
    case = department.order()
    with pytest.raises(CaseRefusedError, match=why) as refused:
        department.answer(case.case_id, accept(), caller)
    assert [field for field, _ in refused.value.faults] == ["caller"]
    assert department.desk.find(case.case_id, CAMILLE).state == "open"


def test_who_asks_may_approve_where_the_policy_says_so(store: Store):
    alone = Department(store, asker_may_approve=True)
    case = alone.limit(caller=DOMINIQUE)
    assert alone.answer(case.case_id, accept(), DOMINIQUE).state == "accepted"
    alone.recorder.close()


def test_above_the_policys_amount_two_persons_approve(store: Store):
    two = Department(store, second_approver_above_eur=10_000.0)
    case = two.limit()
    assert case.approvals == 2
    once = two.answer(case.case_id, CaseAnswer("amend", YES, {"limit_eur": 11_000.0}), CLAIRE)
    assert (once.state, two.store.overrides("C1")) == ("endorsed", ())
    for caller, answer, why in (
        (CLAIRE, accept(), "a second person"),
        (PAUL, CaseAnswer("amend", YES, {"limit_eur": 12_000.0}), "accept that, or refuse"),
    ):
        with pytest.raises(CaseRefusedError, match=why):
            two.answer(case.case_id, answer, caller)
    assert two.answer(case.case_id, accept(), PAUL).state == "amended"
    assert [one.value for one in two.store.overrides("C1")] == [11_000.0]
    two.recorder.close()


def test_a_stand_in_has_the_level_for_the_days_the_policy_names(department: Department):
    days = (TODAY - dt.timedelta(1), TODAY, TODAY + dt.timedelta(1))
    levels = []
    for day in days:
        object.__setattr__(department.desk.services, "today", lambda day=day: day)
        levels.append(department.desk.level(PAUL))
    assert levels == ["analyst", "finance_director", "analyst"]


def test_the_bounds_of_an_override_hold_for_an_approved_limit_too(department: Department):
    case = department.limit()
    for terms, reason, field in (
        ({"limit_eur": 9e8}, YES, "caller"),
        ({"valid_until": "2099-01-01"}, YES, "valid_until"),
        ({"amount_eur": 1.0}, YES, "amount_eur"),
        ({}, "ok", "reason"),
    ):
        with pytest.raises(CaseRefusedError) as refused:
            department.answer(case.case_id, CaseAnswer("amend", reason, terms), DOMINIQUE)
        assert [name for name, _ in refused.value.faults] == [field]
    assert department.store.overrides("C1") == ()


def test_a_case_is_answered_once_taken_back_by_its_asker_and_seen_by_few(department: Department):
    case = department.limit()
    with pytest.raises(UnknownCaseError):
        department.desk.find(case.case_id, LEA)
    with pytest.raises(CaseRefusedError, match="camille asked"):
        department.desk.withdraw(case.case_id, WHY, DOMINIQUE)
    assert department.desk.comment(case.case_id, "which accounts?", DOMINIQUE).unread
    assert department.desk.withdraw(case.case_id, WHY, CAMILLE).state == "withdrawn"
    for answer in (accept(), CaseAnswer("refuse", YES)):
        with pytest.raises(CaseAnsweredError, match="withdrawn by camille"):
            department.answer(case.case_id, answer, DOMINIQUE)


def test_an_inbox_has_what_the_caller_can_answer(department: Department):
    small, large, own = department.limit(), department.order(), department.limit(caller=DOMINIQUE)

    def inbox(caller: Caller) -> list[int] | None:
        wanted = department.desk.inbox(caller)
        found = None if wanted is None else department.desk.page(wanted, caller, 50, 0)
        return None if found is None else sorted(one.case_id for one in found.items)

    assert inbox(CAMILLE) is None
    assert inbox(DOMINIQUE) == [small.case_id]
    assert inbox(CLAIRE) == inbox(ADMIN) == [small.case_id, large.case_id, own.case_id]


def test_what_needs_nobody_or_is_somebody_elses_opens_no_case(department: Department):
    prepaid = department.decided(prepaid=True)
    if prepaid["outcome"] == "accept":
        with pytest.raises(CaseRefusedError, match="nobody has to approve"):
            department.open.order(prepaid["answer_id"], WHY, CAMILLE)
    with pytest.raises(UnknownAnswerError):
        department.open.order(department.decided(caller=LEA)["answer_id"], WHY, CAMILLE)
    with pytest.raises(UnknownAnswerError):
        department.open.order("0" * 32, WHY, CAMILLE)
    with pytest.raises(CaseRefusedError, match="at most"):
        department.limit(9e8)
