"""Makes rows for the tests of whatever reads the store."""

import datetime as dt
import zlib

import numpy as np
from numpy.typing import NDArray

from models.features.state_schema import StateSchema, StateVector, unversioned
from serving.store import (
    AlertRow,
    AuditEntry,
    CustomerRow,
    Dossier,
    Event,
    InvoiceRow,
    OutsideScore,
    Override,
    PaidInvoice,
    Run,
    RunKey,
    StoredState,
    WorklistRow,
)

AS_OF = dt.date(2026, 11, 20)
NOW = dt.datetime(2026, 11, 21, 2, 0, tzinfo=dt.UTC)


def a_vector(*numbers: float) -> StateVector:
    """Return a state whose numbers mean nothing."""
    return StateVector(unversioned(len(numbers)), np.array(numbers))


def a_schema() -> StateSchema:
    """Return the schema of the runs and customers that are made here."""
    return unversioned(3)


def a_key(**changes: object) -> RunKey:
    values = {
        "as_of": AS_OF,
        "late_model": "late/3",
        "default_model": "default/2",
        "policy_hash": "0123456789abcdef",
        "data_hash": "fedcba9876543210",
        "state_schema": a_schema().hash,
    }
    return RunKey(**(values | changes))  # type: ignore[arg-type]  # fields by name


def a_run(**changes: object) -> Run:
    values: dict[str, object] = {
        "run_id": 1,
        "key": a_key(),
        "started_at": NOW,
        "published_at": NOW,
        "complete": True,
        "published": True,
        "context": {},
    }
    return Run(**(values | changes))  # type: ignore[arg-type]  # fields by name


def a_customer(customer_id: str = "C1", **changes: object) -> CustomerRow:
    values: dict[str, object] = {
        "customer_id": customer_id,
        "name": f"Société {customer_id}",
        "siren": "732829320",
        "party": {"customer_id": customer_id, "name": f"Société {customer_id}"},
        "state": a_vector(1.5, np.nan, -0.1),
        "assessment": {"grade": "B", "pd_12m": {"value": 0.1 + 0.2}},
        "pd_12m": 0.01,
        "p_late30": 0.2,
        "grade": "B",
        "limit_eur": 10_000.0,
        "open_eur": 1_200.0,
        "overdue_eur": 200.0,
    }
    return CustomerRow(**(values | changes))  # type: ignore[arg-type]  # fields by name


def an_invoice(invoice_id: str = "F1", customer_id: str = "C1", **changes: object) -> InvoiceRow:
    values: dict[str, object] = {
        "invoice_id": invoice_id,
        "customer_id": customer_id,
        "issued_on": dt.date(2026, 10, 1),
        "due_on": dt.date(2026, 10, 31),
        "amount_eur": 1_200.0,
        "open_eur": 1_200.0,
        "p_late30": 0.3,
        "days_late_p10": -1.0,
        "days_late_p50": 8.5,
        "days_late_p90": 40.25,
    }
    return InvoiceRow(**(values | changes))  # type: ignore[arg-type]  # fields by name


class Clock:
    """A clock that goes on when it is told to."""

    def __init__(self, now: dt.datetime = NOW) -> None:
        self.now = now

    def __call__(self) -> dt.datetime:
        return self.now

    def pass_by(self, **time: float) -> None:
        self.now += dt.timedelta(**time)


def a_state(**changes: object) -> StoredState:
    values: dict[str, object] = {
        "features_hash": "fedcba9876543210",
        "as_of": AS_OF,
        "party": {"customer_id": "C1", "name": "Société C1"},
        "vector": a_vector(1.5, np.nan, -0.0),
        "surroundings": {"group_open_eur": 0.1 + 0.2},
    }
    return StoredState(**(values | changes))  # type: ignore[arg-type]  # fields by name


def an_entry(answer_id: str = "a" * 32, **changes: object) -> AuditEntry:
    values: dict[str, object] = {
        "answer_id": answer_id,
        "at": NOW,
        "who": "claire",
        "role": "sales",
        "via": "key",
        "action": "assessment",
        "question": {"customer_id": "C1", "amount_eur": 0.1 + 0.2},
        "answer": {"grade": "B", "pd_12m": {"value": 1 / 3}},
        "customer_id": "C1",
        "features_hash": "fedcba9876543210",
        "late_model": "late/3",
        "default_model": "default/2",
        "policy_hash": "0123456789abcdef",
    }
    return AuditEntry(**(values | changes))  # type: ignore[arg-type]  # fields by name


def an_override(**changes: object) -> Override:
    values: dict[str, object] = {
        "customer_id": "C1",
        "kind": "limit",
        "value": 12_000.0,
        "reason": "a parent company's guarantee is on file",
        "who": "anne",
        "valid_until": dt.date(2027, 1, 31),
        "own": {"limit_eur": 8_000.0, "grade": "C"},
    }
    return Override(**(values | changes))  # type: ignore[arg-type]  # fields by name


def an_alert(customer_id: str = "C1", **changes: object) -> AlertRow:
    values: dict[str, object] = {
        "customer_id": customer_id,
        "name": f"Société {customer_id}",
        "severity": "medium",
        "cause": "data",
        "kinds": ("grade",),
        "open_eur": 1_200.0,
        "sentence_fr": "Note B → C : ses données ont changé.",
        "sentence_en": "Grade B → C: its data changed.",
        "before": {"grade": "B", "limit_eur": 10_000.0},
        "after": {"grade": "C", "limit_eur": 10_000.0},
        "effects": {"grade": {"data": 1.0, "model": 0.0, "policy": 0.0}},
    }
    return AlertRow(**(values | changes))  # type: ignore[arg-type]  # fields by name


def to_chase(customer_id: str = "C1", place: int = 1, **changes: object) -> WorklistRow:
    values: dict[str, object] = {
        "place": place,
        "customer_id": customer_id,
        "name": f"Société {customer_id}",
        "tone": "firm",
        "at_risk_eur": 500.0,
        "overdue_eur": 900.0,
        "line": {"why_fr": "Facture échue.", "invoices": [{"invoice_id": "F1", "open_eur": 900.0}]},
    }
    return WorklistRow(**(values | changes))  # type: ignore[arg-type]  # fields by name


def a_dossier() -> Dossier:
    paid = PaidInvoice("F0", dt.date(2026, 6, 30), dt.date(2026, 7, 4), 4, 1_234.56)
    filing = Event("safeguard", dt.date(2026, 5, 2), dt.date(2026, 4, 28), "BODACC 1")
    outside = (OutsideScore("creditsafe", "71", dt.date(2026, 8, 31), "extract"),)
    return Dossier((paid,), (filing,), (Event("cover", dt.date(2026, 9, 1), amount_eur=5_000.0),), outside)


def vector_bytes_of_before(vector: NDArray[np.float64]) -> bytes:
    """Pack a state as versions before the eleventh migration did."""
    return zlib.compress(vector.astype("<f8").tobytes(), level=1)
