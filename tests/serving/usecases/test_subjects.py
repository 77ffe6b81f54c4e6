from pathlib import Path

import pytest

from serving.store import Run, Store
from serving.usecases.subjects import known_numbers
from tests.serving.fakes import a_published_store


@pytest.fixture
def store(tmp_path: Path):
    made = a_published_store(tmp_path)
    yield made
    made.close()


def current(store: Store) -> Run:
    run = store.current_run()
    assert run is not None
    return run


def test_the_numbers_of_a_siren_come_with_what_the_night_found(store: Store):
    (found,) = known_numbers("732829320", current(store), store)
    assert (found.customer_id, found.name, found.in_default) == ("C1", "Société Élan", False)
    assert found.open_eur == store.customer("C1").row.open_eur  # type: ignore[union-attr]  # published


@pytest.mark.parametrize("siren", [None, "356000000", "732", "411"])
def test_a_siren_that_no_customer_carries_is_known_under_no_number(store: Store, siren: str | None):
    assert known_numbers(siren, current(store), store) == ()
