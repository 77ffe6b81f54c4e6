import datetime as dt

from models.ledger.tables import ACCOUNTS
from serving.schemas.questions import AccountsIn, ProspectIn

TODAY = dt.date(2026, 11, 21)


def test_accounts_have_the_columns_of_the_canonical_table():
    assert [*AccountsIn.model_fields] == [
        name for name in ACCOUNTS.column_names if name not in {"siren", "customer_id"}
    ]


def test_accounts_are_known_from_today_where_no_date_is_given():
    assert AccountsIn(closed_on=dt.date(2025, 12, 31)).row(TODAY)["published_on"] == TODAY
    given = AccountsIn(closed_on=dt.date(2025, 12, 31), published_on=dt.date(2026, 6, 1))
    assert given.row(TODAY)["published_on"] == dt.date(2026, 6, 1)


def test_a_prospect_is_tidied_and_a_sole_trader_is_a_natural_person():
    party = ProspectIn(name=" Élan ", siren="732 829 320", naf="4321a", legal_form="1000").party()
    assert (party.name, party.siren, party.naf) == ("Élan", "732829320", "43.21A")
    assert party.natural_person
    assert not ProspectIn(name="SA", legal_form="5710").party().natural_person
