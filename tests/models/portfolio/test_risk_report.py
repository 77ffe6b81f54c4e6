from dataclasses import replace
from functools import cache

import pytest

from models.policy.document import load_policy
from models.portfolio.concentration import UNKNOWN
from models.portfolio.cover import CoverChange, changed_covers, covered_eur, insurer_shares
from models.portfolio.expected_loss import own_risk_eur
from models.portfolio.positions import Position, Positions
from models.portfolio.risk_report import RiskReport, risk_report
from tests.models.policy.builders import a_case
from tests.models.portfolio.positions import a_position, positions_of

POLICY = load_policy()
LGD = POLICY.expected_loss.lgd_share


def owing(who: str, eur: float, pd: float = 0.01, **changes: object) -> Position:
    """A position of a customer that owes, with figures of its case or its own."""
    own = {name: changes.pop(name) for name in ("entity", "region", "insurer") if name in changes}
    return a_position(who, a_case(open_eur=eur, pd_12m=pd, **changes), **own)


def portfolio() -> Positions:
    """Two numbers of one entity, an insured customer, one in default, and thirty others."""
    insured = owing("B", 20_000.0, 0.05, insured_limit_eur=15_000.0, covered_share=0.9, insurer="Assureur A")
    return positions_of(
        owing("A1", 10_000.0, 0.02, entity="A", region="75"),
        owing("A2", 5_000.0, 0.02, entity="A", region="75"),
        insured,
        owing("C", 4_000.0, 0.5, in_default=True),
        owing("D", -500.0, 0.1),
        *(owing(f"S{at:02}", 1_000.0 + at) for at in range(30)),
    )


@cache
def report(change: CoverChange | None = None) -> RiskReport:
    return risk_report(portfolio(), POLICY, change, 1 << 10)


def test_the_expected_loss_is_the_sum_of_the_customers_and_default_is_certain():
    found = report()
    risky = [one for one in portfolio().items if one.customer_id != "C"]
    by_hand = LGD * (4_000 + sum(one.case.pd_12m * own_risk_eur(one.exposure) for one in risky))
    assert found.expected_loss_eur == pytest.approx(by_hand)
    assert found.certain_loss_eur == pytest.approx(LGD * 4_000)
    assert min(level.value_at_risk_eur for level in found.levels) >= found.certain_loss_eur


def test_contributions_add_up_to_the_shortfall_and_numbers_of_an_entity_are_one():
    found = report()
    assert sum(one.shortfall_eur for one in found.contributions) == pytest.approx(
        found.expected_shortfall_eur
    )
    assert sum(one.share for one in found.contributions) == pytest.approx(1.0)
    entity = next(one for one in found.contributions if "A1" in one.customer_ids)
    assert (entity.customer_ids, entity.own_risk_eur) == (("A1", "A2"), pytest.approx(15_000.0))
    assert "D" not in {who for one in found.contributions for who in one.customer_ids}


def test_every_euro_is_in_every_dimension_once():
    found = report()
    whole = sum(max(one.open_eur, 0.0) for one in portfolio().items)
    assert found.open_eur == pytest.approx(whole) == pytest.approx(found.own_risk_eur + found.covered_eur)
    for name in ("sectors", "regions"):
        assert sum(line.open_eur for line in found.concentration[name].top) == pytest.approx(whole)
        assert sum(line.share for line in found.concentration[name].top) == pytest.approx(1.0)
    assert found.concentration["regions"].top[0].key == UNKNOWN
    assert found.concentration["entities"].top[1].customer_id == "A1"
    assert found.concentration["customers"].count == found.concentration["entities"].count + 1


def test_a_dimension_that_is_unknown_of_everybody_has_no_figure():
    nobody = positions_of(*(replace(one, region=None) for one in portfolio().items))
    found = risk_report(nobody, POLICY, cells=1 << 6).concentration["regions"]
    assert (found.count, found.effective_count, found.top) == (0, None, ())


def test_other_covers_change_what_is_at_our_own_risk():
    found, covers = report(), {one.name: one for one in report().covers}
    assert set(covers) == {"none", "insurer_lost", "largest", "share"}
    assert covers["none"].own_risk_eur == pytest.approx(found.open_eur)
    assert covers["insurer_lost"].own_risk_eur == pytest.approx(covers["none"].own_risk_eur)
    assert covers["largest"].own_risk_eur < found.own_risk_eur < covers["share"].own_risk_eur
    assert covers["largest"].expected_loss_eur < found.expected_loss_eur < covers["none"].expected_loss_eur
    assert covers["largest"].value_at_risk_eur <= found.value_at_risk_eur <= covers["none"].value_at_risk_eur


def test_no_change_of_cover_changes_nothing():
    found, insured = report(CoverChange(0.0, 0.9)), {"largest", "share"}
    assert {one.own_risk_eur for one in found.covers if one.name in insured} == {found.own_risk_eur}


def test_cover_without_a_named_insurer_is_unknown_and_cannot_be_lost():
    items = tuple(replace(one, insurer=None) for one in portfolio().items)
    assert [part.name for part in insurer_shares(items).top] == [UNKNOWN]
    assert "insurer_lost" not in changed_covers(items, CoverChange(), 0.9)
    assert sum(covered_eur(one.exposure) for one in items) == pytest.approx(13_500.0)


def test_an_empty_portfolio_loses_nothing():
    found = risk_report(positions_of(), POLICY)
    assert (found.expected_loss_eur, found.open_eur, found.contributions) == (0.0, 0.0, ())
    assert {line.value_at_risk_eur for line in found.levels} == {0.0}
    assert found.document()["concentration"]["sectors"]["effective_count"] is None


def test_the_document_holds_plain_values_and_the_largest_contributions():
    made = report().document(3)
    assert [len(made[name]) for name in ("contributions", "levels")] == [3, 3]
    assert made["entities_at_risk"] == 33
    chances = [point["exceedance"] for point in made["curve"]]
    assert chances == sorted(chances, reverse=True)
