"""What decisions by the model are worth in euros, beside other ways of deciding on the same rows.

The arithmetic is `pipelines.training.decision_value`', the choice of questions that a champion may be asked
is `comparison`'s; this brings them together for the report.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Protocol

from models.learning.registry import CHAMPION
from pipelines.training.comparison import ScoredRows, VersionFiles, common_questions
from pipelines.training.decision_value import ACCEPT_ALL, NET_WORTH, compare

if TYPE_CHECKING:
    from collections.abc import Mapping

    from models.arrays import Floats
    from models.learning.registry import Version
    from models.learning.rows import TrainingRows
    from models.policy.document import Policy
    from pipelines.training.decision_value import Worth

MODEL, SCORECARD = "model", "scorecard"
CODES = {ACCEPT_ALL: "accept_all", NET_WORTH: "net_worth"}
"""The strategies that are no model, as the report's texts call them."""


class Champions(VersionFiles, Protocol):
    """What is asked of a registry here; `models.learning.registry.Registry` is one."""

    def versions(self, target: str) -> list[Version]:
        """Return every version of a target's model, newest first."""


@dataclass(frozen=True, slots=True)
class Beside:
    """The version in charge on questions that neither could have learnt, or why it was asked none."""

    number: int | None
    questions: int
    worth: tuple[dict[str, Any], ...]
    why_not: str = ""


def in_euros(
    target: str, rows: TrainingRows, answers: Mapping[str, Floats], policy: Policy
) -> tuple[dict[str, Any], ...]:
    """Put the model, its scorecard where there is one, and decisions without either side by side.

    Parameters
    ----------
    answers
        What was answered on the rows, by name as kept with them.
    """
    ways = {MODEL: answers["probability"]}
    if SCORECARD in answers:
        ways[SCORECARD] = answers[SCORECARD]
    return tuple(_told(worth) for worth in compare(target, rows, ways, policy))


def beside_champion(
    registry: Champions, target: str, asked: ScoredRows, model_version: str, policy: Policy
) -> Beside:
    """Put the model and the version in charge side by side, each on what it could not have learnt."""
    known = registry.versions(target)
    champion = next((version for version in known if CHAMPION in version.aliases), None)
    if champion is None:
        return Beside(None, 0, (), "no version answers yet")
    if champion.model_version == model_version:
        return Beside(champion.number, 0, (), "it is this version that answers")
    common = common_questions(registry, asked, champion, policy.gate.common_cases)
    if isinstance(common, str):
        return Beside(champion.number, 0, (), common)
    ways = {MODEL: common.challenger, CHAMPION: common.champion}
    found = compare(target, common.rows, ways, policy)
    return Beside(champion.number, len(common.rows), tuple(_told(worth) for worth in found))


def _told(worth: Worth) -> dict[str, Any]:
    """Return a worth as JSON values, its strategy by code."""
    told = {**asdict(worth), "value_eur": worth.value_eur}
    return {**told, "strategy": CODES.get(worth.strategy, worth.strategy)}
