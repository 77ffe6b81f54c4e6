"""What an analyst has set stands below the model's own answer."""

import datetime as dt
from dataclasses import replace

import pytest

from models.assessment.assessment import CreditRequest
from models.assessment.party import Party
from models.policy.document import load_policy
from models.policy.limit.limit import recommend_limit
from models.policy.overrides import effective
from pipelines.cli.console import overrides as console_overrides
from serving.store import Override
from tests.models.policy.builders import a_case
from tests.serving.fakes import an_assessment

TODAY = dt.date(2026, 11, 22)


def told(capsys: pytest.CaptureFixture[str], lang: str, *overrides: Override, **case: object) -> str:
    answer = an_assessment(Party("C1"), CreditRequest())
    asked = replace(a_case(), **case)  # type: ignore[arg-type]  # fields by name
    answer = replace(answer, case=asked, limit=recommend_limit(asked, load_policy()))
    console_overrides.by_hand(effective(answer.document(), overrides, TODAY, load_policy()), lang)
    return capsys.readouterr().out.replace("\N{NARROW NO-BREAK SPACE}", " ").strip()


def set_to(value: float | str, until: dt.date = dt.date(2027, 1, 31), **more: dt.datetime) -> Override:
    kind = "grade" if isinstance(value, str) else "limit"
    return Override("C1", kind, value, "the parent company guarantees it", "anne", until, {}, **more)


def test_a_limit_and_a_grade_are_told_with_their_last_day(capsys: pytest.CaptureFixture[str]):
    both = set_to(12_000.0), set_to("C")
    assert told(capsys, "fr", *both).splitlines() == [
        "Plafond fixé par un analyste : 12 000 € (jusqu'au 31/01/2027)",
        "Note fixée par un analyste : C (jusqu'au 31/01/2027)",
    ]
    assert told(capsys, "en", *both).startswith(
        "Limit set by an analyst: €12,000 (until 31\N{NO-BREAK SPACE}Jan\N{NO-BREAK SPACE}2027)"
    )


def test_a_grade_alone_brings_its_limit(capsys: pytest.CaptureFixture[str]):
    assert "Plafond qui en découle : 24 000 €" in told(capsys, "fr", set_to("C"))


def test_nothing_is_told_without_an_override_or_once_it_has_ended(capsys: pytest.CaptureFixture[str]):
    assert told(capsys, "fr") == ""
    assert told(capsys, "fr", set_to(12_000.0, TODAY - dt.timedelta(days=1))) == ""
    withdrawn = set_to(12_000.0, withdrawn_at=dt.datetime(2026, 11, 1, tzinfo=dt.UTC))
    assert told(capsys, "fr", withdrawn) == ""


def test_a_stop_goes_before_it(capsys: pytest.CaptureFixture[str]):
    assert "un blocage l'emporte" in told(capsys, "fr", set_to(12_000.0), open_proceeding=True)
