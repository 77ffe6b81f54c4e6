"""What people decided in the model's place, on the customer's page: what counts, and the whole history.

Owns how an override is shown, and its state. Reading the forms is `override_form`'s.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from models.policy.overrides import role_faults, stopped_by
from serving.web.view_models.override_form import OverrideForm, blank, bounds_of

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence
    from typing import Any

    from serving.callers import Caller
    from serving.store import CustomerFile, Override
    from serving.usecases.assessors import CreditAssessor
    from serving.web.view_models.override_form import OverrideBounds
    from serving.web.words import Words


@dataclass(frozen=True, slots=True)
class OverrideLine:
    """One override of the history.

    Parameters
    ----------
    value, own
        What was set, and what the model said then, as they are written.
    state
        in_force, replaced, stopped, withdrawn or ended: a class for the stylesheet, shown with its words.
    withdrawn
        Who took it back, when and why; None while nobody did.
    may_withdraw
        Whether it can still be taken back.
    """

    override_id: int
    kind: str
    value: str
    own: str
    who: str
    set_at: str
    until: str
    reason: str
    state: str
    state_words: str
    withdrawn: str | None
    may_withdraw: bool


@dataclass(frozen=True, slots=True)
class OverridesView:
    """Overrides of one customer.

    Parameters
    ----------
    comparison
        Rows that compare: a name, what is in force, what the model recommends.
    history
        The newest first; withdrawn ones too.
    bounds
        What the person may set; None where nothing.
    stops
        What stops all credit and no override lifts; empty without.
    grades
        Those that may be set, with their words, for the form to choose from.
    """

    comparison: tuple[tuple[str, str, str], ...]
    history: tuple[OverrideLine, ...]
    form: OverrideForm
    bounds: OverrideBounds | None
    stops: tuple[str, ...]
    may_set: bool
    grades: tuple[tuple[str, str], ...] = ()


def overrides_view(
    found: CustomerFile,
    in_force: Mapping[str, Any],
    person: Caller,
    today: dt.date,
    w: Words,
    assessor: CreditAssessor | None,
    form: OverrideForm | None = None,
) -> OverridesView:
    """Make the view.

    Parameters
    ----------
    in_force
        The limit and the grade in force today.
    assessor
        By whose policy overrides are set; None where it cannot be asked now.
    form
        What was typed; None before anything is.
    """
    own = found.stored.row.assessment
    stops = tuple(w.either(one["label_fr"], one["label_en"]) for one in stopped_by(own))
    policy = None if assessor is None else assessor.policy
    may_set = person.may("override") and (policy is None or not role_faults(person.role, policy.overrides))
    is_open = may_set and policy is not None and not stops
    bounds = None if policy is None or not is_open else bounds_of(own, person.role, today, policy)
    return OverridesView(
        comparison=(
            (w("limit.title"), w.eur(in_force["limit_eur"]), w.eur(in_force["own_limit_eur"])),
            (w("grade.title"), in_force["grade"], in_force["own_grade"]),
        ),
        history=_history(found.overrides, today, w, is_stopped=bool(stops)),
        form=form or blank(),
        bounds=bounds,
        stops=stops,
        may_set=may_set,
        grades=() if bounds is None else (("", w("overriding.choose")), *_grades(bounds, w)),
    )


def _grades(bounds: OverrideBounds, w: Words) -> list[tuple[str, str]]:
    return [(grade, f"{grade} · {w(f'grade.{grade}')}") for grade in bounds.grades]


def _history(
    overrides: Sequence[Override], today: dt.date, w: Words, *, is_stopped: bool
) -> tuple[OverrideLine, ...]:
    newest: dict[str, int] = {one.kind: one.override_id for one in overrides if one.in_force(today)}
    return tuple(
        _line(one, _state(one, newest, today, is_stopped=is_stopped), w) for one in reversed(overrides)
    )


def _state(one: Override, newest: Mapping[str, int], today: dt.date, *, is_stopped: bool) -> str:
    if one.withdrawn_at is not None:
        return "withdrawn"
    if not one.in_force(today):
        return "ended"
    if newest[one.kind] != one.override_id:
        return "replaced"
    return "stopped" if is_stopped else "in_force"


def _line(one: Override, state: str, w: Words) -> OverrideLine:
    own = one.own.get("limit_eur" if one.kind == "limit" else "grade")
    gone = None
    if one.withdrawn_at is not None:
        gone = w(
            "overriding.withdrawn_by",
            who=one.withdrawn_by,
            at=w.moment(one.withdrawn_at),
            reason=one.withdrawn_reason,
        )
    return OverrideLine(
        override_id=one.override_id,
        kind=w(f"overriding.{one.kind}"),
        value=_value(one.value, w),
        own=w("word.unknown") if own is None else _value(own, w),
        who=one.who,
        set_at=w.moment(one.created_at),
        until=w.day(one.valid_until),
        reason=one.reason,
        state=state,
        state_words=w(f"overriding.{state}"),
        withdrawn=gone,
        may_withdraw=state not in ("withdrawn", "ended"),
    )


def _value(value: float | str, w: Words) -> str:
    return value if isinstance(value, str) else w.eur(value)
