"""Value of the model's decisions in euros, compared with other strategies on the same rows.

`pipelines.training.decision_value` computes values, `comparison` selects rows for the champion; this module
combines them for the report.
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
"""Codes of the strategies without a model in the report's texts."""


class Champions(VersionFiles, Protocol):
    """Methods of a registry needed here, as `models.learning.registry.Registry` has them."""

    def versions(self, target: str) -> list[Version]:
        """Return all versions of a target's model, newest first."""


@dataclass(frozen=True, slots=True)
class Beside:
    """The champion on rows that neither was trained on, or the reason for its absence."""

    number: int | None
    questions: int
    worth: tuple[dict[str, Any], ...]
    why_not: str = ""


def in_euros(
    target: str, rows: TrainingRows, answers: Mapping[str, Floats], policy: Policy
) -> tuple[dict[str, Any], ...]:
    """Compare the model, its scorecard if any, and strategies without a model.

    Parameters
    ----------
    answers
        Predictions on the rows, by name as stored with them.
    """
    ways = {MODEL: answers["probability"]}
    if SCORECARD in answers:
        ways[SCORECARD] = answers[SCORECARD]
    return tuple(_worth_document(worth) for worth in compare(target, rows, ways, policy))


def beside_champion(
    registry: Champions, target: str, asked: ScoredRows, model_version: str, policy: Policy
) -> Beside:
    """Compare the model with the champion, each on rows that it was not trained on."""
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
    return Beside(champion.number, len(common.rows), tuple(_worth_document(worth) for worth in found))


def _worth_document(worth: Worth) -> dict[str, Any]:
    """Return a value as JSON values, with the strategy's code."""
    values = {**asdict(worth), "value_eur": worth.value_eur}
    return {**values, "strategy": CODES.get(worth.strategy, worth.strategy)}
