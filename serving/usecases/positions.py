"""Read the positions that portfolio risks are computed from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from serving.usecases.subjects import published_run

if TYPE_CHECKING:
    from models.portfolio.positions import Positions
    from serving.store import Run, Store


def positions(store: Store, run: Run | None = None) -> Positions:
    """Return the positions of a run, of the published one where None.

    Raises
    ------
    NotPublishedError
        No run is published yet.
    CreditError
        An earlier version wrote the run; the message says what to do.
    """
    return store.positions(published_run(store) if run is None else run)
