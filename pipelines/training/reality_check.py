"""Whether the best of many tries is better than what was there, or only the luckiest.

The best of many is ahead by chance alone. So its lead is held against the largest lead that chance gives
any of them: White (2000), "A reality check for data snooping", Econometrica 68, 1097-1126, with each lead in
units of its own spread (Westfall and Young 1993, max-T). Chance is customers drawn again, with all that they
were asked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pipelines.training.bootstrap import Draws

if TYPE_CHECKING:
    from models.features.running import Floats, Ints

DRAWS = 2_000


def chance_of_lead(gain: Floats, questions: Ints, chosen: int, seed: int, draws: int = DRAWS) -> float:
    """Return how often chance alone gives some candidate a lead as large as the chosen one's.

    Parameters
    ----------
    gain
        By how much each candidate's summed loss is lower than the incumbent's, by customer, shape
        `(n_customers, n_candidates)`.
    questions
        How many questions each customer was asked, shape `(n_customers,)`.
    chosen
        Which candidate.

    Returns
    -------
    A share in (0, 1]; 1 where the chosen one does not lead.

    Examples
    --------
    >>> gain = np.column_stack((np.full(50, 0.2) + np.linspace(-0.1, 0.1, 50), np.linspace(-1, 1, 50)))
    >>> chance_of_lead(gain, np.ones(50, dtype=np.int64), 0, seed=1) < 0.01
    True
    """
    asked = questions > 0
    gain, questions = gain[asked], questions[asked]
    mean = gain.sum(axis=0) / questions.sum()
    if not mean[chosen] > 0:
        return 1.0
    counts = Draws.of(np.arange(len(questions)), draws, seed).counts.astype(np.float64)
    off = (counts @ gain) / (counts @ questions.astype(np.float64))[:, None] - mean
    spread = off.std(axis=0)
    if not spread[chosen] > 0:
        return 1.0 / (1.0 + draws)  # every customer gains alike: no draw can say otherwise
    varies = spread > 0
    largest = (off[:, varies] / spread[varies]).max(axis=1)
    as_large = int((largest >= mean[chosen] / spread[chosen]).sum())
    return (1.0 + as_large) / (1.0 + draws)
