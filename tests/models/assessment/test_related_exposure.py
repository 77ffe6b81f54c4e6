import json

from hypothesis import given
from hypothesis import strategies as st

from models.assessment.party import Party
from models.assessment.related_exposure import (
    EntityNumber,
    RelatedExposure,
    related_exposure_of,
    shared_entities,
    sums_of,
)

OWED = [
    (Party("C1", naf="43.21A", group_id="G"), 100.0),
    (Party("C2", naf="43.11Z", group_id="G"), 50.0),
    (Party("C3", naf="10.11Z"), 30.0),
    (Party("C4"), 7.0),
]


def around(party: Party, own_open_eur: float) -> RelatedExposure:
    return related_exposure_of(party, {"surroundings": sums_of(OWED)}, own_open_eur)


def test_a_customer_is_surrounded_by_the_others_of_its_group_and_by_its_whole_sector():
    assert around(*OWED[0]) == RelatedExposure(50.0, 150.0, 187.0)


def test_a_customer_without_group_or_activity_has_the_portfolio_alone_around_it():
    assert around(*OWED[3]) == RelatedExposure(0.0, 0.0, 187.0)


def test_a_prospect_finds_what_its_sector_owes():
    assert around(Party(None, naf="43.99C"), 0.0) == RelatedExposure(0.0, 150.0, 187.0)


def test_a_context_without_sums_surrounds_nobody():
    assert related_exposure_of(OWED[0][0], None, 100.0) == RelatedExposure()
    assert related_exposure_of(OWED[0][0], {"peers": {}}, 100.0) == RelatedExposure()


def test_money_on_account_of_one_pays_no_debt_of_another():
    sums = sums_of([*OWED, (Party("C5", naf="43.21A", group_id="G"), -1_000.0)])
    assert sums == sums_of(OWED)


@given(st.lists(st.tuples(st.sampled_from("ABC"), st.integers(-10_000, 1_000_000)), max_size=20))
def test_groups_add_up_to_the_portfolio_and_what_is_around_a_member_to_its_group(owed: list[tuple[str, int]]):
    members = [(Party(str(place), group_id=group), cents / 100) for place, (group, cents) in enumerate(owed)]
    sums = json.loads(json.dumps(sums_of(members)))
    assert round(sum(sums["groups"].values()), 2) == round(sums["portfolio_eur"], 2)
    for party, own in members:
        others = related_exposure_of(party, {"surroundings": sums}, own).group_open_eur
        assert round(others + max(own, 0.0), 2) == round(sums["groups"][party.group_id], 2)


def a_number(customer_id: str, open_eur: float = 0.0, **more: object) -> EntityNumber:
    told = {"oldest_overdue_days": 0.0, "in_default": False, "pd_12m": 0.01, **more}
    return EntityNumber(customer_id, None, open_eur, **told)  # type: ignore[arg-type]  # fields by name


def around_entity(party: Party, *numbers: tuple[str, EntityNumber]) -> RelatedExposure:
    sums = json.loads(json.dumps({**sums_of([]), **shared_entities(numbers)}))
    return related_exposure_of(party, {"surroundings": sums}, 0.0)


def test_the_worst_of_an_entitys_other_numbers_is_around_each_of_them():
    numbers = [
        ("732829320", a_number("A", 100.0, oldest_overdue_days=5.0)),
        ("732829320", a_number("B", 50.0, in_default=True, pd_12m=0.3)),
        ("732829320", a_number("C", -20.0, oldest_overdue_days=130.0, pd_12m=0.2)),
    ]
    assert around_entity(Party("A"), *numbers) == RelatedExposure(0.0, 0.0, 0.0, 50.0, True, 130.0, 0.3)
    assert around_entity(Party("B"), *numbers) == RelatedExposure(0.0, 0.0, 0.0, 100.0, False, 130.0, 0.2)


def test_a_prospect_finds_the_numbers_of_its_siren():
    numbers = [("732829320", a_number("A", 100.0)), ("732829320", a_number("B", 50.0))]
    assert around_entity(Party(None, siren="732829320"), *numbers).entity_open_eur == 150.0
    assert around_entity(Party(None, siren="356000000"), *numbers) == RelatedExposure()
    assert around_entity(Party(None), *numbers) == RelatedExposure()


def test_an_entity_of_one_number_leaves_the_context_as_it_was():
    assert shared_entities([("1", a_number("A", 9.0)), ("2", a_number("B", 9.0))]) == {}
    assert around_entity(Party("A", siren="1"), ("1", a_number("A", 9.0))) == RelatedExposure()


@given(st.lists(st.tuples(st.sampled_from("XYZ"), st.integers(-10_000, 1_000_000)), max_size=12))
def test_what_a_number_and_its_others_owe_is_what_the_entity_owes(owed: list[tuple[str, int]]):
    numbers = [(key, a_number(str(place), cents / 100)) for place, (key, cents) in enumerate(owed)]
    for key, number in numbers:
        whole = sum(max(cents, 0) for other, cents in owed if other == key)
        others = around_entity(Party(number.customer_id), *numbers).entity_open_eur
        assert round(others * 100) + max(round(number.open_eur * 100), 0) == whole
