"""A small store as nights leave it, fitted and scored for real, for the tests that look at whole pages."""

import datetime as dt
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from models.assessor import EPOCH
from pipelines.nightly import run_night
from serving.store import Store, open_store
from tests.models.fitted import fitted

PASSWORD = "un mot de passe assez long"


@dataclass(frozen=True)
class Seeded:
    """The store, the day of its last night, and customers worth looking at."""

    store: Store
    as_of: dt.date
    url: str

    def customer_with(self, grade: str) -> str:
        """Return a customer of a grade that has open invoices."""
        found = self.store.search("", 1000).items
        return next(one.customer_id for one in found if one.grade == grade and one.open_eur > 0)


@cache
def seeded() -> Seeded:
    """Make the store once: two nights a month apart, and a person of each role."""
    url = f"sqlite:///{Path(mkdtemp())}/encours.db"
    store = open_store(url)
    last = EPOCH + dt.timedelta(days=fitted().cut)
    for day in (last - dt.timedelta(days=31), last):
        run_night(fitted().ledger, day, fitted().assessor, store, lambda _: ())
    store.add_user("camille", "sales", PASSWORD)
    store.add_user("dominique", "analyst", PASSWORD)
    return Seeded(store, last, url)
