"""The assessor that a use case works with, and where it gets the one in use."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from models.learning.registry import TARGETS
from models.policy.document import load_policy
from serving.usecases.promoted_models import champion

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Mapping, Sequence
    from concurrent.futures import Executor
    from pathlib import Path

    from models.assessment.assessment import Assessment, CreditRequest, CustomerState, RelatedExposure
    from models.assessment.assessor import Assessor
    from models.assessment.customer_context import CustomerContext
    from models.assessment.party import Party
    from models.policy.document import Policy
    from serving.store import Store


class CreditAssessor(Protocol):
    """Models and policy that assess a customer; `models.assessment.assessor.Assessor` is one."""

    @property
    def policy(self) -> Policy:
        """The policy in force."""

    def assess(self, state: CustomerState, request: CreditRequest) -> Assessment:
        """Assess a customer whose state is known."""

    def assess_many(
        self, states: Sequence[CustomerState], requests: Sequence[CreditRequest]
    ) -> list[Assessment]:
        """Assess customers at once; each answer is the same as if it were asked for alone."""

    def know(self, states: Sequence[CustomerState]) -> Sequence[CustomerContext]:
        """Compute once what depends on the customers alone, for `answer`."""

    def answer(
        self,
        customers: Sequence[CustomerContext],
        requests: Sequence[CreditRequest],
        executor: Executor | None = ...,
    ) -> Sequence[Assessment]:
        """Assess known customers at once; each answer is the same as if it were asked for alone."""

    def state_of_prospect(
        self,
        party: Party,
        accounts: Sequence[Mapping[str, object]],
        as_of: dt.date,
        peers: Mapping[str, object],
        surroundings: RelatedExposure = ...,
        filings: Sequence[Mapping[str, object]] = ...,
    ) -> CustomerState:
        """Return what is known of somebody without history: registers, accounts, peers and sector."""


class AssessorSource(Protocol):
    """Where the assessor in use comes from; `serving.model_reload` follows the store."""

    def get(self) -> CreditAssessor:
        """Return the assessor in use, loading it where none is yet; may block.

        Raises
        ------
        NoChampionError
            No model is in charge.
        StoreError
            The store is away.
        """

    def in_use(self) -> CreditAssessor | None:
        """Return the assessor in use, None where it must be loaded first; never blocks."""

    def is_due(self) -> bool:
        """Tell whether the next `get` will check whether another assessor is in charge."""


def load_champions(policy_path: Path | None, store: Store) -> Assessor:
    """Load the models in charge and the policy, and keep the policy's text for replays.

    Raises
    ------
    NoChampionError
        No model is in charge.
    ModelError
        One cannot be read any more.
    PolicyError
        The policy is invalid.
    """
    from models.assessment.assessor import Assessor  # noqa: PLC0415  # costs a fifth of a second

    late, default = (champion(store, target) for target in TARGETS.values())
    found = Assessor(late, default, load_policy(policy_path))
    if not store.add_policy_of(found.policy, policy_path):
        import structlog  # noqa: PLC0415  # costs a tenth of a second, and little is logged

        structlog.get_logger().warning("policy_not_kept", policy_hash=found.policy.hash)
    return found


@dataclass(slots=True)
class AssessorOnDemand:
    """A source of one assessor that is loaded when it is first needed.

    Parameters
    ----------
    load
        Loads it.
    """

    load: Callable[[], CreditAssessor]
    _loaded: CreditAssessor | None = None

    def get(self) -> CreditAssessor:
        """Return the assessor, loading it at the first call."""
        if self._loaded is None:
            self._loaded = self.load()
        return self._loaded

    def in_use(self) -> CreditAssessor | None:
        """Return the assessor, None before the first `get`."""
        return self._loaded

    def is_due(self) -> bool:
        """Return False: there is no other."""
        return False


@dataclass(frozen=True, slots=True)
class FixedAssessor:
    """A source of one assessor that is never replaced."""

    assessor: CreditAssessor

    def get(self) -> CreditAssessor:
        """Return the assessor."""
        return self.assessor

    def in_use(self) -> CreditAssessor:
        """Return the assessor."""
        return self.assessor

    def is_due(self) -> bool:
        """Return False: there is no other."""
        return False
