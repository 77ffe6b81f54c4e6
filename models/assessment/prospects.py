"""State of a party without payment history, through the same features as a customer's.

Owns the ledger of one customer that is made for it. Ledgers need pandas, and known customers are assessed
without: import this module inside functions only.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from models.assessment.assessment import CustomerState
from models.assessment.customer_context import EPOCH
from models.features import curves
from models.features.build import STATE_SCHEMA, FeatureBuilder
from models.features.peers import peer_group
from models.features.state_schema import StateVector
from models.ledger.ledger import from_frames
from models.ledger.tables import ACCOUNTS, CUSTOMERS, FILINGS

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from models.assessment.party import Party


def prospect_state(
    party: Party,
    accounts: Sequence[Mapping[str, object]],
    as_of: dt.date,
    peers: Mapping[str, object],
    filings: Sequence[Mapping[str, object]] = (),
) -> CustomerState:
    """Compute the state of a party without payment history, through the same features as a customer's."""
    who = party.customer_id or "prospect"
    person: dict[str, Any] = {name: getattr(party, name, None) for name in CUSTOMERS.column_names}
    frames = {"customers": pd.DataFrame([{**person, "customer_id": who}])}
    for table, given in ((ACCOUNTS, accounts), (FILINGS, filings)):
        if given:
            rows = pd.DataFrame([{**dict(row), "customer_id": who, "siren": None} for row in given])
            frames[table.name] = rows.reindex(columns=table.column_names)
    builder = FeatureBuilder.of(from_frames(frames))
    day = np.array([(as_of - EPOCH).days], dtype=np.int64)
    state = builder.states(np.zeros(1, dtype=np.int64), day).iloc[0].copy()
    registers = builder.company.static
    group = int(peer_group(registers["division"], registers["headcount"])[0])
    state["peer_late30_rate"], state["peer_default_rate"] = _peer_rates(group, peers)
    if (hazards := peers.get(curves.POPULATION)) is not None:
        found = curves.bent(np.array([hazards], dtype=np.float64), builder.habit.curves.ratio)
        state[curves.PARENT] = found[0]
    return CustomerState(party, as_of, StateVector(STATE_SCHEMA, state.to_numpy(np.float64)))


def _peer_rates(group: int, peers: Mapping[str, object]) -> tuple[float, float]:
    found: Any = peers.get(str(group), (math.nan, math.nan))
    late, default = (math.nan if value is None else float(value) for value in found)
    return late, default
