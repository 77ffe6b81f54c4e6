"""The portfolio is asked for company by company; what was answered stays where a register goes away."""

from pathlib import Path

from models.ledger.files import fingerprint
from pipelines.sources.registers.refresh import refresh
from serving.registers.client import RegisterClient
from tests.pipelines.sources.registers.builders import DAY, ONE, TWO, a_portfolio, filings, held
from tests.serving.registers.local_server import Reply, busy, said, serving, settings_for
from tests.serving.registers.samples import a_judgment, a_ratio_row, a_record, found_company, search_answer

OPENED = "Jugement d'ouverture de liquidation judiciaire"
DEPOSIT = '{"dateCloture": "2024-12-31", "typeDepot": "Comptes annuels"}'


def registers(path: str) -> Reply:
    """Company ONE is in liquidation and has filed accounts; TWO is in no register."""
    if TWO in path:
        return said({"results": []})
    if path.startswith("/search"):
        return said(search_answer(found_company(ONE, etat_administratif="C", date_fermeture="2026-02-01")))
    if "annonces" in path:
        notices = [
            a_judgment(1, OPENED, "2026-01-05", "2026-01-08"),
            a_record(2, "dpc", "2025-08-01", depot=DEPOSIT),
        ]
        return said({"results": notices})
    return said({"results": [a_ratio_row("2024-12-31")]})


def asked(folder: Path, by_path, cache: Path, **more: object):
    told: list[tuple[int, int]] = []
    with (
        serving(by_path=by_path) as server,
        RegisterClient(settings_for(server.url, cache, attempts=1, **more)) as client,
    ):
        summary = refresh(folder, client, lambda now: told.append((now.done, now.total)))
    return summary, server, told


def test_everything_answered_is_entered_and_told(tmp_path: Path):
    folder = a_portfolio(tmp_path / "ledger")
    summary, _, told = asked(folder, registers, tmp_path / "cache")
    assert (summary.found, summary.not_found) == (1, (TWO,))
    assert summary.ceased == summary.new_proceedings == (ONE,)
    assert filings(folder) == [
        (ONE, "closure", "2026-02-01", "2026-02-01"),
        (ONE, "liquidation", "2026-01-05", "2026-01-08"),
    ]
    (year,) = held(folder).accounts.to_dict("records")
    assert (year["turnover"], year["published_on"]) == (1_200_000, DAY("2025-08-01"))
    assert told == [(1, 2), (2, 2)]
    assert summary.exit_code == 0


def test_again_nobody_is_asked_and_nothing_changes(tmp_path: Path):
    folder = a_portfolio(tmp_path / "ledger")
    asked(folder, registers, tmp_path / "cache")
    before = fingerprint(held(folder))
    with serving(by_path=registers) as server:
        settings = settings_for(server.url, tmp_path / "cache2", attempts=1)
        for _ in range(2):
            with RegisterClient(settings) as client:
                summary = refresh(folder, client)
        assert len(server.asked) == 6
    assert summary.new_proceedings == ()
    assert fingerprint(held(folder)) == before


def test_what_was_answered_is_entered_where_a_register_is_away(tmp_path: Path):
    folder = a_portfolio(tmp_path / "ledger")
    summary, _, _ = asked(
        folder, lambda path: busy(503) if "ratios" in path else registers(path), tmp_path / "cache"
    )
    assert [row[1] for row in filings(folder)] == ["closure", "liquidation"]
    assert "2 not answered" in summary.away["Ratios INPI/BCE"]
    assert summary.exit_code == 3


def test_who_was_not_asked_is_not_said_to_be_missing(tmp_path: Path):
    folder = a_portfolio(tmp_path / "ledger")
    summary, _, _ = asked(folder, lambda path: busy(503), tmp_path / "cache")
    assert (summary.found, summary.not_found) == (0, ())
    assert set(summary.away) == {"Annuaire des entreprises", "BODACC", "Ratios INPI/BCE"}


def test_offline_calls_nobody_and_leaves_the_ledger(tmp_path: Path):
    folder = a_portfolio(tmp_path / "ledger")
    before = fingerprint(held(folder))
    summary, server, _ = asked(folder, registers, tmp_path / "cache", offline=True)
    assert server.asked == []
    assert len(summary.away) == 3
    assert fingerprint(held(folder)) == before


def test_a_company_answered_for_another_is_not_entered(tmp_path: Path):
    folder = a_portfolio(tmp_path / "ledger")
    lie = said(search_answer(found_company(TWO, etat_administratif="C", date_fermeture="2026-02-01")))
    summary, _, _ = asked(
        folder, lambda path: lie if path.startswith(f"/search?q={ONE}") else registers(path), tmp_path / "c"
    )
    assert "asked for" in summary.away["Annuaire des entreprises"]
    assert [row[1] for row in filings(folder)] == ["liquidation"]
