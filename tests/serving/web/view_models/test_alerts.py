import pytest

from models.policy.sections.alerts import SEVERITIES
from models.portfolio.changes import CAUSES
from models.wording.formats import LANGUAGES
from serving.store import AlertRow
from serving.web.view_models.alerts import alert_view
from serving.web.words import words

FR = words("fr")
BEFORE = {"grade": "B", "pd_12m": 0.01, "p_late30": 0.1, "limit_eur": 10_000.0, "open_eur": 500.0}
AFTER = BEFORE | {"grade": "D", "limit_eur": 2_000.0}
EFFECTS = {
    "grade": {"data": 2.0, "model": 0.0, "policy": 0.0},
    "limit_eur": {"data": -7_000.0, "model": 0.0, "policy": -1_000.0},
}


def an_alert(**changes: object) -> AlertRow:
    values = {
        "customer_id": "C1",
        "name": "Société Élan",
        "severity": "medium",
        "cause": "data",
        "kinds": ("grade",),
        "open_eur": 500.0,
        "sentence_fr": "Note B → D : ses données ont changé.",
        "sentence_en": "Grade B → D: its data changed.",
        "before": BEFORE,
        "after": AFTER,
        "effects": EFFECTS,
    }
    return AlertRow(**(values | changes))


def test_only_what_moved_is_told_with_the_part_of_each_cause():
    parts = alert_view(an_alert(), FR).parts
    assert [part.label for part in parts] == ["Note (crans)", "Plafond"]
    assert (parts[0].before, parts[0].after, parts[0].data) == ("B", "D", "+2")
    assert (parts[1].data, parts[1].policy) == (FR.eur(-7_000), FR.eur(-1_000))


def test_effects_that_are_not_known_are_said_so():
    assert alert_view(an_alert(effects={}), FR).parts[0].data == "inconnu"


def test_the_sentence_is_in_the_persons_language():
    assert alert_view(an_alert(), words("en")).sentence == "Grade B → D: its data changed."


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("severity", SEVERITIES)
@pytest.mark.parametrize("cause", CAUSES)
def test_every_severity_and_cause_has_words(language, severity, cause):
    view = alert_view(an_alert(severity=severity, cause=cause), words(language))
    assert view.severity_words
    assert view.cause
