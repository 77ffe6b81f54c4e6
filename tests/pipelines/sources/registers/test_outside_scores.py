"""A score is kept as it was given, once it is one of its scale's."""

from pathlib import Path

from models.ledger.files import fingerprint
from pipelines.sources.registers.outside_scores import import_scores
from tests.pipelines.sources.registers.builders import DAY, ONE, a_csv, a_portfolio, held, quarantine
from tests.serving.registers.samples import THREE


def a_row(score: str, scale: str = "creditsafe", siren: str = ONE, **more: str) -> dict[str, object]:
    row = {"siren": siren, "customer_id": "", "scale": scale, "score": score, "scored_on": "2026-01-31"}
    return {**row, **more}


def test_scores_by_siren_and_by_customer_number_are_entered_once(tmp_path: Path):
    folder = a_portfolio(tmp_path / "ledger")
    path = a_csv(
        tmp_path / "scores.csv",
        [a_row("71"), a_row("G3+", "Banque_de_France"), a_row("7", "allianz", "", customer_id="C3")],
    )
    for _ in range(2):
        summary = import_scores([path], folder)
        assert (summary.kept, summary.found) == (3, 2)
        found = held(folder).outside_scores
        assert sorted(zip(found["scale"], found["score"], strict=True)) == [
            ("allianz", "7"),
            ("banque_de_france", "G3+"),
            ("creditsafe", "71"),
        ]
    assert found["scored_on"].unique().tolist() == [DAY("2026-01-31")]
    assert len({fingerprint(held(folder))}) == 1


def test_a_score_that_its_scale_has_not_goes_to_quarantine(tmp_path: Path):
    folder = a_portfolio(tmp_path / "ledger")
    rows = [
        a_row("101"),
        a_row("5", "etoiles"),
        a_row("5", siren=""),
        a_row("5", siren="123456789"),
        a_row("5", scored_on="hier"),
        a_row("50", siren=THREE),
    ]
    summary = import_scores([a_csv(tmp_path / "scores.csv", rows)], folder)
    assert (summary.read, summary.kept, summary.elsewhere, summary.refused) == (6, 0, 1, 5)
    assert quarantine(folder)["column"].tolist() == ["score", "scale", "siren", "siren", "scored_on"]
    assert held(folder).outside_scores.empty
