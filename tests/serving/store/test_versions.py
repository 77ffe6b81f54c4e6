import datetime as dt

import numpy as np

from serving.store import Store, StoredPolicy
from tests.serving.store.builders import a_state, a_vector, an_entry


def test_a_state_is_kept_once_and_comes_back_bit_for_bit(store: Store):
    state = a_state()
    store.record_answers([an_entry("1" * 32, state=state), an_entry("2" * 32, state=a_state())])
    store.record_answers([an_entry("3" * 32, state=a_state())])
    found = store.stored_state(state.state_hash)
    assert found is not None
    assert found.vector.values.tobytes() == state.vector.values.tobytes()
    assert found.vector.schema == state.vector.schema
    assert (found.as_of, found.party, found.surroundings, found.features_hash) == (
        state.as_of,
        state.party,
        state.surroundings,
        state.features_hash,
    )
    assert found.state_hash == state.state_hash
    assert store.stored_state("unknown") is None


def test_whatever_an_answer_depends_on_makes_another_state():
    changed = [
        a_state(),
        a_state(as_of=dt.date(2026, 11, 21)),
        a_state(party={"customer_id": "C1", "name": "Another name"}),
        a_state(surroundings={}),
        a_state(vector=a_vector(1.5, np.nan, 0.0)),
    ]
    assert len({state.state_hash for state in changed}) == len(changed)


def test_the_text_of_a_policy_is_kept_once(store: Store):
    store.add_policy(StoredPolicy("abc", "2026.11", 'version = "2026.11"\n'))
    store.add_policy(StoredPolicy("abc", "2026.11", "another text of the same values"))
    assert store.policy_text("abc") == 'version = "2026.11"\n'
    assert store.policy_text("def") is None
