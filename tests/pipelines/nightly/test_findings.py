"""What the night finds adds up to what it scored, and a night that goes on finds the same."""

import datetime as dt
import json
from collections.abc import Iterable
from pathlib import Path

import pytest

from models.portfolio.worklist import STAGE_OF
from pipelines.ledger_parts import LedgerInMemory
from pipelines.nightly.night import run_night
from pipelines.nightly.totals import totals_of
from serving.store import Store, open_store
from serving.usecases.limit_usage import limits_in_force, over_limit
from tests.models.fitted import fitted
from tests.pipelines.nightly.test_night import DAY
from tests.serving.store.builders import an_override


@pytest.fixture
def store(tmp_path: Path):
    opened = open_store(f"sqlite:///{tmp_path}/encours.db")
    yield opened
    opened.close()


def night(store: Store, day: dt.date = DAY):
    return run_night(LedgerInMemory.of(fitted().ledger, day), fitted().assessor, store, lambda *_: ())


def everything(store: Store):
    return store.portfolio(), store.alerts(limit=1000), store.worklist(limit=1000)


def test_the_portfolio_adds_up_to_its_customers_to_the_cent(store: Store):
    report = night(store)
    found, lines = store.portfolio(), store.search("", limit=1000).items
    assert found is not None
    assert found["customers"] == len(lines) == report.customers
    assert found["open_invoices"] == report.open_invoices
    assert found["aged_balance"]["net_eur"] == pytest.approx(sum(line.open_eur for line in lines), abs=0.005)
    assert sum(line["customers"] for line in found["class_mix"]) == len(lines)
    owed = sum(max(line.open_eur, 0.0) for line in lines)
    assert found["concentration"]["customers"]["total_eur"] == pytest.approx(owed)
    assert found["concentration"]["sectors"]["total_eur"] == pytest.approx(owed)
    assert sum(line["open_eur"] for line in found["class_mix"]) == pytest.approx(owed)
    assert sum(found["payer_mix"].values()) == len(lines)
    top = max(lines, key=lambda line: line.open_eur)
    assert found["top_exposures"][0]["customer_id"] == top.customer_id


def test_what_is_overdue_is_the_same_in_every_reading(store: Store):
    night(store)
    invoices = [i for line in store.search("", limit=1000).items for i in store.invoices_of(line.customer_id)]
    found = store.portfolio()
    assert found is not None
    past = sum(i.open_eur for i in invoices if i.due_on < DAY)
    assert found["aged_balance"]["overdue_eur"] == pytest.approx(past)
    for invoice in invoices:
        days = (DAY - invoice.due_on).days
        assert invoice.days_overdue is not None
        assert invoice.days_overdue <= max(days, 0) or invoice.days_overdue == days
        assert invoice.disputed is not None


def test_exposure_overdue_ageing_and_days_of_sales_agree_to_the_cent(store: Store):
    night(store)
    found, lines = store.portfolio(), store.search("", limit=1000).items
    assert found is not None
    aged = found["aged_balance"]
    assert aged["exposure_eur"] == pytest.approx(found["expected_loss"]["open_eur"], abs=0.005)
    assert aged["overdue_eur"] == pytest.approx(sum(line.overdue_eur for line in lines), abs=0.005)
    assert aged["on_account_eur"] == pytest.approx(sum(line.on_account_eur for line in lines), abs=0.005)
    assert aged["in_credit_eur"] == pytest.approx(sum(min(line.open_eur, 0) for line in lines), abs=0.005)
    late = sum(max(line.overdue_eur + min(line.on_account_eur, 0), 0) for line in lines)
    assert aged["overdue_net_eur"] == pytest.approx(late, abs=0.005)
    measured = found["dso"]
    assert measured["average_days_delinquent"] == pytest.approx(
        measured["annualised_days"] * late / aged["exposure_eur"]
    )
    for line in lines:
        open_eur = sum(i.open_eur for i in store.invoices_of(line.customer_id))
        assert line.open_eur == pytest.approx(open_eur + line.on_account_eur, abs=0.005)
    for row in store.worklist(limit=1000).items:
        (line,) = [one for one in lines if one.customer_id == row.customer_id]
        assert row.line["on_account_eur"] == pytest.approx(min(line.on_account_eur, 0), abs=0.005)


def test_days_of_sales_outstanding_are_measured(store: Store):
    night(store)
    found = store.portfolio()
    assert found is not None
    measured = found["dso"]
    assert 0 < measured["best_possible_days"] < measured["annualised_days"] < 200
    assert 0 < measured["count_back_days"] < 365


def test_the_first_night_has_nothing_to_compare_with(store: Store):
    night(store)
    found = store.portfolio()
    assert found is not None
    assert (found["previous_as_of"], found["migration"]) == (None, None)
    assert store.alerts().total == 0


def announced_grades(store: Store, customer_ids: Iterable[str]) -> dict[str, str | None]:
    rows = {who: store.customer(who) for who in customer_ids}
    return {who: row.row.announced_grade for who, row in rows.items() if row is not None}


