"""Changes of models asked for outside the command line: checked, done by a job, entered in the audit log."""

from dataclasses import dataclass, field

import pytest

from models.errors import ModelError
from models.policy.document import load_policy
from serving.callers import Caller
from serving.store import ModelEvaluation, PromotionEntry, Store
from serving.usecases.model_changes import ChangeModels, ModelJob, ModelJobResult

ANALYST = Caller("dominique", "analyst", "session")
REASON = "meilleure sur les petits clients"
TWO_PERSONS = load_policy().revised(gate={"two_persons": True})


@dataclass
class Jobs:
    """Jobs that were run, and what they answer."""

    answer: ModelJobResult = field(default_factory=lambda: ModelJobResult(action="promoted", version=2))
    done: list[ModelJob] = field(default_factory=list)

    def __call__(self, job: ModelJob) -> ModelJobResult:
        self.done.append(job)
        return self.answer


def changes(store: Store, jobs: Jobs | None) -> ChangeModels:
    return ChangeModels(lambda: store, lambda: TWO_PERSONS, jobs)


def evaluated(store: Store, *versions: int) -> None:
    for number in versions:
        store.save_model_evaluation(
            ModelEvaluation(
                target="late30", version=number, model_version=f"h{number}", compared_with=None, document={}
            )
        )


def test_a_promotion_is_run_and_entered_in_the_audit_log(store: Store):
    jobs = Jobs()
    changes(store, jobs).promote("late30", 2, f" {REASON} ", ANALYST)
    (done,) = jobs.done
    assert (done.act, done.version, done.who, done.reason) == ("promote", 2, "dominique", REASON)
    (entry,) = store.audit(10).items
    assert (entry.who, entry.action) == ("dominique", "model")
    assert entry.question == {"act": "promote", "target": "late30", "version": 2, "reason": REASON}


def test_what_has_no_reason_or_no_job_is_refused(store: Store):
    jobs = Jobs()
    for refused in (
        lambda: changes(store, jobs).promote("late30", 2, "ok", ANALYST),
        lambda: changes(store, jobs).roll_back("late30", "", ANALYST),
        lambda: changes(store, None).compare("late30", ANALYST),
    ):
        with pytest.raises(ModelError):
            refused()
    assert jobs.done == []


def test_a_job_that_did_nothing_says_why(store: Store):
    jobs = Jobs(ModelJobResult(error="late30 has no version 9; run `encours train late`"))
    with pytest.raises(ModelError, match="no version 9"):
        changes(store, jobs).promote("late30", 9, REASON, ANALYST)


def test_the_champion_the_one_before_and_what_waits_for_a_second_person_are_known(store: Store):
    evaluated(store, 1, 2, 3)
    for number, action in ((1, "promoted"), (2, "promoted"), (3, "requested")):
        store.record_promotion(PromotionEntry("late30", number, f"h{number}", action, "anne"))  # type: ignore[arg-type]
    known = changes(store, None).known("late30")
    assert (known.champion, known.earlier) == (2, 1)
    assert [one.version for one in known.challengers] == [3, 1]
    assert {number: one.who for number, one in known.requests.items()} == {3: "anne"}
    assert changes(store, None).known("default12").champion is None
