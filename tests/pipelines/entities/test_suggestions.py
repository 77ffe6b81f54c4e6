import datetime as dt

import pandas as pd
import pytest

from benchmarks.entities import portfolio, precision_and_recall
from models.ledger.entities import EntityDecision, joined
from models.ledger.ledger import conform
from models.ledger.tables import CUSTOMERS
from pipelines.entities.suggestions import Offer, find_offers
from tests.builders import a_customer, a_ledger

AT = dt.datetime(2026, 11, 21, tzinfo=dt.UTC)


def customers(*rows: tuple[str, str | None, str | None], **more: object) -> pd.DataFrame:
    made = [a_customer(who, name=name, siren=siren, **more) for who, name, siren in rows]
    return conform(pd.DataFrame(made), CUSTOMERS)


def pairs(offers: tuple[Offer, ...]) -> list[tuple[str, str]]:
    return [(one.customer_id, one.other_id) for one in offers]


def test_a_number_without_siren_is_offered_to_its_namesake_with_one():
    (found,) = find_offers(customers(("A", "Fontan Isolation SAS", "1"), ("B", "ISOLATION FONTAN", None)))
    assert (found.customer_id, found.other_id, found.other_siren, found.score) == ("B", "A", "1", 100.0)
    assert found.why_fr.startswith("même nom")
    assert found.why_en.startswith("the same name")


def test_two_numbers_without_siren_are_offered_once():
    assert pairs(find_offers(customers(("B", "Fontan Nord", None), ("A", "FONTAN NORD", None)))) == [
        ("A", "B")
    ]


def test_a_homonym_with_another_siren_is_never_offered():
    assert find_offers(customers(("A", "Fontan", "1"), ("B", "Fontan", "2"))) == ()


def test_a_namesake_of_two_sirens_is_offered_with_a_warning():
    found = find_offers(
        customers(("A", "Fontan Nord", "1"), ("B", "Fontan Nord", "2"), ("C", "Fontan Nord", None))
    )
    assert pairs(found) == [("C", "A"), ("C", "B")]
    assert all(one.homonyms == 2 and "several SIRENs" in one.why_en for one in found)


def test_an_entity_of_several_numbers_is_offered_once():
    rows = (("A", "Fontan Nord", "1"), ("B", "Fontan Nort", "1"), ("C", "Fontan Nord", None))
    assert pairs(find_offers(customers(*rows))) == [("C", "A")]


@pytest.mark.parametrize(
    ("postcode", "score", "why"),
    [
        ("59 000", 100.0, "the same place"),
        ("59260", 98.0, "the same region"),
        ("13001", 92.0, "places far apart"),
        (None, 100.0, "the same name"),
    ],
)
def test_a_namesake_is_the_likelier_the_nearer_it_is(postcode: str | None, score: float, why: str):
    rows = [
        a_customer("A", name="Fontan Nord", siren="1", postcode="59000"),
        a_customer("B", name="Fontan Nord", postcode=postcode),
    ]
    (found,) = find_offers(conform(pd.DataFrame(rows), CUSTOMERS))
    assert found.score == score
    assert why in found.why_en


def test_names_spelled_alike_in_places_far_apart_are_not_offered():
    rows = [
        a_customer("A", name="Menuiserie Fontan", siren="1", postcode="59000", town="Lille"),
        a_customer("B", name="Menuiserie Fonten", postcode="13001", town="Marseille"),
    ]
    assert find_offers(conform(pd.DataFrame(rows), CUSTOMERS)) == ()
    assert len(find_offers(conform(pd.DataFrame(rows), CUSTOMERS), least_score=80)) == 1


def test_places_make_offers_more_precise_and_lose_few():
    told, none = (
        precision_and_recall(find_offers(customers_), truth)
        for customers_, truth in (portfolio(400, 40, 5, placed=placed) for placed in (True, False))
    )
    assert told[0] > none[0]
    assert told[1] >= none[1] - 0.1


def test_another_country_is_another_company():
    rows = [
        a_customer("A", name="Fontan", siren="1", country="FR"),
        a_customer("B", name="Fontan", country="BE"),
    ]
    assert find_offers(conform(pd.DataFrame(rows), CUSTOMERS)) == ()
    same = find_offers(customers(("A", "Fontan", "1"), ("B", "Fontan", None), country="FR"))
    assert same[0].why_en.endswith("same country")


@pytest.mark.parametrize("decision", ["join", "split"])
def test_what_was_decided_on_is_not_offered_again(decision: str):
    decided = [EntityDecision(AT, decision, "C", "A", "anne", "why")]  # type: ignore[arg-type]  # both
    rows = [
        a_customer(who, name="Fontan Nord", siren=siren)
        for who, siren in (("A", "1"), ("B", "1"), ("C", None))
    ]
    ledger = joined(a_ledger(customers=rows), decided).ledger
    assert find_offers(ledger.customers, decided) == ()


def test_without_names_or_without_anyone_lacking_a_siren_nothing_is_offered():
    assert find_offers(customers(("A", None, None), ("B", None, None))) == ()
    assert find_offers(conform(pd.DataFrame({"customer_id": []}, dtype="str"), CUSTOMERS)) == ()


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_offers_find_most_second_numbers_and_are_mostly_right(seed: int):
    made, truth = portfolio(1_000, 100, seed)
    offers = find_offers(made)
    precision, recall = precision_and_recall(offers, truth)
    assert precision > 0.6
    assert recall > 0.9
    sirens = made.set_index("customer_id")["siren"]
    assert all(pd.isna(sirens[one.customer_id]) for one in offers)
    exact = find_offers(made, least_score=100.0)
    assert pairs(exact) == pairs(tuple(one for one in offers if one.score == 100.0))
