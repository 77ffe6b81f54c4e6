"""Promote, roll back and compare versions of the models from a page or the API.

The registry of versions is MLflow's, which no server imports: what reads it runs in a process of its own
(`pipelines.model_job`), by the same steps as the commands `encours promote` and `encours rollback`. Owns
what such a job is asked and answers, what is known of the versions without it, and the audit log's entries.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, ConfigDict

from models.errors import ModelError
from serving.audit.entries import entry_of
from serving.usecases.champions import answered, open_request

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from models.policy.document import Policy
    from serving.callers import Caller
    from serving.store import ModelEvaluation, Promotion, Store

    RunModelJob = Callable[["ModelJob"], "ModelJobResult"]

ModelTarget = Literal["late30", "default12"]
TARGETS: tuple[ModelTarget, ...] = ("late30", "default12")
SHORTEST_REASON = 10


class ModelJob(BaseModel):
    """What a job is to do.

    Parameters
    ----------
    act
        `compare` judges the newest version without promoting it.
    version
        Number of the version to promote or to compare; the newest if None.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    act: Literal["promote", "roll_back", "compare"]
    target: ModelTarget
    version: int | None = None
    who: str
    reason: str = ""


class ModelJobResult(BaseModel):
    """What a job did.

    Parameters
    ----------
    action
        An action of the history, `unchanged`, or `compared`.
    words
        The result as a sentence, in English.
    error
        Why nothing was done, in English; empty where something was.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    action: str = ""
    version: int | None = None
    words: str = ""
    error: str = ""


@dataclass(frozen=True, slots=True)
class KnownVersions:
    """What the store knows of a target's versions.

    Parameters
    ----------
    champion
        Number of the version in charge; None where none was promoted.
    earlier
        Number of the version that a rollback puts in charge again; None where there is none.
    evaluations
        The newest version first.
    requests
        Open requests that a second person may complete, by version.
    """

    target: ModelTarget
    champion: int | None
    earlier: int | None
    evaluations: tuple[ModelEvaluation, ...]
    requests: Mapping[int, Promotion]

    def evaluation(self, version: int | None) -> ModelEvaluation | None:
        """Return what a version showed, None where it is not known."""
        return next((one for one in self.evaluations if one.version == version), None)

    @property
    def challengers(self) -> tuple[ModelEvaluation, ...]:
        """Evaluated versions other than the champion."""
        return tuple(one for one in self.evaluations if one.version != self.champion)


@dataclass(frozen=True, slots=True)
class ChangeModels:
    """Promote, roll back and compare versions.

    Parameters
    ----------
    store
        Opens the store, or raises `StoreError`.
    policy
        Returns the policy in force.
    run_job
        Runs a job to its end; None where this server changes no models.
    """

    store: Callable[[], Store]
    policy: Callable[[], Policy]
    run_job: RunModelJob | None

    @property
    def can_change(self) -> bool:
        """Whether this server changes models."""
        return self.run_job is not None

    def known(self, target: ModelTarget) -> KnownVersions:
        """Return what the store knows of a target's versions."""
        store = self.store()
        history = store.promotions(target)
        past, evaluations = answered(history), store.model_evaluations(target)
        days = self._request_days()
        requests = (open_request(history, one.version, store.now(), days) for one in evaluations)
        return KnownVersions(
            target,
            past[-1] if past else None,
            past[-2] if len(past) > 1 else None,
            evaluations,
            {one.version: one for one in requests if one is not None},
        )

    def promote(self, target: ModelTarget, version: int, reason: str, caller: Caller) -> ModelJobResult:
        """Judge a version and let it answer where the gate passes it; a second person may have to confirm.

        Raises
        ------
        ModelError
            The reason is too short, or the version cannot be judged.
        """
        return self._done(
            ModelJob(act="promote", target=target, version=version, who=caller.name, reason=_reason(reason)),
            caller,
        )

    def roll_back(self, target: ModelTarget, reason: str, caller: Caller) -> ModelJobResult:
        """Let the version answer again that answered before, without a gate.

        Raises
        ------
        ModelError
            The reason is too short, or there is no earlier version.
        """
        return self._done(
            ModelJob(act="roll_back", target=target, who=caller.name, reason=_reason(reason)), caller
        )

    def compare(self, target: ModelTarget, caller: Caller) -> ModelJobResult:
        """Judge the newest version as its promotion would, and save what it showed."""
        return self._done(ModelJob(act="compare", target=target, who=caller.name), caller)

    def _request_days(self) -> int:
        gate = self.policy().gate
        return gate.request_days if gate.two_persons else 0

    def _done(self, job: ModelJob, caller: Caller) -> ModelJobResult:
        if self.run_job is None:
            raise ModelError("this server changes no models; start it with `encours serve`")
        found = self.run_job(job)
        asked = job.model_dump(exclude={"who"}, exclude_none=True)
        self.store().record_answers([entry_of(caller, "model", asked, found.model_dump(exclude_none=True))])
        if found.error:
            raise ModelError(found.error)
        return found


def _reason(text: str) -> str:
    if len(text.strip()) < SHORTEST_REASON:
        raise ModelError(f"give a reason of at least {SHORTEST_REASON} characters")
    return text.strip()
