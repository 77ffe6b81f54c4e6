"""The customers and insurers that a scenario names, found in a portfolio.

Owns the search and its faults, each by line; the keys are `models.portfolio.scenario`'s.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from models.portfolio.scenario import EVERY_INSURER, refusal
from models.wording.numerals import unbroken

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from models.policy.toml_lines import Path
    from models.portfolio.positions import Positions
    from models.portfolio.scenario import Failure, Scenario

MOST_NAMED = 10
_WORDS = {
    "customer": (
        "no customer of the portfolio has the number {came!r}",
        "aucun client du portefeuille n'a le numéro {came!r}",
    ),
    "siren": (
        "no customer of the portfolio has the SIREN {came!r}",
        "aucun client du portefeuille n'a le SIREN {came!r}",
    ),
    "insurer": (
        "{came!r} insures no customer; insurers are {known}",
        "{came!r} n'assure aucun client ; assureurs connus : {known}",
    ),
}


@dataclass(frozen=True, slots=True)
class NamedParties:
    """Legal entities and insurers that a scenario strikes.

    Parameters
    ----------
    failing
        Probability with which each legal entity fails by a failure named in the scenario, in (0, 1]; 1 for
        those that it names. An entity that several failures strike is here once.
    lost_insurers
        Their names as the portfolio has them.
    every_insurer
        Whether all cover is lost, that of unnamed insurers included.
    """

    failing: Mapping[str, float]
    lost_insurers: frozenset[str]
    every_insurer: bool


def named_parties(scenario: Scenario, positions: Positions, source: str) -> NamedParties:
    """Find what a scenario names.

    Parameters
    ----------
    source
        What to call the scenario in a message.

    Raises
    ------
    ScenarioError
        The portfolio has none of a name: every fault, with its line and key.
    """
    search = _Search(positions)
    faults = [*search.unknown_parties(scenario), *search.unknown_insurers(scenario)]
    if faults:
        english, french = (
            tuple(sorted(scenario.fault(path, words[place]) for path, words in faults)) for place in (0, 1)
        )
        raise refusal(english, french, source)
    lost = {} if scenario.insurance is None else {one.casefold() for one in scenario.insurance.lost}
    return NamedParties(
        search.failing(scenario),
        frozenset(name for key, name in search.insurers.items() if key in lost),
        EVERY_INSURER in lost,
    )


class _Search:
    """Keys of a portfolio's customers, legal entities, groups and insurers."""

    def __init__(self, positions: Positions) -> None:
        self.entity_of: dict[str, str] = {}
        self.entities_of_siren = defaultdict[str, set[str]](set)
        self.groups = defaultdict[str, set[str]](set)
        self.groups_of = defaultdict[str, set[str]](set)
        self.insurers: dict[str, str] = {}
        owed = defaultdict[str, int](int)
        for one in positions.items:
            self.entity_of[one.customer_id] = one.entity
            if one.siren is not None:
                self.entities_of_siren[one.siren].add(one.entity)
            if one.group_id is not None:
                self.groups[one.group_id].add(one.entity)
                self.groups_of[one.entity].add(one.group_id)
            if one.insurer is not None:
                self.insurers.setdefault(one.insurer.casefold(), one.insurer)
            if not one.case.is_defaulted:
                owed[one.entity] += max(round(one.open_eur * 100), 0)
        self.owed = {entity: cents for entity, cents in owed.items() if cents > 0}

    def unknown_parties(self, scenario: Scenario) -> Iterator[tuple[Path, tuple[str, str]]]:
        """Yield the keys of failures whose customer or SIREN there is not."""
        for at, failure in enumerate(scenario.failure):
            if failure.customer is not None and failure.customer not in self.entity_of:
                yield ("failure", at, "customer"), _told("customer", failure.customer)
            if failure.siren is not None and failure.siren not in self.entities_of_siren:
                yield ("failure", at, "siren"), _told("siren", failure.siren)
            for place, one in enumerate(failure.dependants):
                if one.customer not in self.entity_of:
                    path: Path = ("failure", at, "dependants", place, "customer")
                    yield path, _told("customer", one.customer)

    def unknown_insurers(self, scenario: Scenario) -> Iterator[tuple[Path, tuple[str, str]]]:
        """Yield the keys of lost insurers that insure nobody."""
        lost = () if scenario.insurance is None else scenario.insurance.lost
        known = ", ".join((*sorted(self.insurers.values())[:MOST_NAMED], EVERY_INSURER))
        for place, name in enumerate(lost):
            if name.casefold() not in (EVERY_INSURER, *self.insurers):
                yield ("insurance", "lost", place), _told("insurer", name, known=known)

    def failing(self, scenario: Scenario) -> dict[str, float]:
        """Return the probability of failure of each legal entity that the failures strike."""
        spared = defaultdict[str, float](lambda: 1.0)
        for failure in scenario.failure:
            for entity, share in self._struck_by(failure).items():
                spared[entity] *= 1.0 - share
        return {entity: 1.0 - left for entity, left in spared.items() if left < 1.0}

    def _struck_by(self, failure: Failure) -> dict[str, float]:
        named = self._named(failure)
        dragged = {self.entity_of[one.customer]: one.share for one in failure.dependants}
        if failure.group_share:
            groups = {group for entity in named for group in self.groups_of.get(entity, ())}
            for entity in {entity for group in groups for entity in self.groups[group]}:
                dragged[entity] = max(dragged.get(entity, 0.0), failure.group_share)
        return dragged | dict.fromkeys(named, 1.0)

    def _named(self, failure: Failure) -> set[str]:
        if failure.customer is not None:
            return {self.entity_of[failure.customer]}
        if failure.siren is not None:
            return self.entities_of_siren[failure.siren]
        ranked = sorted(self.owed, key=lambda entity: (-self.owed[entity], entity))
        return set(ranked[: failure.largest])


def _told(name: str, came: str, **values: str) -> tuple[str, str]:
    english, french = _WORDS[name]
    return english.format(came=came, **values), unbroken(french).format(came=came, **values)
