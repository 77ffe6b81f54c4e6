"""Every picture comes of the document alone, tells what it shows, and is left out where nothing is known."""

import json
from dataclasses import dataclass
from pathlib import Path

import pytest

from pipelines.training.report import charts
from pipelines.training.report.trained import Trained, read_trained
from pipelines.training.report.wording import ReportTexts, report_texts
from tests.pipelines.training.report.pages import read_page

pytestmark = pytest.mark.slow  # each trains a model whole


@dataclass(frozen=True)
class Drawn:
    trained: Trained
    speaker: ReportTexts

    @property
    def document(self) -> dict:
        return dict(self.trained.findings)


@pytest.fixture(params=["late", "default"])
def drawn(request: pytest.FixtureRequest, trained: Path) -> Drawn:
    found = read_trained(trained / request.param)
    return Drawn(found, report_texts(found.findings["features"])[0])


def test_every_picture_is_sound_and_tells_what_it_shows(drawn: Drawn):
    ends = list(drawn.trained.facts["period_ends"].values())
    pictures = [
        charts.roc_chart(drawn.document, drawn.speaker),
        charts.precision_chart(drawn.document, drawn.speaker),
        charts.scores_chart(drawn.document, drawn.speaker),
        charts.contributions_chart(drawn.document, drawn.speaker),
        charts.tenths_chart(drawn.document, drawn.speaker),
        charts.months_chart(drawn.document, ends, drawn.speaker),
        *(picture for _, picture in charts.dependence_charts(drawn.document, drawn.speaker)),
    ]
    for picture in pictures:
        page = read_page(str(picture))
        assert (page.pictures, page.silent_pictures) == (1, [])


def test_each_tenth_and_each_month_is_a_dot_and_each_end_of_a_period_a_line(drawn: Drawn):
    ends = list(drawn.trained.facts["period_ends"].values())
    tenths = str(charts.tenths_chart(drawn.document, drawn.speaker))
    assert tenths.count("<circle") == len(drawn.document["tenths"]) == 10
    assert tenths.count('class="whisker"') == 10
    months = str(charts.months_chart(drawn.document, ends, drawn.speaker))
    assert months.count("<circle") == len(drawn.document["population"]["months"])
    assert months.count('class="whisker"') == 3


def test_what_lies_outside_is_marked(drawn: Drawn):
    tenths = [{**one, "outside": True} for one in drawn.document["tenths"]]
    marked = str(charts.tenths_chart({**drawn.document, "tenths": tenths}, drawn.speaker))
    assert marked.count('class="out"') == 10


def test_nothing_measured_is_nothing_drawn(drawn: Drawn):
    empty = {**drawn.document, "roc": None, "precision_recall": None, "scores": None}
    assert charts.scores_chart(empty, drawn.speaker) is None
    assert charts.roc_chart(empty, drawn.speaker) is None
    assert charts.precision_chart(empty, drawn.speaker) is None


def test_every_contribution_is_a_dot_and_a_missing_value_is_marked(drawn: Drawn):
    document = json.loads(json.dumps(drawn.document))
    for one in document["reasons"]["dependence"]:
        one["values"][0] = None
    picture = str(charts.contributions_chart(document, drawn.speaker))
    rows = document["reasons"]["dependence"]
    assert picture.count("<circle") == sum(len(one["added"]) for one in rows)
    assert picture.count('class="tone-unknown"') >= len(rows)


def test_findings_of_an_earlier_training_are_drawn_without_what_they_lack(drawn: Drawn):
    document = {name: value for name, value in drawn.document.items() if name != "scores"}
    assert charts.scores_chart(document, drawn.speaker) is None


def test_a_feature_that_is_never_known_has_no_picture_and_labels_are_the_speakers(drawn: Drawn):
    document = json.loads(json.dumps(drawn.document))
    first = document["reasons"]["dependence"][0]
    first["values"] = [None] * len(first["values"])
    labels = [label for label, _ in charts.dependence_charts(document, drawn.speaker)]
    known = [one["name"] for one in document["reasons"]["dependence"][1 : charts.DEPENDENCE]]
    assert labels == [document["features"][name]["fr"] for name in known if name]
