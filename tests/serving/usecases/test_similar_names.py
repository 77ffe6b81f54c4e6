import string
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from serving.store import PackedPartition, open_store
from serving.usecases.similar_names import MOST_FOUND, NameIndex, SimilarNames
from tests.serving.store.builders import a_customer, a_key

NAMES = {
    "C1": "menuiserie dupont et fils",
    "C2": "dupond sarl",
    "C3": "saint-gobain distribution",
    "C4": "mac donald",
    "C5": "",
}
INDEX = NameIndex.of(NAMES.items())


def test_words_are_found_in_any_order_with_errors_the_closest_first():
    assert INDEX.find("FILS Dupont") == ("C1",)
    assert INDEX.find("dupont") == ("C1", "C2")
    assert INDEX.find("dupond") == ("C2", "C1")
    assert INDEX.find("menusierie") == ("C1",)
    assert INDEX.find("saintgobain") == ("C3",)
    assert INDEX.find("macdonald") == INDEX.find("mac donalt") == ("C4",)
    assert INDEX.find("distrib gobain") == ("C3",)


def test_short_words_and_other_words_are_not_taken_for_what_they_are_not():
    for text in ("", "  ", "!?", "fil xy", "dupont martin", "mbc"):
        assert INDEX.find(text) == (), text


@given(st.sampled_from(["menuiserie", "distribution", "gobain"]), st.data())
def test_any_single_error_in_a_longer_word_is_forgiven(word: str, data: st.DataObject):
    place = data.draw(st.integers(0, len(word) - 1))
    letter = data.draw(st.sampled_from(string.ascii_lowercase))
    mistyped = data.draw(
        st.sampled_from([
            word[:place] + word[place + 1 :],
            word[:place] + letter + word[place:],
            word[:place] + letter + word[place + 1 :],
            word[:place] + word[place : place + 2][::-1] + word[place + 2 :],
        ])
    )  # fmt: skip
    assert INDEX.find(word)[0] in INDEX.find(mistyped)


def test_no_more_than_a_page_of_names_is_found():
    assert len(NameIndex.of((f"C{number}", "dupont") for number in range(200)).find("dupont")) == MOST_FOUND


def test_the_names_of_a_new_night_are_read(tmp_path: Path):
    store = open_store(f"sqlite:///{tmp_path}/encours.db")
    similar, runs = SimilarNames(lambda: store), []
    for name in ("Dupont", "Durand"):
        run = store.begin_run(a_key(data_hash=name))
        store.write_partition(run.run_id, 0, PackedPartition.of([a_customer("C1", name=name)], []))
        runs.append(run.run_id)
    assert [similar(run_id, "duponT") for run_id in (runs[0], runs[1], runs[0])] == [("C1",), (), ("C1",)]
    store.close()
