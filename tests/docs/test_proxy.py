"""The reverse proxy's configuration answers problem documents of the status that it sends."""

import json
import re

from tests.docs.shown import ROOT

CONFIGURATION = (ROOT / "docs" / "guides" / "nginx.conf").read_text(encoding="utf-8")
ANSWERS = re.findall(r"location = (\S+) \{(.*?)\n    \}", CONFIGURATION, re.DOTALL)


def test_every_answer_is_a_problem_of_its_status():
    assert len(ANSWERS) == 5
    for place, body in ANSWERS:
        status, text = re.findall(r"return (\d+) '(.*)';", body)[0]
        problem = json.loads(text)
        assert str(problem["status"]) == status, place
        assert {"type", "title", "status", "detail"} == set(problem), place
        assert "internal;" in body, place
        assert "application/problem+json" in body, place


def test_every_place_that_an_error_leads_to_is_there():
    named = re.findall(r"error_page .* (\S+);", CONFIGURATION)
    assert sorted(named) == sorted(place for place, _ in ANSWERS)
