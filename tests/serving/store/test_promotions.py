"""The history grows, comes back as it was told, and nobody can change it."""

import pytest
from sqlalchemy import text

from models.errors import StoreError
from serving.store import PromotionEntry, Store
from serving.store.engine import transaction
from tests.serving.store.builders import NOW

FIRST = PromotionEntry(
    "default12", 1, "abc", "promoted", "anne", verdict={"outcome": "passed", "auc": 0.1 + 0.2}
)


def test_entries_come_back_in_order_with_their_moment(store: Store):
    assert (store.promotions(), store.last_promotion()) == ((), None)
    store.record_promotion(FIRST)
    second = PromotionEntry("late30", 4, "def", "rolled_back", "anne", "too careful", "bruno", 5)
    store.record_promotion(second)
    found = store.promotions()
    assert [entry.promotion_id for entry in found] == [1, 2]
    assert {entry.at for entry in found} == {NOW}
    for told, kept in zip((FIRST, second), found, strict=True):
        for name in (
            "target",
            "version",
            "model_version",
            "action",
            "who",
            "reason",
            "second",
            "previous",
            "verdict",
        ):
            assert getattr(kept, name) == getattr(told, name)
    assert store.promotions("late30") == (found[1],)


def test_only_what_changes_who_answers_counts_as_a_change(store: Store):
    store.record_promotion(FIRST)
    for action in ("requested", "refused"):
        store.record_promotion(PromotionEntry("default12", 2, "x", action, "anne"))  # type: ignore[arg-type]
    assert store.last_promotion() == 1
    store.record_promotion(PromotionEntry("default12", 1, "abc", "rolled_back", "anne"))
    assert store.last_promotion() == 4


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE promotions SET who = 'somebody else'",
        "UPDATE promotions SET promotion_id = 7",
        "DELETE FROM promotions",
        "DELETE FROM promotions WHERE promotion_id = 1",
    ],
)
def test_the_database_refuses_to_change_or_drop_an_entry(store: Store, statement: str):
    before = store.record_promotion(FIRST)
    with (
        pytest.raises(StoreError, match="only grows"),
        transaction(store._engine, writes=True) as connection,
    ):
        connection.execute(text(statement))
    assert store.promotions() == (before,)


def test_an_entry_can_neither_be_replaced_nor_truncated_away(store: Store):
    before = store.record_promotion(FIRST)
    columns = "promotion_id, target, version, model_version, action, who, at, reason"
    values = "1, 'default12', 9, 'zzz', 'promoted', 'mallory', '2026-01-01', ''"
    statement = {
        "sqlite": f"INSERT OR REPLACE INTO promotions ({columns}) VALUES ({values})",
        "postgresql": "TRUNCATE promotions",
    }[store._engine.dialect.name]
    with (
        pytest.raises(StoreError, match="only grows"),
        transaction(store._engine, writes=True) as connection,
    ):
        connection.execute(text(statement))
    assert store.promotions() == (before,)


@pytest.mark.parametrize(
    "entry",
    [
        PromotionEntry("default12", 1, "abc", "erased", "anne"),  # type: ignore[arg-type]  # wrong on purpose
        PromotionEntry("default12", 1, "abc", "promoted", " "),
        PromotionEntry("default12", 1, "abc", "promoted", "anne", verdict={"auc": float("nan")}),
    ],
)
def test_an_entry_without_a_name_or_a_known_action_is_refused(store: Store, entry: PromotionEntry):
    with pytest.raises(StoreError):
        store.record_promotion(entry)
    assert store.promotions() == ()
