"""Going back before answers were kept as what fills a form in: only while there are none."""

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import inspect

from models.errors import StoreError
from serving.store import Store
from serving.store.engine import MIGRATIONS, migrate, migration
from tests.serving.store.builders import an_entry
from tests.serving.store.templated import record_one


def go_back(store: Store) -> None:
    with migration(store._engine) as connection:
        config = Config(attributes={"connection": connection})
        config.set_main_option("script_location", str(MIGRATIONS))
        command.downgrade(config, "0005")


def test_a_log_of_whole_answers_goes_back_and_forth(store: Store):
    store.record_answers([an_entry()])
    before = store.audit().items
    go_back(store)
    assert not inspect(store._engine).has_table("kept_forms")
    migrate(store._engine)
    assert store.audit().items == before
    record_one(store, "b" * 32)
    assert store.check_audit().sound


def test_where_answers_fill_forms_in_nothing_goes_back_and_nothing_is_lost(store: Store):
    record_one(store, "b" * 32)
    before = store.audit().items
    with pytest.raises(StoreError, match=r"fill in 1 kept forms.*copy"):
        go_back(store)
    assert store.audit().items == before
    assert store.check_audit().sound
