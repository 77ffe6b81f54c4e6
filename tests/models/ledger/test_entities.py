import datetime as dt
from typing import Literal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.ledger.entities import EntityDecision, Joined, entity_codes, entity_keys, joined, standing
from models.ledger.ledger import Ledger, conform
from models.ledger.tables import CUSTOMERS
from tests.builders import a_customer, a_ledger

NIGHT = dt.datetime(2026, 11, 21, 8, 0, tzinfo=dt.UTC)


def decided(*pairs: str) -> list[EntityDecision]:
    """`AB` joins A and B, `A|B` splits them."""
    return [a_decision(place, pair) for place, pair in enumerate(pairs)]


def a_decision(place: int, pair: str) -> EntityDecision:
    decision: Literal["join", "split"] = "split" if "|" in pair else "join"
    return EntityDecision(NIGHT + dt.timedelta(minutes=place), decision, pair[0], pair[-1], "anne", "why")


def portfolio(**sirens: str | None) -> Ledger:
    return a_ledger(customers=[a_customer(name, siren=siren) for name, siren in sirens.items()])


def entities(found: Joined) -> set[str]:
    customers = found.ledger.customers
    codes = entity_codes(customers)
    return {"".join(sorted(customers["customer_id"][codes == code])) for code in np.unique(codes)}


def test_numbers_with_the_same_siren_are_one_entity_and_numbers_without_any_are_alone():
    assert entities(joined(portfolio(A="1", B="2", C="1", D=None, E=None), [])) == {"AC", "B", "D", "E"}


def test_a_joined_number_takes_the_siren_of_the_other():
    found = joined(portfolio(A="1", B=None, C=None), decided("BA"))
    assert found.ledger.customers["siren"].tolist()[:2] == ["1", "1"]
    assert entities(found) == {"AB", "C"}


def test_numbers_without_siren_are_joined_under_one_id():
    found = joined(portfolio(A=None, B=None, C=None, D="1"), decided("CB", "AC"))
    assert entities(found) == {"ABC", "D"}
    assert entity_keys(found.ledger.customers).tolist() == ["joined:A", "joined:A", "joined:A", "1"]


def test_a_split_undoes_a_join_and_the_last_word_counts():
    ledger = portfolio(A=None, B=None)
    assert entities(joined(ledger, decided("AB", "B|A"))) == {"A", "B"}
    assert entities(joined(ledger, decided("AB", "A|B", "BA"))) == {"AB"}


def test_two_sirens_are_never_one_entity_whatever_is_joined():
    found = joined(portfolio(A="1", B=None, C="2"), decided("AB", "BC"))
    assert entities(found) == {"AB", "C"}
    assert [one.pair for one in found.contradicted] == [("B", "C")]


def test_a_decision_on_a_number_that_the_ledger_does_not_hold_waits():
    assert entities(joined(portfolio(A=None), decided("AZ"))) == {"A"}
    assert entities(joined(portfolio(A=None, Z="1"), decided("AZ"))) == {"AZ"}


def test_without_a_join_the_ledger_is_the_same_object():
    ledger = portfolio(A="1", B=None)
    assert joined(ledger, decided("A|B")).ledger is ledger


NAMES = "ABCDEF"
DECIDED = st.lists(
    st.tuples(st.sampled_from(NAMES), st.sampled_from(["", "|"]), st.sampled_from(NAMES)).filter(
        lambda told: told[0] != told[2]
    ),
    max_size=12,
).map(lambda told: decided(*("".join(one) for one in told)))


@pytest.mark.slow
@given(st.lists(st.sampled_from([None, "1", "2"]), min_size=6, max_size=6), DECIDED)
def test_whatever_is_decided_no_entity_has_two_sirens_and_the_table_keeps_its_contract(
    sirens: list[str | None], decisions: list[EntityDecision]
):
    ledger = portfolio(**dict(zip(NAMES, sirens, strict=True)))
    found = joined(ledger, decisions)
    customers = found.ledger.customers
    pd.testing.assert_frame_equal(conform(customers, CUSTOMERS), customers)
    was = dict(zip(NAMES, sirens, strict=True))
    for entity in entities(found):
        assert len({was[name] for name in entity} - {None}) <= 1
    kept = ledger.customers["siren"].notna()
    assert customers["siren"][kept].equals(ledger.customers["siren"][kept])
    together = {name: entity for entity in entities(found) for name in entity}
    refused = {one.pair for one in found.contradicted}
    for pair, last in standing(decisions).items():
        if last.decision == "join" and pair not in refused:
            assert together[pair[0]] == together[pair[1]]
