"""`encours decide`: the outcome with its working, what an analyst has set, and what would help."""

import json
from pathlib import Path

import pytest

from pipelines.ledger_parts import LedgerInMemory
from pipelines.nightly.night import run_night
from pipelines.settings import PipelineSettings
from serving.audit.differences import differences
from serving.store import open_store
from serving.usecases.recomputation import answered, computed
from serving.usecases.replay import state_of
from tests.models.fitted import fitted
from tests.pipelines.nightly.test_night import DAY
from tests.serving.promoted import promote_fitted


@pytest.fixture
def customer(place: Path) -> str:
    """A customer of a night published where the command looks for it, with models that answer."""
    store = open_store(PipelineSettings().store_url)
    promote_fitted(store)
    run_night(LedgerInMemory.of(fitted().ledger, DAY), fitted().assessor, store, lambda *_: ())
    found = store.search("", limit=1).items[0].customer_id
    store.close()
    return found


def test_an_order_is_decided_on_with_its_working_in_either_language(customer: str, run):
    asked = ("decide", customer, "--amount", "90000", "--terms", "60", "--deposit", "10")
    done = run(*asked)
    assert done.code == 0, done.err
    for words in ("Réponse", "Encours", "Plafond", "validation", "dont acompte"):
        assert words in done.out
    assert "Answer: " in run(*asked, "--lang", "en").out


def test_the_json_holds_decision_counterfactuals_and_assessment_of_one_and_the_same_question(
    customer: str, run
):
    told = json.loads(run("decide", customer, "--amount", "90000", "--terms", "60", "--json").out)
    assert told["decision"]["order"]["amount_eur"] == 90_000.0
    assert told["assessment"]["request"]["amount_eur"] == 90_000.0
    assert told["decision"]["policy_hash"] == told["assessment"]["policy_hash"]
    for one in told["counterfactuals"]:
        assert one["sentence_fr"].startswith("Si ")


def test_a_prepaid_order_leaves_the_exposure_as_it_is(customer: str, run):
    told = json.loads(run("decide", customer, "--amount", "90000", "--terms", "0", "--prepaid", "--json").out)
    decision = told["decision"]
    assert decision["exposure_before_eur"] == decision["exposure_after_eur"]
    assert decision["conditions"] == []


def test_orders_under_way_use_the_limit(customer: str, run):
    asked = ("decide", customer, "--amount", "10", "--terms", "8", "--json")
    alone = json.loads(run(*asked).out)["decision"]
    more = json.loads(run(*asked, "--delivered", "200", "--ordered", "300.5", "--deposits", "100").out)
    used = more["decision"]["exposure_before_eur"] - alone["exposure_before_eur"]
    assert used == pytest.approx(400.5)
    assert more["decision"]["order"]["commitments"]["ordered_not_delivered_eur"] == 300.5


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--amount", "-1", "--terms", "30"), "amount_eur vaut -1"),
        (("--amount", "10", "--terms", "400"), "terms_days vaut 400"),
        (("--amount", "10", "--terms", "30", "--basis", "eom"), "eom_plus"),
        (("--amount", "10", "--terms", "30", "--deposit", "120"), "deposit_share"),
        (("--amount", "10", "--terms", "30", "--lang", "de"), "choisissez fr ou en"),
        (("--amount", "10", "--terms", "30", "--role", "intern"), "--role is 'intern'"),
    ],
)
def test_what_cannot_be_decided_on_is_refused_in_one_line(
    customer: str, run, words: tuple[str, ...], told: str
):
    done = run("decide", customer, *words)
    assert done.code == 2
    assert told in " ".join(done.err.split())


def test_without_scores_it_says_what_to_run(run):
    done = run("decide", "C1", "--amount", "10", "--terms", "30")
    assert done.code == 2
    assert "encours nightly" in " ".join(done.err.split())


def test_what_a_command_answers_is_in_the_log_and_replays_equal(customer: str, run):
    assert run("score", customer, "--amount", "500", "--json").code == 0
    assert run("decide", customer, "--amount", "900", "--terms", "30", "--role", "sales").code == 0
    store = open_store(PipelineSettings().store_url)
    decision, assessment = store.audit().items
    assert [(one.action, one.via) for one in (decision, assessment)] == [
        ("decision", "command"),
        ("assessment", "command"),
    ]
    assert (decision.role, assessment.role) == ("sales", "system")
    for entry in (decision, assessment):
        state = state_of(entry, store)
        assert entry.sound
        assert state is not None
        assert differences(answered(entry), computed(fitted().assessor, state, entry)) == ()
    store.close()
