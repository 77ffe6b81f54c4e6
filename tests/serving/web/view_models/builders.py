"""Makes what view models are made of."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from models.assessment.assessment import CreditRequest
from models.assessment.party import Party
from models.policy.overrides import InForce
from serving.store import CustomerFile, StoredCustomer
from serving.store.dossiers import Dossier
from tests.serving.fakes import an_assessment
from tests.serving.store.builders import AS_OF, a_customer


def a_document(*, natural_person: bool = False, **changes: object) -> dict[str, Any]:
    party = Party("C1", "Société Élan", "732829320", natural_person=natural_person)
    return {**an_assessment(party, CreditRequest(1_000.0, 30)).document(), **changes}


def a_file(row: Mapping[str, object] | None = None, **changes: object) -> CustomerFile:
    document = a_document()
    found = a_customer("C1", **{"party": document["party"], "assessment": document, **(row or {})})
    values: dict[str, Any] = {"context": {}, "invoices": (), "history": (), "dossier": Dossier()}
    return CustomerFile(stored=StoredCustomer(1, AS_OF, found), **(values | changes))


def in_force(**changes: object) -> dict[str, Any]:
    values: dict[str, Any] = {
        "limit_eur": 28_000.0,
        "limit_from": "model",
        "grade": "B",
        "grade_from": "model",
        "own_limit_eur": 28_000.0,
        "own_grade": "B",
        "overrides": (),
    }
    return InForce(**(values | changes)).document()


def an_override(kind: str, value: object, override_id: int = 1) -> dict[str, Any]:
    return {
        "override_id": override_id,
        "kind": kind,
        "value": value,
        "who": "dominique",
        "reason": "garantie reçue du groupe",
        "valid_until": dt.date(2027, 1, 31).isoformat(),
    }
