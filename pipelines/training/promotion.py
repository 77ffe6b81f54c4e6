"""Promotion and rollback of versions: gate, second person, history, alias, in this order.

The store's history decides which version answers, and records who promoted it, when and why; its model is
stored in the same transaction, and answers from there. The registry's alias follows: after an interruption
between the two, the same command sets the alias and changes nothing else. Owns the sequence;
`pipelines.training.gate` owns the checks.
"""

from __future__ import annotations

import datetime as dt
import unicodedata
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from models.errors import ModelError, NoChampionError
from models.learning.registry import TARGETS
from pipelines.training.comparison import VersionFiles, common_questions, scored_test_rows
from pipelines.training.evaluation import evaluation
from pipelines.training.gate import PASSED, TOO_FEW, judge
from serving.store import ModelEvaluation, PromotionEntry, StoredModel
from serving.usecases.champions import answered, open_request

if TYPE_CHECKING:
    from collections.abc import Sequence

    from models.learning.registry import Version
    from models.policy.document import Policy
    from pipelines.training.comparison import Common, ScoredRows
    from pipelines.training.gate import Verdict
    from serving.store import Promotion, Store

UNJUDGED = "too few outcomes to judge: answers as far as forward validation on this ledger supports it"
"""Reason in the history for a promotion without the gate's evidence."""
SEED = 7
"""Seed of the gate's draws, so that the same comparison gives the same verdict."""


class PromotionRegistry(VersionFiles, Protocol):
    """Methods of a registry needed here, as `models.learning.registry.Registry` has them."""

    def versions(self, target: str) -> list[Version]:
        """Return all versions of a target's model, newest first."""

    def promote(self, target: str, number: int) -> None:
        """Set the alias that marks the champion."""

    def files(self, version: Version) -> dict[str, str]:
        """Return the files of a version's model."""


@dataclass(frozen=True, slots=True)
class PromotionResult:
    """Result of a promotion or a rollback.

    Parameters
    ----------
    action
        An action of the history, or `unchanged`.
    words
        The result as a sentence.
    """

    target: str
    version: int
    action: str
    words: str
    verdict: Verdict | None = None


def promote(
    models: PromotionRegistry,
    store: Store,
    policy: Policy,
    target: str,
    number: int | None,
    who: str,
    note: str = "",
    *,
    too_few_note: str = "",
    seed: int = SEED,
) -> PromotionResult:
    """Judge a version and promote it, or report why not; every outcome is recorded in the history.

    Where the policy requires two persons, the first call records a request, and the same call by another
    person completes it.

    Parameters
    ----------
    number
        The version; the newest if None.
    too_few_note
        If given, a version with too few rows to judge is promoted for this reason, without a second person;
        otherwise only if the champion was not judged either.

    Raises
    ------
    NoChampionError
        The version does not exist.
    ModelError
        The author is empty, both persons are the same, or the version cannot be loaded or evaluated, or was
        recorded without its test rows.
    """
    name, known = _named(who), models.versions(target)
    found = _pick(target, known, number)
    history = store.promotions(target)
    past = answered(history)
    before = _champion(known, past)
    if before == found and past:
        # An interrupted command may have left the alias, and an earlier version of the program the model.
        store.add_model(_stored(models, found))
        models.promote(target, found.number)
        return PromotionResult(
            target, found.number, "unchanged", f"version {found.number} of {target} answers already"
        )
    days = policy.gate.request_days if policy.gate.two_persons else 0
    request = open_request(history, found.number, store.now(), days)
    if request is not None and _same(request.who, name):
        raise ModelError(
            f"version {found.number} of {target} was asked for by {request.who}; the policy wants a second "
            "person: somebody else promotes it with --by NAME"
        )
    if before == found:
        before = None  # marked by the alias alone: no promotion is in the history
    verdict = examine(models, store, policy, found, before, seed)
    forgiven = ""
    if verdict.outcome == TOO_FEW:
        # The components never do worse than the customer's own past, so an unjudged version may follow
        # another.
        forgiven = too_few_note or ("" if _was_judged(history) else UNJUDGED)
    entry = PromotionEntry(
        target=target,
        version=found.number,
        model_version=found.model_version,
        action="promoted",
        who=name,
        reason=forgiven or note,
        previous=None if before is None else before.number,
        verdict=verdict.document(),
    )
    alone = bool(too_few_note) or not policy.gate.two_persons
    return _decide(
        models, store, entry, found, verdict, request, policy, forgiven=bool(forgiven), alone=alone
    )


