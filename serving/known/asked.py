"""Questions that wait at the desk, and the answers that a group of them is given.

Owns one question and who waits for it; in which order questions are taken is `serving.known.desk`'s.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import structlog

from models.errors import StoreError
from serving.audit.entries import new_answer_ids
from serving.known.writing import Form, write

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Sequence
    from concurrent.futures import Executor

    from models.assessment.assessment import Assessment
    from serving.api.schemas.questions import AssessmentIn
    from serving.api.security import Caller
    from serving.known.memory import Entry
    from serving.known.writing import Written
    from serving.services import CreditAssessor


@dataclass(slots=True, eq=False)
class PendingRequest:
    """A question about a known customer, and whom to tell its answer.

    Parameters
    ----------
    tell
        Called once, on the event loop; emptied then.
    was_read
        Whether the store was asked for the customer already.
    """

    question: AssessmentIn
    caller: Caller
    tell: Callable[[Written | Exception], None] | None
    was_read: bool = False

    @property
    def customer_id(self) -> str:
        """Whom it is about."""
        return self.question.customer_id or ""

    def answer(self, found: Written | Exception) -> None:
        """Tell who asked, unless it was told something before."""
        tell, self.tell = self.tell, None
        if tell is None:
            return
        try:
            tell(found)
        except Exception as error:  # noqa: BLE001  # whatever it is, the others of the group must be told
            structlog.get_logger().error("not_told", customer_id=self.customer_id, reason=repr(error))


def answers_to(
    assessor: CreditAssessor,
    group: Sequence[PendingRequest],
    entries: Sequence[Entry],
    today: dt.date,
    beside: Executor | None = None,
) -> tuple[Sequence[Assessment], list[Written]]:
    """Compute and write the answers to a group of questions, each about the customer of its entry.

    Parameters
    ----------
    beside
        Computes a part meanwhile, where there is one.
    """
    requests = [one.question.request() for one in group]
    answers = assessor.answer([entry.known for entry in entries], requests, beside)
    told = zip(answers, new_answer_ids(len(group)), entries, strict=True)
    return answers, [
        write(answer, answer_id, form_of(entry, answer), entry.overrides, today, assessor.policy)
        for answer, answer_id, entry in told
    ]


def form_of(entry: Entry, answer: Assessment) -> Form:
    """Return a customer's form; the first answer makes it."""
    if entry.form is None:
        entry.form = Form.of(answer)
    return entry.form


def fail(group: Sequence[PendingRequest], error: BaseException) -> None:
    """Tell everybody of a group what stands against an answer."""
    told = error if isinstance(error, Exception) else StoreError(f"the answer was cut short by {error!r}")
    for asked in group:
        asked.answer(told)
