"""Significance test for the best of many trials against the incumbent.

The best of many leads by chance alone, so its lead is compared with the largest lead that chance gives any of
them: White (2000), "A reality check for data snooping", Econometrica 68, 1097-1126, with each lead in units
of its own error, resampled with it (Romano and Wolf 2005, "Stepwise multiple testing as formalized data
snooping", Econometrica 73, 1237-1282): a large gain of a few customers differs from a small gain of many.
Chance means resampling customers with all their rows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pipelines.training.bootstrap import Draws

if TYPE_CHECKING:
    from models.arrays import Floats, Ints

DRAWS = 2_000


def chance_of_lead(gain: Floats, questions: Ints, chosen: int, seed: int, draws: int = DRAWS) -> float:
    """Return the p-value of the chosen candidate's lead.

    Parameters
    ----------
    gain
        Reduction of each candidate's summed loss relative to the incumbent's, by customer, shape
        `(n_customers, n_candidates)`.
    questions
        Number of rows of each customer, shape `(n_customers,)`.
    chosen
        Index of the chosen candidate.

    Returns
    -------
    A share in (0, 1]; 1 where the chosen candidate does not lead.

    Examples
    --------
    >>> gain = np.column_stack((np.full(50, 0.2) + np.linspace(-0.1, 0.1, 50), np.linspace(-1, 1, 50)))
    >>> chance_of_lead(gain, np.ones(50, dtype=np.int64), 0, seed=1) < 0.01
    True
    """
    asked = questions > 0
    gain, count = gain[asked], questions[asked].astype(np.float64)
    once = np.ones((1, len(count)))
    mean, error = _means_and_errors(once, gain, count)
    if not mean[0, chosen] > 0:
        return 1.0
    often = Draws.of(np.arange(len(count)), draws, seed).counts.astype(np.float64)
    drawn, drawn_error = _means_and_errors(often, gain, count)
    largest = _in_errors(drawn - mean, drawn_error).max(axis=1)
    as_large = int((largest >= _in_errors(mean, error)[0, chosen]).sum())
    return (1.0 + as_large) / (1.0 + draws)


def _means_and_errors(often: Floats, gain: Floats, count: Floats) -> tuple[Floats, Floats]:
    """Return the mean gain per row and its standard error, shape `(n_draws, n_candidates)`.

    A mean is a ratio of two totals over customers, its error that of a ratio (Cochran 1977, section 2.11).

    Parameters
    ----------
    often
        Count of each customer in each draw, shape `(n_draws, n_customers)`.
    """
    asked = (often @ count)[:, None]
    mean = (often @ gain) / asked
    squares = often @ gain**2 - 2.0 * mean * (often @ (gain * count[:, None]))
    squares += mean**2 * (often @ count**2)[:, None]
    return mean, np.sqrt(np.maximum(squares, 0.0)) / asked


def _in_errors(lead: Floats, error: Floats) -> Floats:
    """Return leads in units of their error; infinite for a lead without error, 0 without a lead."""
    endless = np.where(lead == 0.0, 0.0, np.copysign(np.inf, lead))
    return np.divide(lead, error, out=endless, where=error > 0)
