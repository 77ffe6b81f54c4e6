"""What goes out about answers of the past, the audit log and overrides: the shapes, each field described."""

import datetime as dt
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from serving.schemas.answers import AssessmentOut
from serving.schemas.registers import WithFacts


class _Record(BaseModel):
    model_config = ConfigDict(extra="allow", from_attributes=True)


class OverrideOut(_Record):
    """What a person decided in place of the model, for a time."""

    override_id: int
    customer_id: str
    kind: Literal["limit", "grade"]
    value: float | str = Field(description="euros for a limit, a letter for a grade")
    reason: str
    who: str = Field(description="who set it")
    created_at: dt.datetime
    valid_until: dt.date = Field(description="the last day on which it is in force")
    own: dict[str, Any] = Field(description="what the model said when it was set")
    withdrawn_at: dt.datetime | None
    withdrawn_by: str | None
    withdrawn_reason: str | None


class ListedOverrideOut(OverrideOut):
    """An override of the history."""

    in_force: bool = Field(description="in force today")


class OverridesOut(_Record):
    """A stretch of the overrides, the oldest first."""

    items: list[ListedOverrideOut]
    total: int = Field(description="how many there are in all")
    limit: int
    offset: int
    next_offset: int | None = Field(description="ask on with `offset`; none at the end")


class InForceOut(_Record):
    """The limit and the grade that count, and where each comes from."""

    limit_eur: float = Field(description="the limit in force; 0 means prepayment")
    limit_from: Literal["model", "override", "stop"]
    grade: str = Field(description="the grade in force")
    grade_from: Literal["model", "override", "stop"]
    own_limit_eur: float = Field(description="what the model says, whatever is in force")
    own_grade: str
    overrides: list[OverrideOut] = Field(description="the overrides in force")


class AnsweredAssessmentOut(AssessmentOut, WithFacts):
    """The whole answer, the id under which it stands in the log, and what is in force."""

    answer_id: str = Field(description="32 hex digits; `/v1/assessments/{answer_id}` finds it again")
    in_force: InForceOut


class AuditEntryOut(_Record):
    """Who asked what, and what was answered."""

    answer_id: str
    at: dt.datetime
    who: str = Field(description="the key's or the person's name")
    role: str
    via: Literal["key", "session", "command"]
    action: str = Field(
        description="such as assessment, decision, page, file, list, export, override, sign-in"
    )
    customer_id: str | None
    question: dict[str, Any]
    answer: dict[str, Any]
    features_hash: str | None = Field(description="hash of the features that went in")
    late_model: str | None = Field(description="version of the late-payment model")
    default_model: str | None = Field(description="version of the default model")
    policy_hash: str | None
    sound: bool = Field(description="false where the row was changed behind our back")


class AuditPageOut(_Record):
    """A stretch of the audit log, the newest entry first."""

    items: list[AuditEntryOut]
    next_before: int | None = Field(description="ask on with `before`; none at the end")


class DifferenceOut(_Record):
    """One value that is not exactly the same."""

    path: str = Field(description="where it stands, such as limit.terms.3.value_eur")
    then: Any
    now: Any
    cause: str = Field(description="model, policy, program or record")


class ComparedOut(_Record):
    """An answer computed again, held against the old one."""

    answer_id: str
    equal: bool | None = Field(
        description="the same to the last digit; none where it cannot be computed again"
    )
    differences: list[DifferenceOut]
    why: list[str] = Field(description="what it differs by, or what is gone")
    why_fr: list[str]
    why_en: list[str]


class ReplayOut(ComparedOut):
    """With everything as it was; and, where it was asked for, with the models and the policy of today."""

    with_today: ComparedOut | None
