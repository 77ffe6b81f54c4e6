"""The reverse proxy's configuration answers problem documents of the status that it sends."""

import json
import re

import uvicorn

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


def test_requests_go_to_the_machines_that_are_listed():
    (name, machines) = re.findall(r"upstream (\S+) \{(.*?)\n\}", CONFIGURATION, re.DOTALL)[0]
    assert re.findall(r"proxy_pass (\S+);", CONFIGURATION) == [f"http://{name}"]
    assert re.findall(r"^ +(# )?server (\S+):8000;", machines, re.MULTILINE) == [
        ("", "127.0.0.1"),
        ("# ", "10.0.0.12"),
    ]
    assert 'proxy_set_header Connection "";' in CONFIGURATION


def test_the_proxy_closes_idle_connections_before_the_server_does():
    """Else it would send a request on one that is being closed, and answer 503."""
    (kept_s,) = re.findall(r"keepalive_timeout (\d+)s;", CONFIGURATION)
    assert int(kept_s) < uvicorn.Config("none").timeout_keep_alive


def test_every_place_that_an_error_leads_to_is_there():
    named = re.findall(r"error_page .* (\S+);", CONFIGURATION)
    assert sorted(named) == sorted(place for place, _ in ANSWERS)
