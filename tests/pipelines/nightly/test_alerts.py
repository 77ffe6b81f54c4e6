"""A change is parted into data, models and policy, and the parts sum to it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

import models.policy.document
from models.assessment.assessment import CreditRequest, CustomerState
from models.assessment.assessor import Assessor
from models.policy.document import Policy, load_policy
from models.policy.grades import GRADES
from pipelines.ledger_parts import LedgerInMemory
from pipelines.nightly.alerts import alerts_of, announced, ranked
from pipelines.nightly.night import run_night
from serving.store import AlertRow, CustomerRow, Run, open_store
from tests.models.fitted import fitted
from tests.pipelines.nightly.test_night import DAY
from tests.serving.store.builders import a_vector

BEFORE = DAY - timedelta(days=31)


@cache
def nights() -> tuple[Run, tuple[CustomerRow, ...], tuple[CustomerRow, ...]]:
    """The run before, its customers, and those of a month later."""
    with TemporaryDirectory() as folder:
        store = open_store(f"sqlite:///{folder}/encours.db")
        rows = []
        for day in (BEFORE, DAY):
            parts = LedgerInMemory.of(fitted().ledger, day)
            report = run_night(parts, fitted().assessor, store, lambda *_: ())
            rows.append(store.scored_of(report.run_id, parts.customer_ids(0)))
        run = store.run_before(DAY)
        store.close()
    assert run is not None
    return run, rows[0], rows[1]


def rescored(rows: Sequence[CustomerRow], run: Run, assessor: Assessor) -> list[CustomerRow]:
    """The same states, answered by another assessor."""
    states = [CustomerState.of_run(r.party, run.key.as_of, r.state, r.open_eur, run.context) for r in rows]
    answers = assessor.assess_many(states, [CreditRequest()] * len(states))
    again = [
        replace(
            row,
            assessment=answer.document(),
            pd_12m=answer.case.pd_12m if answer.pd_12m is None else answer.pd_12m.value,
            p_late30=answer.p_late30.value,
            grade=answer.grade,
            limit_eur=answer.limit.limit_eur,
        )
        for row, answer in zip(rows, answers, strict=True)
    ]
    return announced(again, rows, assessor.policy)


def another_policy(folder: Path) -> Policy:
    text = Path(models.policy.document.__file__).with_name("policy.toml").read_text(encoding="utf-8")
    assert "budget_eur = 2_500.0" in text
    assert "B = 0.015" in text
    path = folder / "policy.toml"
    changed = text.replace("budget_eur = 2_500.0", "budget_eur = 150.0").replace("B = 0.015", "B = 0.01")
    path.write_text(changed, encoding="utf-8")
    return load_policy(path)


def another_model() -> Assessor:
    default = fitted().default
    harsher = replace(default.calibration, intercept=default.calibration.intercept + 1.0)
    return replace(fitted().assessor, default=replace(default, calibration=harsher))


def sums_to_the_change(alert: AlertRow) -> None:
    for measure, effect in alert.effects.items():
        before, after = alert.before[measure], alert.after[measure]
        if measure == "grade":
            before, after = GRADES.index(before), GRADES.index(after)
        assert sum(effect.values()) == pytest.approx(after - before, rel=1e-9, abs=1e-6)


def test_a_month_later_the_data_alone_have_changed():
    run, before, after = nights()
    again = announced(after, before, fitted().assessor.policy)
    assert [row.announced_grade for row in after] == [row.announced_grade for row in again]
    alerts = alerts_of(before, after, run, fitted().assessor)
    assert alerts
    for alert in alerts:
        sums_to_the_change(alert)
        assert (alert.cause, alert.separable) == ("data", True)
        assert all(effect["model"] == effect["policy"] == 0 for effect in alert.effects.values())


def test_what_another_policy_changes_is_due_to_it_alone(tmp_path: Path):
    run, before, _ = nights()
    assessor = replace(fitted().assessor, policy=another_policy(tmp_path))
    alerts = alerts_of(before, rescored(before, run, assessor), run, assessor)
    assert {alert.cause for alert in alerts} == {"policy"}
    for alert in alerts:
        sums_to_the_change(alert)
        assert all(effect["model"] == 0 for effect in alert.effects.values())
        assert all(effect["data"] == pytest.approx(0, abs=1e-9) for effect in alert.effects.values())
        assert "la politique de crédit a changé" in alert.sentence_fr


def test_what_other_models_change_is_due_to_them_alone():
    run, before, _ = nights()
    assessor = another_model()
    alerts = alerts_of(before, rescored(before, run, assessor), run, assessor)
    assert {alert.cause for alert in alerts} == {"model"}
    for alert in alerts:
        sums_to_the_change(alert)
        assert all(effect["policy"] == 0 for effect in alert.effects.values())
        assert all(effect["data"] == pytest.approx(0, abs=1e-9) for effect in alert.effects.values())


def test_where_all_three_changed_each_part_is_what_it_alone_does_in_turn(tmp_path: Path):
    run, before, after = nights()
    policy = another_policy(tmp_path)
    assessor = replace(another_model(), policy=policy)
    alerts = alerts_of(
        before, rescored(after, replace(run, key=replace(run.key, as_of=DAY)), assessor), run, assessor
    )
    by_policy = {r.customer_id: r for r in rescored(before, run, replace(fitted().assessor, policy=policy))}
    by_model = {r.customer_id: r for r in rescored(before, run, assessor)}
    old = {row.customer_id: row for row in before}
    assert len({alert.cause for alert in alerts}) > 1
    for alert in alerts:
        sums_to_the_change(alert)
        who, effect = alert.customer_id, alert.effects["limit_eur"]
        assert effect["policy"] == pytest.approx(by_policy[who].limit_eur - old[who].limit_eur)
        assert effect["model"] == pytest.approx(by_model[who].limit_eur - by_policy[who].limit_eur)


def test_the_same_nights_give_no_alert():
    run, before, _ = nights()
    assert alerts_of(before, before, run, fitted().assessor) == []


def test_who_is_new_or_gone_is_no_change():
    run, before, after = nights()
    assert alerts_of([], after, run, fitted().assessor) == []
    assert alerts_of(before, [], run, fitted().assessor) == []


def test_a_night_that_kept_no_case_is_compared_as_far_as_it_goes(tmp_path: Path):
    run, before, _ = nights()
    without = [
        replace(row, assessment={k: v for k, v in row.assessment.items() if k != "case"}) for row in before
    ]
    assessor = replace(fitted().assessor, policy=another_policy(tmp_path))
    alerts = alerts_of(without, rescored(before, run, assessor), run, assessor)
    assert alerts
    for alert in alerts:
        sums_to_the_change(alert)
        assert not alert.separable


def test_states_of_other_columns_are_not_asked_again():
    run, before, _ = nights()
    assessor = another_model()
    after = rescored(before, run, assessor)
    shorter = [replace(row, state=a_vector(*row.state.values[:-1])) for row in before]
    alerts = alerts_of(shorter, after, run, assessor)
    assert alerts
    assert not any(alert.separable for alert in alerts)


def test_the_most_urgent_come_first():
    run, before, after = nights()
    alerts = ranked(alerts_of(before, after, run, fitted().assessor))
    order = [("high", "medium", "low").index(alert.severity) for alert in alerts]
    assert order == sorted(order)
    assert ranked(list(reversed(alerts))) == alerts


def test_a_grade_is_announced_when_the_probability_is_clear_of_the_bound():
    run, before, _ = nights()
    policy = fitted().assessor.policy
    row = next(row for row in before if row.grade == "C" and "case" in row.assessment)

    def at(pd_12m: float, grade: str, previous: CustomerRow) -> CustomerRow:
        case = {**row.assessment["case"], "pd_12m": pd_12m}
        made = replace(row, pd_12m=pd_12m, grade=grade, assessment={**row.assessment, "case": case})
        return announced([made], [previous], policy)[0]

    calm = at(0.040, "C", replace(row, announced_grade="C"))
    close = at(0.041, "D", calm)
    back = at(0.040, "C", close)
    clear = at(0.046, "D", close)
    assert [one.announced_grade for one in (calm, close, back, clear)] == ["C", "C", "C", "D"]
    assert alerts_of([calm], [close], run, fitted().assessor) == []
    assert alerts_of([close], [back], run, fitted().assessor) == []
    (alert,) = alerts_of([close], [clear], run, fitted().assessor)
    assert (alert.kinds, alert.cause, alert.severity) == (("grade",), "data", "medium")
    assert "Note C → D" in alert.sentence_fr
