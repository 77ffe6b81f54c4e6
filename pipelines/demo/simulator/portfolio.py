"""The customers of a demo with their hidden state, and the working calendar.

Owns the immutable data that every later step reads.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipelines.demo.simulator.business_days import Calendar, working_calendar
from pipelines.demo.simulator.companies import Companies, draw_companies
from pipelines.demo.simulator.habits import Habits, draw_habits
from pipelines.demo.simulator.health import Distress, Health, draw_distress, draw_health

if TYPE_CHECKING:
    import numpy as np

    from pipelines.demo.simulator.timeline import Floats, Ints, Timeline

DAYS_BEFORE, DAYS_AFTER = 200, 900
"""Days by which the working calendar exceeds the period, for deposits and for disputes."""


@dataclass(frozen=True, slots=True)
class SimulatedPortfolio:
    """Companies, habits, health and distress by customer, the working calendar and the period."""

    companies: Companies
    habits: Habits
    health: Health
    distress: Distress
    calendar: Calendar
    time: Timeline

    def health_at(self, customer: Ints, month: Ints) -> Floats:
        """Return the hidden health of each customer in each month; arrays of equal shape."""
        total: Floats = self.health.total[customer, self.time.column(month)]
        return total


def draw_portfolio(customers: int, time: Timeline, rngs: list[np.random.Generator]) -> SimulatedPortfolio:
    """Draw the customers; each of the four parts has its own generator."""
    companies = draw_companies(customers, time, rngs[0])
    health = draw_health(companies, time, rngs[2])
    return SimulatedPortfolio(
        companies=companies,
        habits=draw_habits(companies, time, rngs[1]),
        health=health,
        distress=draw_distress(health, companies.entry, time, rngs[3]),
        calendar=working_calendar(time.start - DAYS_BEFORE, time.until + DAYS_AFTER),
        time=time,
    )
