"""Registers without a network that answer at their pace, on a clock that sleeping moves."""

import datetime as dt
import re
from collections.abc import Callable
from pathlib import Path

from models.errors import RegisterAwayError
from serving.registers.client import RegisterClient, RegisterResponse
from serving.registers.settings import RegisterSettings
from serving.registers.throttling import RateLimiter
from tests.builders import a_customer
from tests.pipelines.sources.registers.builders import a_portfolio
from tests.serving.registers.samples import found_company, search_answer

BEGAN = dt.datetime(2026, 12, 1, 8, tzinfo=dt.UTC)


def sirens(count: int) -> list[str]:
    """Return made-up SIRENs with their Luhn key, sorted."""
    return [f"{number}{_key(str(number))}" for number in range(10_000_000, 10_000_000 + count)]


def _key(digits: str) -> int:
    values = [int(digit) * (2 if place % 2 else 1) for place, digit in enumerate(digits)]
    return -sum(value - 9 if value > 9 else value for value in values) % 10


def a_large_portfolio(folder: Path, count: int) -> Path:
    return a_portfolio(folder, *(a_customer(f"C{siren}", siren=siren) for siren in sirens(count)))


class PacedClient(RegisterClient):
    """Knows every company, answers as fast as each register allows, and notes who was asked about.

    Parameters
    ----------
    cached
        Companies that are answered at once.
    before
        Called with the company's SIREN before each answer of the company search.
    """

    def __init__(
        self,
        folder: Path,
        began: dt.datetime = BEGAN,
        cached: frozenset[str] = frozenset(),
        before: Callable[[str], None] = lambda _: None,
    ) -> None:
        self.seconds, self.asked, self.slept = 0.0, list[str](), list[float]()
        self.away, self.cached, self.before = set[str](), cached, before
        super().__init__(
            RegisterSettings(_env_file=None, cache=folder),
            now=lambda: began + dt.timedelta(seconds=self.seconds),
            clock=lambda: self.seconds,
            sleep=self._pass,
        )

    def _pass(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.seconds += seconds

    def fetch(self, register, path, read, params=None):
        siren = re.search(r"\d{9}", f"{path}{params}").group()
        is_search = "search" in path
        if is_search:
            self.before(siren)
        if register.name in self.away:
            raise RegisterAwayError(f"{register.name} is away")
        if siren not in self.cached:
            pace = self._paces.setdefault(
                register.name, RateLimiter(register.per_s, self._clock, self._sleep)
            )
            pace.wait(60.0)
            if is_search:
                self.asked.append(siren)
        document = search_answer(found_company(siren)) if is_search else {"results": []}
        return read(RegisterResponse(document, self.today(), register.name))
