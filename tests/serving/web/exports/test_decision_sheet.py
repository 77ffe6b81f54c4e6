import datetime as dt
import io

import pytest
from pypdf import PdfReader

from models.policy.decision.decision import decide
from models.policy.decision.exposure import Commitments
from models.policy.decision.order import Order
from models.policy.document import load_policy
from models.wording.formats import LANGUAGES
from serving.web.exports.decision_sheet import DecisionRecord, decision_sheet
from serving.web.words import words
from tests.models.policy.builders import a_case
from tests.serving.web.view_models.builders import a_document, in_force

AT = dt.datetime(2026, 11, 22, 8, 30, tzinfo=dt.UTC)
ORDERS = {
    "accept": Order(1_000.0, 30),
    "accept_with_conditions": Order(200_000.0, 90, 0.1, commitments=Commitments(1_000.0, 2_000.0, 500.0)),
    "prepaid": Order(1_000.0, 30, prepaid=True, means_of_payment="guarantee"),
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("order", ORDERS.values(), ids=ORDERS)
def test_the_sheet_has_the_question_and_every_condition_on_one_page(order: Order, language: str):
    w = words(language)
    answer = decide(a_case(), order, load_policy()).document()
    answer |= {"answer_id": "a" * 32, "assessment": a_document(), "in_force": in_force()}
    reader = PdfReader(io.BytesIO(decision_sheet(DecisionRecord("camille", AT, answer), w)))
    (page,) = reader.pages
    text = "".join(page.extract_text().split())
    told = [w.eur(order.amount_eur, 2), w.eur(order.deposit_eur, 2), "camille", w.moment(AT), "a" * 32]
    told += [w.either(one["label_fr"], one["label_en"]) for one in answer["conditions"]]
    for expected in told:
        assert "".join(expected.split()) in text, expected
    assert reader.metadata.title.endswith("Société Élan")
