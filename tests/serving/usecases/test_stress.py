import datetime as dt

import pytest

from models.errors import ScenarioError
from models.policy.document import load_policy
from models.portfolio.scenario import scenario_from_text
from serving.usecases.cash import cash_forecast
from serving.usecases.stress import SHIPPED, shipped_scenarios, shipped_text, stress_answer, stress_base
from tests.serving.served import overridden, served

NOTHING = 'name = { fr = "rien" }'


def answer(text: str, reverse_eur: float | None = None):
    run, base = stress_base(served().store, load_policy(), dt.datetime.now(dt.UTC).date())
    return stress_answer(run, base, scenario_from_text(text, "s.toml"), "s.toml", reverse_eur)


def test_without_a_shock_every_figure_is_the_published_one_to_the_cent():
    store, found = served().store, answer(NOTHING)
    published = store.portfolio(found.run.run_id)
    assert published is not None
    loss = published["expected_loss"]
    after = found.summary.after
    assert after.expected_loss_eur == pytest.approx(loss["expected_loss_eur"], abs=0.005)
    assert after.own_risk_eur == pytest.approx(loss["own_risk_eur"], abs=0.005)
    by_customer = {one.customer_id: one for one in found.customers}
    decided = found.result.base.decided
    for one in (one for one in found.result.base.positions.items if one.customer_id not in decided):
        told = by_customer[one.customer_id].after
        assert (told.grade, told.limit_eur) == (one.grade, one.limit_eur)


def test_a_limit_set_by_a_person_is_in_force_on_both_sides():
    lines = served().store.search("", 1000).items
    who = next(line.customer_id for line in lines if line.limit_eur > 0)
    with overridden(who, "limit", 4_300.0):
        found = answer(shipped_text("severe_recession")).customers
        one = next(one for one in found if one.customer_id == who)
    assert (one.before.limit_eur, one.after.limit_eur) == (4_300.0, 4_300.0)


def test_all_scenarios_of_the_list_ship_and_no_other_name_is_read():
    assert tuple(one.name for one in shipped_scenarios()) == SHIPPED
    for name in ("../policy", "/etc/passwd", "mild_recession.toml", ""):
        with pytest.raises(ScenarioError, match="no scenario is named"):
            shipped_text(name)


def test_without_a_shock_receipts_are_those_of_the_cash_forecast():
    found, forecast = answer(NOTHING), cash_forecast(served().store)
    assert forecast is not None
    told = [week["expected_eur"] for week in forecast.document()["total"]["weeks"]]
    assert [week.before_eur for week in found.summary.weeks] == pytest.approx(told, abs=0.005)
    assert [week.after_eur for week in found.summary.weeks] == pytest.approx(told, abs=0.005)


def test_later_payments_and_failures_take_from_the_receipts():
    late = answer(shipped_text("payments_30_days_later")).summary
    assert late.weeks[0].after_eur < late.weeks[0].before_eur
    failed = answer(shipped_text("five_largest_fail"))
    by_sector = sum(line.after.receipts_eur or 0.0 for line in failed.summary.sectors)
    assert failed.summary.after.receipts_eur == pytest.approx(by_sector)
    assert by_sector < (failed.summary.before.receipts_eur or 0.0)