def test_the_second_night_says_what_moved(store: Store):
    night(store, DAY - dt.timedelta(days=31))
    before = {line.customer_id: line.grade for line in store.search("", limit=1000).items}
    announced = announced_grades(store, before)
    night(store)
    after = {line.customer_id: line.grade for line in store.search("", limit=1000).items}
    found = store.portfolio()
    assert found is not None
    counts = found["migration"]["counts"]
    moved = [(before[who], after[who]) for who in before.keys() & after.keys()]
    assert all(counts[a][b] == moved.count((a, b)) for a in "ABCDE" for b in "ABCDE")
    alerts = store.alerts(limit=1000).items
    now = announced_grades(store, after)
    told = {who for who in before.keys() & after.keys() if announced[who] != now[who]}
    assert told
    assert {alert.customer_id for alert in alerts} >= told | (before.keys() - after.keys())
    assert found["alerts"]["customers"] == len(alerts)


def test_the_worklist_is_ranked_and_chases_nobody_for_what_is_disputed(store: Store):
    night(store)
    rows = store.worklist(limit=1000).items
    assert rows
    assert [row.place for row in rows] == list(range(1, len(rows) + 1))
    saveable = [row.saveable_eur for row in rows]
    assert saveable == sorted(saveable, reverse=True)
    under_proceeding = [row for row in rows if STAGE_OF[row.tone] == "insolvency"]
    assert all(store.customer(row.customer_id).row.proceeding for row in under_proceeding)  # type: ignore[union-attr]  # published
    for row in [row for row in rows if STAGE_OF[row.tone] != "insolvency"]:
        assert store.customer(row.customer_id).row.proceeding is None  # type: ignore[union-attr]  # published
        assert all(not invoice["disputed"] for invoice in row.line["invoices"])
        open_invoices = {i.invoice_id: i for i in store.invoices_of(row.customer_id)}
        at_risk = sum(
            open_invoices[i["invoice_id"]].open_eur * open_invoices[i["invoice_id"]].p_late30
            for i in row.line["invoices"]
        )
        older_eur = 0.0 if row.tone == "write_off" else row.line["lost_eur"]
        assert row.at_risk_eur == pytest.approx(at_risk + older_eur, abs=0.01)


def test_the_same_night_again_finds_the_same(store: Store):
    night(store, DAY - dt.timedelta(days=31))
    night(store)
    first = everything(store)
    night(store)
    assert everything(store) == first


@pytest.mark.slow
def test_a_night_stopped_before_it_is_published_finds_the_same_when_it_goes_on(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    night(store, DAY - dt.timedelta(days=31))
    whole = open_store(f"sqlite:///{tmp_path}/whole.db")
    night(whole, DAY - dt.timedelta(days=31))
    night(whole)
    with monkeypatch.context() as patched:
        patched.setattr(type(store), "publish", stopped)
        with pytest.raises(KeyboardInterrupt):
            night(store)
    assert store.alerts().total == 0
    night(store)
    assert everything(store) == everything(whole)
    whole.close()


def stopped(*_: object) -> None:
    raise KeyboardInterrupt


def test_the_portfolio_is_json_with_every_figure_finite(store: Store):
    night(store)
    assert json.loads(json.dumps(store.portfolio(), allow_nan=False)) == store.portfolio()


def test_sales_by_month_are_the_invoices_less_the_credit_notes():
    found = totals_of(LedgerInMemory.of(fitted().ledger, DAY), "EUR", 0).sales(DAY)
    frame = fitted().ledger.invoices
    signed = frame["amount_cents"].where(frame["kind"] == "invoice", -frame["amount_cents"])
    for month in (found[0], found[3]):
        last = month.first_day + dt.timedelta(days=month.days - 1)
        inside = frame["issued_on"].dt.date.between(month.first_day, last)
        assert month.sales_eur == pytest.approx(signed[inside].sum() / 100)


def test_a_past_month_is_reconstructed_as_its_own_night_found_it(store: Store):
    end = dt.date(2026, 6, 30)
    night(store, end)
    then = store.portfolio()
    night(store)
    now = store.portfolio()
    assert then is not None
    assert now is not None
    assert len(now["vintages"]) > 3
    (past,) = [one for one in now["past_months"] if one["as_of"] == end.isoformat()]
    for name in ("exposure_eur", "overdue_eur", "overdue_net_eur"):
        assert past[name] == then["aged_balance"][name]
    assert past["dso"] == then["dso"]


def test_customers_over_the_limit_in_force_are_counted(store: Store):
    night(store)
    lines = store.search("", limit=1000).items
    over = [line for line in lines if line.open_eur > line.limit_eur]
    found = store.portfolio()
    assert found is not None
    assert found["over_limit"]["customers"] == len(over) > 1
    beyond = sum(line.open_eur - line.limit_eur for line in over)
    assert found["over_limit"]["over_eur"] == pytest.approx(beyond, abs=0.01)
    first, enough = over[0], over[0].open_eur + 1
    until = store.now().date() + dt.timedelta(days=30)
    store.add_override(
        an_override(customer_id=first.customer_id, kind="limit", value=enough, valid_until=until)
    )
    run = store.current_run()
    assert run is not None
    made = limits_in_force(store, run.run_id, store.now().date(), lambda: None)
    assert over_limit(store, run.run_id, made)["customers"] == len(over) - 1
