import datetime as dt

import pytest

from models.policy.overrides import override_faults
from models.wording.formats import LANGUAGES
from serving.callers import Caller
from serving.store import Store
from serving.web.view_models.override_form import OverrideForm, bounds_of, field, send
from serving.web.words import words
from tests.serving.fakes import FakeAssessor, an_app

TODAY = dt.datetime.now(dt.UTC).date()
ANALYST = Caller("dominique", "analyst", "session")
REASON = "la maison mère a signé une garantie"


def typed(kind: str = "limit", **changes: str) -> dict[str, str]:
    values = {"value": "B" if kind == "grade" else "12 000", "reason": REASON}
    until = (TODAY + dt.timedelta(days=30)).isoformat()
    return {"kind": kind} | {field(kind, k): v for k, v in ({"until": until} | values | changes).items()}


def sent(store: Store, fields: dict[str, str], language="fr", caller: Caller = ANALYST) -> OverrideForm:
    assessor = FakeAssessor()
    wiring = an_app(store, assessor).state.wiring
    own = store.customer("C1").row.assessment
    bounds = bounds_of(own, caller.role, TODAY, assessor.policy)
    uses = wiring.set_override, wiring.withdraw_override
    return send("C1", fields, bounds, words(language), caller, *uses)


@pytest.mark.parametrize(("kind", "value"), [("limit", 12_000.0), ("grade", "B")])
def test_what_was_typed_is_kept(store: Store, kind: str, value: object):
    assert sent(store, typed(kind)).is_sound
    (made,) = store.overrides("C1")
    assert (made.kind, made.value, made.reason, made.who) == (kind, value, REASON, "dominique")
    assert [entry.action for entry in store.audit().items] == ["override"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("kind", "name", "value"),
    [
        ("limit", "value", ""),
        ("limit", "value", "beaucoup"),
        ("limit", "value", "-1"),
        ("limit", "value", "99000000"),
        ("limit", "reason", "court"),
        ("limit", "reason", ""),
        ("limit", "reason", "assez long, mais \x07 sonore"),
        ("limit", "reason", "x" * 1001),
        ("limit", "until", ""),
        ("limit", "until", "demain"),
        ("limit", "until", "2020-01-01"),
        ("limit", "until", "1200-01-01"),
        ("grade", "value", ""),
        ("grade", "value", "Z"),
        ("grade", "value", "AA"),
        ("grade", "until", "2099-01-01"),
    ],
)
def test_a_fault_stands_at_its_field_and_nothing_is_kept(store: Store, kind, name, value, language):
    fields = typed(kind, **{name: value})
    form = sent(store, fields, language)
    assert set(form.faults) == {field(kind, name)}
    assert form.typed == fields
    assert store.overrides("C1") == ()


def test_every_fault_that_the_policy_finds_is_told_at_once(store: Store):
    form = sent(store, typed(value="9000000", reason="court", until="2020-01-01"))
    assert set(form.faults) == {"limit-value", "limit-reason", "limit-until"}


def test_a_field_that_cannot_be_read_hides_no_fault_of_the_others(store: Store):
    form = sent(store, typed(value="9000000", reason="court", until=""))
    assert set(form.faults) == {"limit-value", "limit-reason", "limit-until"}


def test_what_the_bounds_allow_the_policy_allows(store: Store):
    own, policy = store.customer("C1").row.assessment, FakeAssessor().policy
    bounds = bounds_of(own, "analyst", TODAY, policy)
    for kind, values in (("limit", (0.0, bounds.most_eur)), ("grade", bounds.grades)):
        for value in values:
            for day in (bounds.first_day, bounds.last_day):
                reason = "x" * bounds.shortest_reason
                assert override_faults(kind, value, reason, day, "analyst", own, TODAY, policy) == ()


def withdrawal(number: object, reason: str = REASON) -> dict[str, str]:
    name = field(f"withdraw-{number}", "reason")
    return {"kind": "withdraw", "override_id": str(number), name: reason}


def test_an_override_is_withdrawn_and_stays_in_the_history(store: Store):
    sent(store, typed())
    (made,) = store.overrides("C1")
    assert sent(store, withdrawal(made.override_id)).is_sound
    (ended,) = store.overrides("C1")
    assert (ended.withdrawn_by, ended.withdrawn_reason, ended.reason) == ("dominique", REASON, REASON)


@pytest.mark.parametrize("reason", ["", "court"])
def test_a_withdrawal_needs_its_reason(store: Store, reason: str):
    sent(store, typed())
    (made,) = store.overrides("C1")
    assert set(sent(store, withdrawal(made.override_id, reason)).faults) == {
        field(f"withdraw-{made.override_id}", "reason")
    }
    assert store.overrides("C1")[0].withdrawn_at is None


def test_what_is_withdrawn_already_or_was_never_there_is_told(store: Store):
    sent(store, typed())
    (made,) = store.overrides("C1")
    sent(store, withdrawal(made.override_id))
    for number in (made.override_id, 999_999, "x", "9" * 30):
        form = sent(store, withdrawal(number))
        assert form.remark
        assert not form.is_sound
