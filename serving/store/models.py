"""Statements on promoted models: each stored once, under the hash of what its predictions depend on.

Owns their storage. None is ever changed or deleted: replays of old answers need the models of their time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from serving.store import packing
from serving.store.record_rows import StoredModel
from serving.store.rows import CHANGES
from serving.store.schema import MODELS, PROMOTIONS
from serving.store.versions import insert_once

if TYPE_CHECKING:
    import datetime as dt

    from sqlalchemy import Connection, RowMapping


def add(connection: Connection, model: StoredModel, now: dt.datetime) -> bool:
    """Store a model; return whether it is new."""
    if find(connection, model.model_version) is not None:
        return False
    row = {"model_version": model.model_version, "target": model.target, "kept_at": now}
    files = packing.pack(model.files, f"the model {model.model_version}")
    insert_once(connection, MODELS, [{**row, "files": files}])
    return True


def find(connection: Connection, model_version: str) -> StoredModel | None:
    """Return a model by its version, None if it is not stored."""
    query = select(MODELS).where(MODELS.c.model_version == model_version)
    row = connection.execute(query).mappings().one_or_none()
    return None if row is None else _model(row)


def champion(connection: Connection, target: str) -> StoredModel | None:
    """Return the model that a target's last promotion or rollback put in charge, None if it is not stored."""
    last = (
        select(PROMOTIONS.c.model_version)
        .where(PROMOTIONS.c.target == target, PROMOTIONS.c.action.in_(CHANGES))
        .order_by(PROMOTIONS.c.promotion_id.desc())
        .limit(1)
    )
    model_version = connection.scalar(last)
    return None if model_version is None else find(connection, model_version)


def _model(row: RowMapping) -> StoredModel:
    return StoredModel(row["target"], row["model_version"], packing.unpack(row["files"]))
