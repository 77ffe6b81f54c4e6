"""What a process keeps in memory, as the store tells it."""

import datetime as dt
from contextlib import closing

import numpy as np

from serving.store import Override, PackedPartition, Store, open_store
from tests.serving.store.builders import a_customer, a_key

PARTY = {"customer_id": "C1", "name": "Un"}


def a_published(store: Store, data_hash: str = "d") -> int:
    run = store.begin_run(a_key(data_hash=data_hash))
    store.write_partition(
        run.run_id, 0, PackedPartition.of([a_customer("C1", party=PARTY), a_customer("C2")], [])
    )
    store.publish(run.run_id, {})
    return run.run_id


def test_customers_come_with_their_state_and_every_override(tmp_path):
    with closing(open_store(f"sqlite:///{tmp_path}/encours.db")) as store:
        run_id = a_published(store)
        made = store.add_override(Override("C1", "limit", 5.0, "a reason", "anne", dt.date(2030, 1, 1)))
        found = {one.customer_id: one for one in store.states_with_overrides(["C1", "C2", "nobody"])}
        assert set(found) == {"C1", "C2"}
        assert (found["C1"].run_id, found["C1"].party) == (run_id, PARTY)
        assert found["C1"].state.values.tobytes() == np.array([1.5, np.nan, -0.1]).tobytes()
        assert found["C1"].overrides == (made,)
        assert found["C2"].overrides == ()


def test_the_stamp_changes_with_every_night_override_and_withdrawal(tmp_path):
    with closing(open_store(f"sqlite:///{tmp_path}/encours.db")) as store:
        seen = [store.stamp()]
        a_published(store)
        seen.append(store.stamp())
        made = store.add_override(Override("C1", "limit", 5.0, "a reason", "anne", dt.date(2030, 1, 1)))
        seen.append(store.stamp())
        store.withdraw_override(made.override_id, "anne", "no more")
        seen.append(store.stamp())
        a_published(store, "e")
        seen.append(store.stamp())
        assert len(set(seen)) == 5
        assert store.stamp() == seen[-1]
