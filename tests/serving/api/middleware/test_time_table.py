"""Times come back, whatever else is in the table, and processes that give the same file share it."""

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import CreditError
from serving.api.middleware.time_table import SETS, WAYS, TimeTable

NAMES = st.text(max_size=30)
TIMES = st.floats(0, 1e9)
TAKING = """
import sys
from pathlib import Path
from serving.api.middleware.rate_limits import TokenBuckets
from serving.api.middleware.time_table import TimeTable

buckets = TokenBuckets(60, 500, lambda: 1_000.0, TimeTable(Path(sys.argv[1])))
print(sum(buckets.take("a") == 0 for _ in range(1_000)))
"""


@given(st.dictionaries(NAMES, TIMES, max_size=200))
def test_each_name_has_the_time_that_was_written_last(known: dict[str, float]):
    table = TimeTable()
    with table:
        for name in known:
            table.set(name, -1.0)
        for name, moment in known.items():
            table.set(name, moment)
        assert {name: table.get(name) for name in known} == known
        assert table.get("a name that nobody wrote, longer than the others") == 0.0
    table.close()


def test_where_there_is_no_room_the_earliest_times_go():
    count = SETS * WAYS * 2
    table = TimeTable()
    with table:
        for number in range(count):
            table.set(str(number), float(number + 1))
        found = [table.get(str(number)) for number in range(count)]
    table.close()
    assert [moment for moment in found if moment] == [at + 1.0 for at, moment in enumerate(found) if moment]
    assert all(found[-SETS:])
    assert sum(map(bool, found[:SETS])) < SETS // 10


def test_two_processes_at_once_let_no_more_pass_than_one(tmp_path: Path):
    command = [sys.executable, "-c", TAKING, str(tmp_path / "limits")]
    both = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    assert sum(int(process.communicate(timeout=60)[0]) for process in both) == 500


def test_a_file_that_cannot_be_opened_is_named_with_what_to_do(tmp_path: Path):
    path = tmp_path / "nowhere" / "limits"
    with pytest.raises(CreditError, match=f"{path}: No such file or directory; give ENCOURS_SHARED_LIMITS"):
        TimeTable(path)


def test_a_table_outlives_those_who_wrote_it(tmp_path: Path):
    path = tmp_path / "limits"
    for moment in (1.0, 2.0):
        table = TimeTable(path)
        with table:
            assert table.get("a") == moment - 1.0
            table.set("a", moment)
        table.close()
