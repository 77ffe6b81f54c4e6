import signal
import subprocess
import sys
from pathlib import Path

import pytest

from serving.store import PackedPartition, Store
from tests.serving.store.builders import a_customer, a_key, an_invoice

NIGHT = """
import sys, time
from serving.store import PackedPartition, open_store, scores
from tests.serving.store.builders import a_customer, a_key, an_invoice

def wait():
    print("waiting", flush=True)
    time.sleep(60)

def insert_and_wait(connection, table, rows):
    insert_rows(connection, table, rows)
    if table.name == "invoices":
        wait()

url, moment = sys.argv[1:]
store = open_store(url)
run = store.begin_run(a_key(data_hash="new"))
rows = [a_customer("C1", grade="E")], [an_invoice("F1", "C1")]
store.write_partition(run.run_id, 0, PackedPartition.of(*rows))
if moment == "between":
    wait()
insert_rows, scores.insert_rows = scores.insert_rows, insert_and_wait
rows = [a_customer("C2", grade="E")], [an_invoice("F2", "C2")]
store.write_partition(run.run_id, 1, PackedPartition.of(*rows))
"""


@pytest.mark.parametrize("moment", ["between", "during"])
def test_a_killed_night_leaves_the_old_scores_and_is_completed_later(
    store: Store, store_url: str, moment: str
):
    old = store.begin_run(a_key())
    store.write_partition(old.run_id, 0, PackedPartition.of([a_customer("C1", grade="A")], []))
    store.publish(old.run_id, {})

    root = Path(__file__).parents[3]
    command = [sys.executable, "-c", NIGHT, store_url, moment]
    with subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE) as night:
        assert night.stdout is not None
        assert night.stdout.readline() == b"waiting\n"
        night.send_signal(signal.SIGKILL)
    assert night.returncode == -signal.SIGKILL

    current, seen = store.current_run(), store.customer("C1")
    assert current is not None
    assert seen is not None
    assert (current.run_id, seen.row.grade) == (old.run_id, "A")

    resumed = store.begin_run(a_key(data_hash="new"))
    assert not resumed.complete
    assert store.done_partitions(resumed.run_id) == {0}
    store.write_partition(
        resumed.run_id, 1, PackedPartition.of([a_customer("C2", grade="E")], [an_invoice("F2", "C2")])
    )
    store.publish(resumed.run_id, {})
    assert [(line.customer_id, line.grade) for line in store.search("").items] == [("C1", "E"), ("C2", "E")]