def _was_judged(history: Sequence[Promotion]) -> bool:
    """Return whether the champion passed the gate on evidence."""
    let = next((entry for entry in reversed(history) if entry.action in ("promoted", "rolled_back")), None)
    while let is not None and let.action == "rolled_back":
        gone_to = let.version
        let = next(
            (entry for entry in history if entry.action == "promoted" and entry.version == gone_to), None
        )
    return let is not None and (let.verdict or {}).get("outcome") == PASSED


def rollback(models: PromotionRegistry, store: Store, target: str, who: str, reason: str) -> PromotionResult:
    """Promote the previous champion again, without a gate or a second person.

    After an interruption between history and alias, the same command sets the alias and goes no further back.

    Raises
    ------
    NoChampionError
        There is no previous champion.
    ModelError
        Author or reason is empty, or the previous version cannot be loaded.
    """
    name, known = _named(who), models.versions(target)
    if not reason.strip():
        raise ModelError("a rollback needs a reason; give --reason TEXT")
    history = store.promotions(target)
    past = answered(history)
    if not past:
        raise NoChampionError(f"nothing to go back to: no promotion of {target} is in the history")
    last = next(entry for entry in reversed(history) if entry.action in ("promoted", "rolled_back"))
    marked = next((version.number for version in known if version.is_champion), None)
    if last.action == "rolled_back" and marked == last.previous:
        models.promote(target, last.version)
        return _rolled_back(last)
    if len(past) == 1:
        raise NoChampionError(
            f"nothing to go back to: version {past[-1]} is the first of {target} that answered"
        )
    back = _pick(target, known, past[-2])
    models.load(back)
    entry = PromotionEntry(
        target, back.number, back.model_version, "rolled_back", name, reason.strip(), previous=past[-1]
    )
    _let_answer(models, store, entry, back)
    return _rolled_back(entry)


def _rolled_back(entry: PromotionEntry) -> PromotionResult:
    words = f"version {entry.version} of {entry.target} answers again, in place of version {entry.previous}"
    return PromotionResult(entry.target, entry.version, "rolled_back", words)


def examine(
    models: VersionFiles,
    store: Store,
    policy: Policy,
    found: Version,
    before: Version | None,
    seed: int = SEED,
) -> Verdict:
    """Judge a version against the previous champion, if any, and save what it showed for the pages.

    Raises
    ------
    ModelError
        The version cannot be loaded or evaluated, or was recorded without its test rows.
    """
    asked = scored_test_rows(models, found)
    model = models.load(found)
    answers = model.probability(asked.rows.frame)
    if not ((answers >= 0.0) & (answers <= 1.0)).all():
        raise ModelError(
            f"version {found.number} of {found.target} answers what is no probability; train it again"
        )
    common, compared = _compared(models, policy, asked, before)
    verdict = judge(found.target, asked, common, compared, policy, seed)
    store.save_model_evaluation(
        ModelEvaluation(
            target=found.target,
            version=found.number,
            model_version=found.model_version,
            compared_with=None if before is None else before.number,
            document=evaluation(model, asked, common, verdict),
        )
    )
    return verdict


