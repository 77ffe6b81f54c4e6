import datetime as dt
import json

from models.assessment.assessment import CreditRequest, CustomerState
from models.assessment.party import Party
from tests.models.assessment.test_assessor import a_state
from tests.models.fitted import fitted


def test_a_party_comes_back_from_its_document():
    party = Party("C1", "Dupont", "732829320", "FR", "43.21A", "5499", 12.0, dt.date(2001, 5, 3))
    assert Party.from_document(json.loads(json.dumps(party.document()))) == party


def test_a_party_of_a_later_version_is_read_without_what_is_unknown():
    assert Party.from_document({"customer_id": "C1", "colour": "blue"}) == Party("C1")


def test_a_document_is_plain_json_with_dates_in_iso_form():
    state: CustomerState = a_state(place=3)
    document = fitted().assessor.assess(state, CreditRequest()).document()
    text = json.dumps(document, allow_nan=False)
    assert json.loads(text) == document
    assert document["as_of"] == state.as_of.isoformat()
    assert dt.date.fromisoformat(document["limit"]["valid_until"]) > state.as_of
    assert isinstance(document["p_late30"]["reasons"], list)
