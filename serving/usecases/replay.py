"""An old answer computed again: the same to the last digit, or what differs and why.

Owns what is put to whom and what a difference comes from. The state that the answer was computed from, the
question and the policy's text were kept with it; the models are found by their hashes. With everything the
same, a difference can come only from this program, or from a log that was changed behind our back, which the
entry's seal tells. Asked about today too, the same question on the same state goes to the models in charge
under the old policy, then to both of today, so that each difference has its cause.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

from models.assessment.assessment import CustomerState
from models.assessment.party import Party
from models.assessment.related_exposure import RelatedExposure
from serving.audit.differences import Difference, differences
from serving.usecases.recomputation import answered, computed

if TYPE_CHECKING:
    from models.assessment.assessor import Assessor
    from serving.store import AuditEntry, Store
    from serving.usecases.old_versions import OldVersions

DifferenceCause = Literal["model", "policy", "program", "record"]
WORDS: dict[str, tuple[str, str]] = {
    "equal": ("la réponse recalculée est identique", "computed again, the answer is the same"),
    "record": (
        "l'écriture du journal a été modifiée après coup",
        "the entry of the log was changed after it was written",
    ),
    "program": (
        "le programme calcule autrement qu'alors, avec les mêmes données, modèles et politique",
        "the program computes otherwise than it did, from the same data, models and policy",
    ),
    "model": ("un autre modèle répond aujourd'hui", "another model answers today"),
    "policy": ("une autre politique s'applique aujourd'hui", "another policy applies today"),
    "state": (
        "les données d'alors ne sont pas conservées telles quelles",
        "the data of then are not kept as they were",
    ),
    "late_model": ("le modèle de retard d'alors n'existe plus", "the late-payment model of then is gone"),
    "default_model": ("le modèle de défaillance d'alors n'existe plus", "the default model of then is gone"),
    "features": (
        "le programme décrit les clients par d'autres caractéristiques qu'alors",
        "the program describes customers by other features than it did",
    ),
    "policy_gone": (
        "le texte de la politique d'alors n'est pas conservé ou n'est plus lisible",
        "the text of the policy of then is not kept, or cannot be read any more",
    ),
}
"""French and English of what a replay finds."""


@dataclass(frozen=True, slots=True)
class Replay:
    """What came of computing an answer again.

    Parameters
    ----------
    equal
        Whether it is the same to the last digit; None where it cannot be computed again.
    differences
        What differs, each with its cause.
    why
        Keys of `WORDS`: why it differs or cannot be computed again.
    """

    answer_id: str
    equal: bool | None
    differences: tuple[Difference, ...]
    why: tuple[str, ...]

    def document(self) -> dict[str, Any]:
        """Return it as plain JSON values."""
        words = [WORDS[key] for key in (self.why or (("equal",) if self.equal else ()))]
        return {
            "answer_id": self.answer_id,
            "equal": self.equal,
            "differences": [one.document() for one in self.differences],
            "why": list(self.why),
            "why_fr": [french for french, _ in words],
            "why_en": [english for _, english in words],
        }


def is_replayable(entry: AuditEntry) -> bool:
    """Tell whether an entry is an answer of the models, which can be computed again."""
    return entry.state_hash is not None


def replay(entry: AuditEntry, store: Store, versions: OldVersions) -> Replay:
    """Compute an old answer again with what it was computed with.

    Raises
    ------
    StoreError, ModelError
        The store or the registry is away.
    """
    state = state_of(entry, store)
    then_with, gone = _assessor_of(entry, versions)
    if state is None:
        gone = ("state", *gone)
    if state is None or then_with is None:
        return Replay(entry.answer_id, None, (), (*gone, *_record(entry)))
    cause = "program" if entry.sound else "record"
    now = computed(then_with, state, entry)
    if now is None:
        return Replay(entry.answer_id, None, (), ("features", *_record(entry)))
    found = differences(answered(entry), now, cause)
    why = _record(entry) or (("program",) if found else ())
    return Replay(entry.answer_id, entry.sound and not found, found, why)


def with_today(entry: AuditEntry, store: Store, versions: OldVersions) -> Replay:
    """Put the same question about the same state to the models and the policy of today.

    Raises
    ------
    StoreError, ModelError
        The store or the registry is away, or no model is in charge.
    """
    state = state_of(entry, store)
    if state is None:
        return Replay(entry.answer_id, None, (), ("state",))
    found: list[Difference] = []
    base = answered(entry)
    for cause, assessor in _steps(entry, versions):
        now = computed(assessor, state, entry)
        if now is None:
            return Replay(entry.answer_id, None, (), ("features",))
        found += differences(base, now, cause)
        base = now
    causes = tuple(dict.fromkeys(one.cause for one in found))
    return Replay(entry.answer_id, not found, tuple(found), causes)


def _steps(entry: AuditEntry, versions: OldVersions) -> list[tuple[DifferenceCause, Assessor]]:
    """Return the way from the assessor of then to that of today, with the cause of each step's differences.

    Where the models or the policy of then are gone, their step and the next one cannot be told apart.
    """
    steps: list[tuple[DifferenceCause, Assessor]] = []
    today, (then_with, _) = versions.today(), _assessor_of(entry, versions)
    if then_with is not None:
        steps.append(("program" if entry.sound else "record", then_with))
    policy = versions.policy(entry.policy_hash)
    if policy is not None:
        steps.append(("model", replace(today, policy=policy)))
    return [*steps, ("policy" if policy is None or policy.hash != today.policy.hash else "model", today)]


def state_of(entry: AuditEntry, store: Store) -> CustomerState | None:
    """Return what an answer was computed from, None where it was not kept, or was changed since."""
    kept = None if entry.state_hash is None else store.stored_state(entry.state_hash)
    if kept is None or kept.state_hash != entry.state_hash:
        return None
    around = RelatedExposure(**kept.surroundings)
    return CustomerState(Party.from_document(kept.party), kept.as_of, kept.vector, around)


def _assessor_of(entry: AuditEntry, versions: OldVersions) -> tuple[Assessor | None, tuple[str, ...]]:
    """Return the assessor that gave an answer, or what of it is gone."""
    late = versions.model("late30", entry.late_model)
    default = versions.model("default12", entry.default_model)
    policy = versions.policy(entry.policy_hash)
    if late is None or default is None or policy is None:
        parts = (("late_model", late), ("default_model", default), ("policy_gone", policy))
        return None, tuple(name for name, part in parts if part is None)
    return replace(versions.today(), late=late, default=default, policy=policy), ()


def _record(entry: AuditEntry) -> tuple[str, ...]:
    return () if entry.sound else ("record",)
