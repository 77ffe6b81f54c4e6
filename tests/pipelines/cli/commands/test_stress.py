import json
from collections.abc import Callable
from pathlib import Path

from tests.pipelines.cli.commands.test_policy import publish
from tests.pipelines.conftest import Done

SCENARIO = 'name = { fr = "Essai", en = "Trial" }\n[macro]\nquantile = 0.999\nasset_correlation = 0.2\n'


def test_a_scenario_is_printed_before_and_after_and_as_json(run: Callable[..., Done], place: Path):
    publish(place)
    (place / "mine.toml").write_text(SCENARIO, encoding="utf-8")
    done = run("stress", "mine.toml", "--reverse", "16000", "--lang", "en")
    assert done.code == 0
    assert "Trial · portfolio as of" in done.out
    assert "no scenario of this kind loses €16,000" in done.out
    told = json.loads(run("stress", "mine.toml", "--json").out)
    assert told["customers"] == 3
    assert {one["customer_id"] for one in told["customers_changed"]} == {"C0", "C1", "C2"}
    assert told["after"]["expected_loss_eur"] > told["before"]["expected_loss_eur"]


def test_each_fault_is_told_by_line_in_french_and_no_name_is_a_path(run: Callable[..., Done], place: Path):
    publish(place)
    (place / "mine.toml").write_text(SCENARIO + '[[failure]]\ncustomer = "X"\n', encoding="utf-8")
    done = run("stress", "mine.toml")
    assert done.code == 2
    assert "mine.toml:6: failure[0].customer: aucun client du portefeuille n'a le numéro 'X'" in done.err
    assert "aucun scénario ne s'appelle '../secret'" in run("stress", "../secret").err
    assert run("stress", "absent.toml").code == 2
