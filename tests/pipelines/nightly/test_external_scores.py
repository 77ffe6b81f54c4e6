"""What others say of a customer by a day: the latest of each scale, of its company or of itself."""

import datetime as dt

import pandas as pd

from models.ledger.ledger import as_known_on
from pipelines.nightly.external_scores import outside_scores
from serving.store import OutsideScore
from tests.builders import a_customer, a_ledger

ONE, TWO = "732829320", "552032534"


def score(
    scale: str, value: str, day: str, siren: str | None = ONE, who: str | None = None
) -> dict[str, object]:
    named = {"siren": siren, "customer_id": who, "source": None}
    return {**named, "scale": scale, "score": value, "scored_on": pd.Timestamp(day)}


def said(day: str, *scores: dict[str, object]) -> dict[int, list[tuple[str, str]]]:
    customers = [a_customer("C1", siren=ONE), a_customer("C2", siren=ONE), a_customer("C3", siren=TWO)]
    ledger = as_known_on(a_ledger(customers=customers, outside_scores=scores), dt.date.fromisoformat(day))
    return {who: [(one.scale, one.score) for one in told] for who, told in outside_scores(ledger).items()}


def test_the_latest_of_each_scale_is_told_the_latest_first():
    scores = (
        score("creditsafe", "71", "2026-01-01"),
        score("creditsafe", "40", "2026-03-01"),
        score("allianz", "3", "2026-02-01"),
    )
    latest = [("creditsafe", "40"), ("allianz", "3")]
    assert said("2026-12-31", *scores) == {0: latest, 1: latest}
    assert said("2026-01-15", *scores)[0] == [("creditsafe", "71")]
    assert said("2025-12-31", *scores) == {}


def test_of_one_day_what_names_the_customer_counts():
    scores = (
        score("allianz", "3", "2026-02-01"),
        score("allianz", "5", "2026-02-01", siren=None, who="C2"),
        score("allianz", "9", "2026-02-01", siren="900000019"),
    )
    assert said("2026-12-31", *scores) == {0: [("allianz", "3")], 1: [("allianz", "5")]}


def test_a_score_keeps_its_day_and_where_it_was_read():
    told = {**score("dnb_failure", "2", "2026-02-01"), "source": "extract"}
    ledger = a_ledger(customers=[a_customer("C1", siren=ONE)], outside_scores=[told])
    assert outside_scores(ledger)[0] == (OutsideScore("dnb_failure", "2", dt.date(2026, 2, 1), "extract"),)
