"""A store in which answers, people and a night have written, and everything that is in one."""

import datetime as dt

from sqlalchemy import select

from models.portfolio.collection_actions import CollectionAction
from serving.store import (
    Assignment,
    AuditKeys,
    PackedPartition,
    PromotionEntry,
    Review,
    Store,
    StoredModel,
    open_store,
)
from serving.store.engine import transaction
from serving.store.runs import in_utc
from serving.store.schema import METADATA
from tests.serving.store.builders import AS_OF, a_customer, a_key, a_state, an_entry, an_invoice, an_override

KEYS = AuditKeys.read("k" * 40)


def filled(url: str) -> Store:
    """Make a store with a row in each table that answers, people and nights write."""
    store = open_store(url, audit_keys=KEYS)
    run = store.begin_run(a_key())
    store.write_partition(
        run.run_id, 0, PackedPartition.of([a_customer("C1"), a_customer("411/é")], [an_invoice("F1", "C1")])
    )
    store.publish(run.run_id, {"peers": {}})
    store.record_answers([an_entry(f"{n:032x}", state=a_state()) for n in range(5)])
    store.add_override(an_override())
    store.add_reviews([Review("C1", "anne", AS_OF, "comptes lus")], [])
    store.add_assignments([Assignment("C1", "anne", "claire")], [])
    store.add_action(CollectionAction("C1", "call", "anne", "rappeler", until=AS_OF), an_entry("c" * 32))
    model = StoredModel("late30", "hash", {"model.txt": "trees", "model.json": "{}"})
    store.record_promotion(PromotionEntry("late30", 1, "hash", "promoted", "anne"), model)
    store.add_key("erp", "batch")
    store.add_user("anne", "analyst", "correct horse battery staple")
    return store


def content(store: Store) -> dict[str, list[tuple[object, ...]]]:
    """Return every row of every table."""
    with transaction(store._engine) as connection:
        return {
            name: sorted(
                (
                    tuple(in_utc(one) if isinstance(one, dt.datetime) else one for one in row)
                    for row in connection.execute(select(table))
                ),
                key=repr,
            )
            for name, table in METADATA.tables.items()
        }