def _compared(
    models: VersionFiles, policy: Policy, asked: ScoredRows, before: Version | None
) -> tuple[Common | None, str]:
    """Return the rows on which a version is compared, None without any, and what they are."""
    if before is None:
        return None, "no version answered before: the floors decide"
    common = common_questions(models, asked, before, policy.gate.common_cases)
    if isinstance(common, str):
        return None, f"{common}; the floors alone decide"
    return common, f"with version {before.number} on {common.chosen}"


def examine_newest(
    models: PromotionRegistry, store: Store, policy: Policy, target: str, number: int | None = None
) -> Verdict | None:
    """Judge a version as its promotion would, without promoting it, and save what it showed.

    Parameters
    ----------
    number
        The version; the newest if None.

    Returns
    -------
    The verdict; None where the version is the champion, which has nothing to be compared with.

    Raises
    ------
    NoChampionError
        The version does not exist.
    ModelError
        As `examine` does.
    """
    known = models.versions(target)
    found, before = _pick(target, known, number), _champion(known, answered(store.promotions(target)))
    is_champion = found == before
    verdict = examine(models, store, policy, found, None if is_champion else before)
    return None if is_champion else verdict


def _decide(
    models: PromotionRegistry,
    store: Store,
    entry: PromotionEntry,
    found: Version,
    verdict: Verdict,
    request: Promotion | None,
    policy: Policy,
    *,
    forgiven: bool,
    alone: bool,
) -> PromotionResult:
    """Record a refusal or a request, or promote the version.

    Parameters
    ----------
    forgiven
        Whether too few outcomes are accepted.
    alone
        Whether no second person is required.
    """
    which = f"version {entry.version} of {entry.target}"
    if verdict.outcome != PASSED and not forgiven:
        store.record_promotion(replace(entry, action="refused"))
        words = f"{which} is {verdict.outcome}: {'; '.join(verdict.reasons)}"
        return PromotionResult(entry.target, entry.version, "refused", words, verdict)
    if request is None and not alone:
        asked = store.record_promotion(replace(entry, action="requested"))
        until = asked.at + dt.timedelta(days=policy.gate.request_days)
        words = (
            f"{which} passed and waits for a second person until {until:%Y-%m-%d}: "
            f"encours promote {_short(entry.target)} --version {entry.version} --by NAME"
        )
        return PromotionResult(entry.target, entry.version, "requested", words, verdict)
    if request is not None:
        entry = replace(entry, who=request.who, second=entry.who)
    _let_answer(models, store, entry, found)
    instead = "" if entry.previous is None else f", in place of version {entry.previous}"
    words = f"{which} answers from now on{instead}{f' ({entry.reason})' if forgiven else ''}"
    return PromotionResult(entry.target, entry.version, "promoted", words, verdict)


def _let_answer(models: PromotionRegistry, store: Store, entry: PromotionEntry, version: Version) -> None:
    store.record_promotion(entry, _stored(models, version))
    models.promote(entry.target, entry.version)


def _stored(models: PromotionRegistry, version: Version) -> StoredModel:
    return StoredModel(version.target, version.model_version, models.files(version))


def _champion(known: Sequence[Version], past: Sequence[int]) -> Version | None:
    """Return the version that answers: the history's, or the alias's where there is no history."""
    if past:
        return next((version for version in known if version.number == past[-1]), None)
    return next((version for version in known if version.is_champion), None)


def _pick(target: str, known: Sequence[Version], number: int | None) -> Version:
    found = next((version for version in known if number in (None, version.number)), None)
    if found is None:
        wanted = "" if number is None else f" {number}"
        raise NoChampionError(f"{target} has no version{wanted}; run `encours train {_short(target)}`")
    return found


def _short(target: str) -> str:
    return next((short for short, name in TARGETS.items() if name == target), target)


def _named(who: str) -> str:
    if not who.strip():
        raise ModelError("nobody is named; give --by NAME")
    return who.strip()


def _same(one: str, other: str) -> bool:
    return _folded(one) == _folded(other)


def _folded(name: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())
