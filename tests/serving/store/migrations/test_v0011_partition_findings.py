"""Going back over the change of packing is refused while a state is packed in the new way."""

from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import inspect

from models.errors import StoreError
from serving.store import PackedPartition, open_store, packing
from serving.store.engine import MIGRATIONS, migration, open_engine
from tests.serving.store.builders import a_customer, a_key, vector_bytes_of_before


def a_store(folder: Path) -> str:
    url = f"sqlite:///{folder}/encours.db"
    store = open_store(url)
    run = store.begin_run(a_key())
    store.write_partition(run.run_id, 0, PackedPartition.of([a_customer("C1")], [], {"open_invoices": 0}))
    store.close()
    return url


def back(url: str) -> list[str]:
    engine = open_engine(url)
    with migration(engine) as connection:
        config = Config(attributes={"connection": connection})
        config.set_main_option("script_location", str(MIGRATIONS))
        command.downgrade(config, "0010")
    found = [column["name"] for column in inspect(engine).get_columns("partitions")]
    engine.dispose()
    return found


def test_a_state_that_the_version_before_cannot_read_keeps_the_store_where_it_is(tmp_path: Path):
    url = a_store(tmp_path)
    with pytest.raises(StoreError, match="the earlier version cannot read"):
        back(url)
    store = open_store(url)
    assert len(list(store.partition_findings(1))) == 1
    store.close()


def test_states_of_the_version_before_go_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(packing, "vector_bytes", vector_bytes_of_before)
    url = a_store(tmp_path)
    assert "findings" not in back(url)
    store = open_store(url)
    assert store.scored_of(1, ["C1"])[0].customer_id == "C1"
    store.close()
