"""What people read: French figures and dates in French, English ones in English, only terms that apply."""

import io
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console

from models.assessment.assessment import CreditRequest, Probability
from models.assessment.assessor import EPOCH
from models.errors import CreditError, PolicyError
from models.explain.compared_words import Comparison
from models.explain.reason_list import reason_list
from models.policy.document import load_policy
from models.wording.formats import day
from models.wording.numerals import SPACE
from pipelines.cli.console import console
from pipelines.ledger_parts import LedgerInMemory
from pipelines.nightly.scoring import Scoring
from pipelines.nightly.totals import totals_of
from serving.store import CustomerSummary
from tests.models.fitted import fitted
from tests.models.policy.test_document import written
from tests.pipelines.nightly.test_night import DAY


@pytest.fixture(scope="module")
def answer():
    parts = LedgerInMemory.of(fitted().ledger, DAY)
    scoring = Scoring.of(parts.read(0), fitted().assessor, totals_of(parts, "EUR", 0))
    state = scoring.states(np.arange(20, 21))[0]
    return fitted().assessor.assess(state, CreditRequest(amount_eur=12_345.0, terms_days=45))


def shown(capsys: pytest.CaptureFixture[str]) -> str:
    return " ".join(capsys.readouterr().out.split())


def first_reason(probability: Probability, lang: str) -> str:
    """Return the first sentence of the list that pages show too."""
    calibrated = probability.base, probability.slope, probability.intercept
    found = reason_list(probability.value, calibrated, probability.reasons, probability.target, Comparison())
    return " ".join(getattr(found.reasons[0], f"sentence_{lang}").split())


def test_french_is_told_in_french(answer, capsys):
    console.assessment(answer, "fr")
    text = shown(capsys)
    assert "Plafond de crédit recommandé" in text
    assert f"au {DAY:%d/%m/%Y}" in text
    assert f"{answer.p_late30.value * 100:.1f}".replace(".", ",") in text
    assert first_reason(answer.p_late30, "fr") in text
    assert "critère limitant" in text


def test_english_is_told_in_english(answer, capsys):
    console.assessment(answer, "en")
    text = shown(capsys)
    assert "Recommended credit limit" in text
    assert first_reason(answer.pd_12m, "en") in text
    assert " ".join(day(DAY, "en").split()) in text


def test_a_natural_person_is_referred_to_a_person(answer, capsys):
    console.assessment(replace(answer, party=replace(answer.party, natural_person=True)), "fr")
    assert "RGPD" in shown(capsys)


def test_default_is_said_before_the_probabilities(answer, capsys):
    console.assessment(replace(answer, history="in_default"), "fr")
    text = shown(capsys)
    assert text.index("déjà en défaut") < text.index("Retard de plus de 30 jours")


def test_an_error_is_one_line_on_the_error_stream(capsys):
    console.fail(CreditError("no ledger [here]; import one"), "en")
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err == "encours: no ledger [here]; import one\n"


def test_faults_of_a_policy_are_french_wherever_they_are_met(tmp_path: Path, capsys):
    path = written(
        tmp_path,
        ("step_eur = 100.0", "step_eur = 0"),
        ("[terms.max_days]\nA = 60", '[terms.max_days]\nA = "x"'),
    )
    with pytest.raises(PolicyError) as met:
        load_policy(path)
    console.fail(met.value, "fr")
    french = capsys.readouterr().err.replace(SPACE, " ")
    assert f"{path} : 2 à corriger :" in french
    assert french.count("; attendu :") == 2
    console.fail(met.value, "en")
    assert capsys.readouterr().err.count("; allowed is") == 2


def test_a_step_says_how_long_it_took(capsys):
    with console.step("Counting"):
        pass
    assert "✓ Counting" in capsys.readouterr().out


def test_nothing_to_measure_is_said(capsys):
    console.metrics({"late": {}})
    assert "nothing to measure" in capsys.readouterr().out


def test_the_epoch_is_that_of_the_day_numbers():
    assert np.datetime64(0, "D").astype(object) == EPOCH


def test_terms_are_told_as_french_and_english_write_them(answer, capsys):
    by_grade = replace(
        answer, recommended_terms_days=15, deposit_share=0.3, means_of_payment="bill_of_exchange"
    )
    console.assessment(by_grade, "fr")
    assert "Conditions : 15 jours, acompte 30 %, lettre de change relevé (LCR)" in shown(capsys)
    console.assessment(by_grade, "en")
    assert "Terms: 15 days, deposit 30%, bill of exchange" in shown(capsys)
    beforehand = replace(answer, recommended_terms_days=0, deposit_share=1.0, means_of_payment="prepayment")
    console.assessment(beforehand, "fr")
    assert "Conditions : paiement avant livraison" in shown(capsys)
    console.assessment(replace(answer, deposit_share=0.0, means_of_payment="transfer"), "fr")
    assert "acompte" not in shown(capsys)


def test_every_figure_of_the_list_of_customers_fits_a_terminal_of_80_columns():
    line = CustomerSummary(
        "C001234", "Établissements Fictifs", None, 0.488, 0.662, "E", 378_700.0, 64_320.0, 66_253.0
    )
    terminal = Console(width=80, record=True, file=io.StringIO())
    terminal.print(console.customers_table([line]))
    text = " ".join(terminal.export_text().replace("\u202f", " ").split())
    for figure in ("48,8 %", "66,2 %", "378 700", "64 320", "66 253"):
        assert figure in text


def test_what_would_drive_a_terminal_shows_as_a_sign(capsys: pytest.CaptureFixture[str]):
    console.say("Essai\x1b[2J\u202e [red]SA")
    assert shown(capsys).strip() == "Essai\ufffd[2J\ufffd [red]SA"


def test_money_on_account_stands_next_to_what_is_overdue():
    line = CustomerSummary(
        "C001234", "Établissements Fictifs", None, 0.488, 0.662, "E", 378_700.0, -3_500.0, 1_500.0, -5_000.0
    )
    terminal = Console(width=80, record=True, file=io.StringIO())
    terminal.print(console.customers_table([line]))
    text = " ".join(terminal.export_text().replace("\u202f", " ").split())
    for figure in ("crédit", "378 700", "−3 500", "1 500", "−5 000"):
        assert figure in text
