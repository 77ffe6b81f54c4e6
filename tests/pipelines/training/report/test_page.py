"""A page is whole in itself, sound, in one language, and says what it could not measure."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from models.wording.formats import LANGUAGES
from pipelines.training.findings.document import evaluate_model
from pipelines.training.report.page import render_page
from pipelines.training.report.trained import Trained, read_trained
from pipelines.training.report.wording import ReportTexts, report_texts
from tests.pipelines.training.findings.samples import material
from tests.pipelines.training.report.pages import read_page

pytestmark = pytest.mark.slow  # each trains a model whole


def spoken(found: Trained, lang: str) -> ReportTexts:
    return report_texts(found.findings["features"])[LANGUAGES.index(lang)]


def written(found: Trained, lang: str, **more: object) -> str:
    return render_page(found, spoken(found, lang), "other.html", **more)


@pytest.fixture(params=["late", "default"])
def found(request: pytest.FixtureRequest, trained: Path) -> Trained:
    return read_trained(trained / request.param)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_page_is_sound_refers_to_nothing_outside_and_every_picture_has_words(found: Trained, lang: str):
    text = written(found, lang)
    page = read_page(text)
    assert page.lang == lang
    assert page.pictures >= 10
    assert page.silent_pictures == []
    outside = [one for one in page.references if not one.startswith("data:image/png;base64,")]
    assert outside == ["other.html"]
    for word in ("http:", "https:", "//cdn", "@import", "<script", "url("):
        assert word not in text


@pytest.mark.parametrize(
    ("lang", "titles"),
    [
        ("fr", ["Synthèse", "Données et période", "Recherche de fuites", "Discrimination", "Calibration",
                "Stabilité", "Ce dont la réponse dépend", "Sens des variables",
                "Et si\N{NARROW NO-BREAK SPACE}?", "Grille de score",
                "En euros", "Usage, limites et droit", "Signature"]),
        ("en", ["Verdict", "Data and period", "Leakage checks", "Discrimination", "Calibration", "Stability",
                "What the answer hangs on", "Signs of the features", "What if?", "Scorecard", "In euros",
                "Use, limits and law", "Signature"]),
    ],
)  # fmt: skip
def test_a_page_has_every_part_in_its_language(found: Trained, lang: str, titles: list[str]):
    shown = read_page(written(found, lang)).titles
    assert [title for title in titles if title not in shown] == []


def test_what_identifies_the_model_is_on_the_page(found: Trained):
    text = written(found, "fr")
    assert found.version in text
    assert found.facts["data_hash"] in text
    assert all(name in text for name in found.facts["parameters"])


def test_days_late_are_shown_for_late_payment_only(trained: Path):
    titles = {
        target: read_page(written(read_trained(trained / target), "en")).titles
        for target in ("late", "default")
    }
    assert "Days late" in titles["late"]
    assert "Days late" not in titles["default"]


def with_findings(found: Trained, **changes: object) -> Trained:
    return replace(found, findings={**found.findings, **changes})


def test_what_nobody_looked_at_and_what_shone_through_are_told_apart(found: Trained):
    assert "at hand when these rows were made" in written(with_findings(found, peek=None), "en")
    looked = {"days": ["2026-01-01"], "rows": 10, "differing": 0, "features": [], "passed": True}
    assert "all equal to the bit" in written(with_findings(found, peek=looked), "en")
    peeked = {**looked, "differing": 3, "features": ["open_eur"], "passed": False}
    assert "3 of 10 rows differ" in written(with_findings(found, peek=peeked), "en")


def test_a_leak_is_told_at_the_top_and_by_name(trained: Path):
    sample = material("default")
    leaking = sample.rows.frame.assign(headcount=sample.rows.label)
    findings = evaluate_model(replace(sample, rows=replace(sample.rows, frame=leaking)))
    text = written(replace(read_trained(trained / "default"), findings=findings), "en")
    assert "must not be put in charge" in text
    assert "too good to be true" in text
    assert findings["features"]["headcount"]["en"] in text


def test_a_violated_sign_is_counted_by_name(found: Trained):
    name = found.findings["singles"][0]["name"]
    told = {**found.findings["monotonicity"], "violations": 7, "by_feature": [[name, 7]]}
    text = written(with_findings(found, monotonicity=told), "en")
    assert "steps go in the wrong direction" in text
    assert f"{spoken(found, 'en').feature(name)}: 7" in text


@pytest.mark.parametrize("lang", LANGUAGES)
def test_too_few_rows_are_said_and_nothing_fails(trained: Path, lang: str):
    sample = material("default")
    label = np.where(sample.fitted.split.test, 0.0, sample.rows.label)
    alone = {"probability": sample.answers["probability"]}
    empty = replace(sample, rows=replace(sample.rows, label=label), answers=alone)
    findings = json.loads(json.dumps(evaluate_model(empty)))
    bare = {"shuffled": None, "coins": None, "singles": [], "score_shift": None, "shifts": []}
    few = replace(read_trained(trained / "default"), findings={**findings, **bare})
    text = written(few, lang)
    read_page(text)
    assert spoken(few, lang).say("page.few") in text
    assert spoken(few, lang).say("verdict.few") in text


def test_the_version_in_charge_stands_beside_where_it_was_asked(found: Trained):
    worth = [{**found.findings["euros"][0], "strategy": "champion"}]
    beside = {"number": 3, "questions": 600, "worth": worth, "why_not": ""}
    text = written(found, "en", beside=beside)
    assert "Beside version 3 in charge" in text
    assert "The version in charge" in text
    nobody = {**beside, "worth": [], "why_not": "no version answers yet"}
    assert "no version answers yet" in written(found, "en", beside=nobody)


def test_words_from_the_data_are_escaped(found: Trained):
    facts = {**found.facts, "data_hash": "<script>alert(1)</script>"}
    assert "<script>" not in written(replace(found, facts=facts), "fr")
