"""The page stands alone, is well-formed, and says everything in French and in English."""

import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path

import pytest

from models.wording.numerals import SPACE, unbroken
from pipelines.monitoring.monitor import Watch
from pipelines.monitoring.page import render, target_name, write_page
from pipelines.monitoring.verdict import SCORES, MonitoringCheck


def page(found: Watch) -> ET.Element:
    return ET.fromstring(render(found))


def said(element: ET.Element) -> str:
    return " ".join(" ".join(element.itertext()).split())


@pytest.fixture(scope="module")
def shown(watched: Watch) -> ET.Element:
    return page(watched)


def test_every_heading_is_french_first_with_english_beside(shown: ET.Element):
    assert shown.get("lang") == "fr"
    for heading in (one for tag in ("h1", "h2", "h3") for one in shown.iter(tag)):
        first, second = heading.findall("span")
        assert (first.get("lang"), second.get("lang")) == ("fr", "en")
        assert said(first)
        assert said(second)
        assert said(first) != said(second)


def test_both_targets_their_checks_and_their_alerts_are_on_it(watched: Watch, shown: ET.Element):
    text = said(shown)
    for one in watched.targets:
        name = target_name(one.target)
        assert name.fr in text
        assert name.en in text
        for check in one.checks:
            assert check.rule.label_fr in text
            assert check.rule.label_en in text
    assert watched.alerts
    for sentence in (words for check in watched.alerts for words in (check.text_fr, check.text_en)):
        assert " ".join(sentence.split()) in text


def test_it_needs_nothing_but_itself(watched: Watch, tmp_path: Path):
    write_page(watched, tmp_path / "report.html")
    text = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert text.startswith("<!DOCTYPE html>")
    for what in ("http", "src=", "<link", "<script", "url("):
        assert what not in text
    assert "@media print" in text


def test_every_chart_says_in_words_what_it_shows(watched: Watch, shown: ET.Element):
    charts = list(shown.iter("svg"))
    assert len(charts) == sum(1 + (one.realised is not None) for one in watched.targets)
    for chart in charts:
        assert chart.get("role") == "img"
        assert chart.findtext("title")
    for table in shown.iter("table"):
        assert all(cell.get("scope") == "col" for cell in table.iter("th"))


def test_the_verdict_is_told_in_words_either_way(watched: Watch):
    late, default = watched.targets
    drifted = MonitoringCheck(
        SCORES, "late30", 0.4, 0.25, True, "Les scores <ont> dérivé.", "Scores <have> drifted."
    )
    due = page(replace(watched, targets=(replace(late, checks=(drifted,)), replace(default, checks=()))))
    assert "Il faut réentraîner. Retraining is due." in said(due)
    assert "Les scores <ont> dérivé." in said(due)
    fine = page(replace(watched, targets=tuple(replace(one, checks=()) for one in watched.targets)))
    assert "Rien n'appelle un réentraînement. Nothing calls for retraining." in said(fine)
    assert "Alertes" not in said(fine)


def test_what_is_not_known_yet_is_said(watched: Watch):
    unknown = page(
        replace(watched, night=None, targets=tuple(replace(one, realised=None) for one in watched.targets))
    )
    assert "n'a encore d'issue connue" in said(unknown)
    assert "Dernière nuit" not in said(unknown)


def test_french_signs_stay_on_the_line_of_their_word(watched: Watch):
    assert unbroken("« a » ; b : c") == f"«{SPACE}a{SPACE}»{SPACE}; b{SPACE}: c"
    shown = page(watched)
    french = " ".join("".join(one.itertext()) for one in shown.iter("span") if one.get("lang") == "fr")
    assert " :" not in french
    assert " ;" not in french
