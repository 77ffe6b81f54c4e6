"""A promoted model is stored with its promotion, once, and read back as it was."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.errors import StoreError
from serving.store import PromotionEntry, Store, StoredModel, open_store


def a_model(number: int, target: str = "late30") -> StoredModel:
    return StoredModel(
        target, f"{number:012x}", {"model.json": f"{{{number}}}", "curve.txt": "tree\n" * number}
    )


def promoted(model: StoredModel, action: str = "promoted") -> PromotionEntry:
    return PromotionEntry(model.target, 1, model.model_version, action, "anne")  # type: ignore[arg-type]


@given(files=st.dictionaries(st.text(min_size=1), st.text(st.characters(codec="utf-8")), max_size=4))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_texts_come_back_character_by_character(store: Store, files: dict[str, str]):
    model = StoredModel("late30", f"{hash(frozenset(files.items())):x}", files)
    store.add_model(model)
    assert store.model(model.model_version) == model


def test_the_last_change_of_a_target_decides_which_model_answers(store: Store):
    assert store.champion("late30") is None
    first, second, other = a_model(1), a_model(2), a_model(3, "default12")
    for model, action in ((first, "promoted"), (second, "promoted"), (other, "promoted")):
        store.record_promotion(promoted(model, action), model)
    assert store.champion("late30") == second
    assert store.champion("default12") == other
    store.record_promotion(promoted(first, "refused"))
    store.record_promotion(promoted(first, "requested"))
    assert store.champion("late30") == second
    store.record_promotion(promoted(first, "rolled_back"), first)
    assert store.champion("late30") == first


def test_a_promotion_whose_model_the_store_lacks_has_no_champion(store: Store):
    store.record_promotion(promoted(a_model(1)), a_model(1))
    store.record_promotion(promoted(a_model(2)))
    assert store.champion("late30") is None
    store.add_model(a_model(2))
    assert store.champion("late30") == a_model(2)


def test_a_refused_entry_leaves_no_model_behind(store: Store):
    with pytest.raises(StoreError, match="action is"):
        store.record_promotion(promoted(a_model(1), "praised"), a_model(1))
    assert store.model(a_model(1).model_version) is None


def test_two_processes_that_store_the_same_model_store_it_once(store: Store, store_url: str):
    other, seals = open_store(store_url), store.check_audit().seals
    with ThreadPoolExecutor(4) as threads:
        for _ in threads.map(lambda n: (store, other)[n % 2].add_model(a_model(7)), range(8)):
            pass
    other.close()
    assert store.model(a_model(7).model_version) == a_model(7)
    assert store.check_audit().seals == seals + 1
