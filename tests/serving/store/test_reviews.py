import datetime as dt

import pytest

from models.errors import StoreError
from serving.store import Assignment, Review, Store
from tests.serving.store.builders import AS_OF, NOW, an_entry


def test_reviews_come_back_as_they_were_made_the_newest_first(store: Store):
    made = store.add_reviews([Review("C1", "anne", AS_OF, "comptes lus"), Review("411/é", "anne", AS_OF)], [])
    later = store.add_reviews([Review("C1", "bruno", AS_OF + dt.timedelta(days=1))], [])
    assert made == (
        Review("C1", "anne", AS_OF, "comptes lus", 1, NOW),
        Review("411/é", "anne", AS_OF, None, 2, NOW),
    )
    assert store.reviews(None, 50, 0).items == (*later, *reversed(made))
    page = store.reviews("C1", 1, 0)
    assert (page.items, page.total, page.next_offset) == (later, 2, 1)
    assert store.newest_follow_up() == (3, 0)


def test_the_newest_assignment_of_a_customer_counts_and_nobody_has_what_was_taken_back(store: Store):
    store.add_assignments([Assignment("C1", "anne", "claire"), Assignment("C2", "anne", "claire")], [])
    store.add_assignments([Assignment("C2", "bruno", "anne"), Assignment("C3", "bruno", "anne")], [])
    store.add_assignments([Assignment("C3", None, "anne")], [])
    assert [(one.customer_id, one.assignee) for one in store.assignments()] == [
        ("C1", "anne"),
        ("C2", "bruno"),
    ]
    assert [one.customer_id for one in store.assignments("anne")] == ["C1"]
    assert [one.assignee for one in store.assignments(customer_ids=["C2", "C3"])] == ["bruno"]
    assert store.newest_follow_up() == (0, 5)


def test_a_review_and_its_entry_in_the_log_are_kept_together_or_not_at_all(store: Store):
    entry = an_entry("1" * 32, action="review")
    store.add_reviews([Review("C1", "anne", AS_OF)], [entry])
    with pytest.raises(StoreError):
        store.add_reviews([Review("C1", "anne", AS_OF)], [entry])
    with pytest.raises(StoreError):
        store.add_assignments([Assignment("C1", "anne", "anne")], [entry])
    assert store.newest_follow_up() == (1, 0)
    assert [one.answer_id for one in store.audit().items] == ["1" * 32]
