"""The forms that set or withdraw an override: read, sent on, faults reported.

Owns what is typed and the words of what the policy refuses. What may be set is the policy's, how it is kept
`serving.usecases.overrides`', and what the page shows of it `overrides`'.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, get_args

from pydantic import ValidationError

from models.errors import OverrideWithdrawnError, RefusedByPolicyError, UnknownOverrideError
from models.policy.grades import GRADES
from models.policy.overrides import most_settable_eur, override_faults
from serving.schemas.questions import MOST_EUR, OverrideIn
from serving.store import OverrideKind
from serving.web.forms import Typed

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from models.policy.document import Policy
    from serving.callers import Caller
    from serving.usecases.overrides import SetOverride, WithdrawOverride
    from serving.web.words import Words

KIND, NUMBER, WITHDRAW = "kind", "override_id", "withdraw"
"""Hidden fields: what a form is about, `withdraw` among it, and which override it takes back."""
KINDS: tuple[OverrideKind, ...] = get_args(OverrideKind)
_LONGEST_REASON = 1000
_LARGEST_NUMBER = 2**31 - 1


@dataclass(frozen=True, slots=True)
class OverrideForm:
    """What was typed and what is wrong with it, by field.

    Parameters
    ----------
    remark
        Message above the forms where no field is at fault; empty without one.
    """

    typed: Mapping[str, str]
    faults: Mapping[str, str]
    remark: str = ""

    @property
    def is_sound(self) -> bool:
        """Whether everything was done as it was asked."""
        return not self.faults and not self.remark


@dataclass(frozen=True, slots=True)
class OverrideBounds:
    """What may be set for one customer today.

    Parameters
    ----------
    most_eur
        The largest limit.
    grades
        The best first.
    first_day, last_day
        Between which days an override may end.
    """

    most_eur: float
    grades: tuple[str, ...]
    first_day: dt.date
    last_day: dt.date
    shortest_reason: int

    def outside(self, value: float | str | None, reason: str | None, until: dt.date | None) -> list[str]:
        """Return what lies outside, by field; what could not be read is at fault already."""
        worst = value > self.most_eur if isinstance(value, float) else value not in (None, *self.grades)
        short = reason is not None and len(" ".join(reason.split())) < self.shortest_reason
        far = until is not None and not self.first_day <= until <= self.last_day
        found = {"value": worst, "reason": short, "valid_until": far}
        return [name for name, is_outside in found.items() if is_outside]


def blank() -> OverrideForm:
    """Return the forms before anything is typed."""
    return OverrideForm({}, {})


def field(form: str, name: str) -> str:
    """Name a field of one of the page's forms, as one page has them all.

    Examples
    --------
    >>> field("limit", "reason"), field("withdraw-3", "reason")
    ('limit-reason', 'withdraw-3-reason')
    """
    return f"{form}-{name}"


def bounds_of(own: Mapping[str, Any], role: str, today: dt.date, policy: Policy) -> OverrideBounds:
    """Ask the policy what may be set.

    Parameters
    ----------
    own
        The model's answer, as its document.
    """

    def is_allowed(grade: str) -> bool:
        faults = override_faults("grade", grade, "", today, role, own, today, policy)
        return all(fault.field != "value" for fault in faults)

    rules = policy.overrides
    return OverrideBounds(
        most_eur=most_settable_eur(own, role, policy),
        grades=tuple(grade for grade in GRADES if is_allowed(grade)),
        first_day=today,
        last_day=today + dt.timedelta(days=rules.longest_days),
        shortest_reason=rules.shortest_reason,
    )


def send(
    customer_id: str,
    sent: Mapping[str, str],
    bounds: OverrideBounds,
    w: Words,
    caller: Caller,
    set_override: SetOverride,
    withdraw_override: WithdrawOverride,
) -> OverrideForm:
    """Execute a form, or report each fault next to its field.

    Raises
    ------
    RefusedByPolicyError
        The role may not, by the policy.
    """
    if sent.get(KIND) == WITHDRAW:
        return _withdraw(sent, bounds, w, caller, withdraw_override)
    typed, kind = Typed(sent, w), next((one for one in KINDS if one == sent.get(KIND)), KINDS[0])
    wish = _wish(customer_id, kind, typed, bounds, w)
    if wish is not None:
        try:
            set_override(customer_id, wish.kind, wish.value, wish.reason, wish.valid_until, caller)
        except RefusedByPolicyError as error:
            _tell(error, kind, typed, bounds, w)
            if not typed.faults:
                return OverrideForm(sent, {}, w("override.stopped"))
    return OverrideForm(sent, typed.faults)


def _wish(
    customer_id: str, kind: OverrideKind, typed: Typed, bounds: OverrideBounds, w: Words
) -> OverrideIn | None:
    """Read what is to be set; None where a field is at fault."""
    value: float | str | None
    if kind == "limit":
        value = typed.number(field(kind, "value"), 0, MOST_EUR, needed=True)
    else:
        value = typed.text(field(kind, "value"), 1, needed=True)
    reason = typed.text(field(kind, "reason"), _LONGEST_REASON, needed=True)
    until = typed.day(field(kind, "until"))
    if until is None:
        typed.wrong(field(kind, "until"), "missing")
    for name in bounds.outside(value, reason, until):
        _wrong(typed, kind, name, bounds, w)
    if typed.faults:
        return None
    try:
        return OverrideIn.model_validate(
            {"customer_id": customer_id, "kind": kind, "value": value, "reason": reason, "valid_until": until}
        )
    except ValidationError as error:
        for fault in error.errors():
            _wrong(typed, kind, str(fault["loc"][0]), bounds, w, reason="plain")
        return None


def _withdraw(
    sent: Mapping[str, str],
    bounds: OverrideBounds,
    w: Words,
    caller: Caller,
    withdraw_override: WithdrawOverride,
) -> OverrideForm:
    typed, number = Typed(sent, w), sent.get(NUMBER, "")
    name = field(f"{WITHDRAW}-{number}", "reason")
    reason = typed.text(name, _LONGEST_REASON, needed=True)
    is_number = number.isascii() and number.isdigit() and int(number[:11]) <= _LARGEST_NUMBER
    if not is_number:
        return OverrideForm(sent, {}, w("overriding.gone"))
    if reason is None:
        return OverrideForm(sent, typed.faults)
    try:
        withdraw_override(int(number), reason, caller)
    except (UnknownOverrideError, OverrideWithdrawnError):
        return OverrideForm(sent, {}, w("overriding.gone"))
    except RefusedByPolicyError as error:
        _raise_of_roles(error)
        typed.wrong(name, "reason", least=w.number(bounds.shortest_reason))
    return OverrideForm(sent, typed.faults)


def _raise_of_roles(error: RefusedByPolicyError) -> None:
    """Raise the error where the role may not at all: no field is at fault."""
    if any(name == "role" for name, _ in error.faults):
        raise error


def _tell(
    error: RefusedByPolicyError, kind: OverrideKind, typed: Typed, bounds: OverrideBounds, w: Words
) -> None:
    """Tell what the policy refuses in the person's words, each at its field."""
    _raise_of_roles(error)
    for name, _ in error.faults:
        if name in ("value", "reason", "valid_until"):
            _wrong(typed, kind, name, bounds, w)


def _wrong(
    typed: Typed, kind: OverrideKind, name: str, bounds: OverrideBounds, w: Words, reason: str = "reason"
) -> None:
    if name == "valid_until":
        until = field(kind, "until")
        typed.wrong(until, "days", first=w.day(bounds.first_day), last=w.day(bounds.last_day))
    elif name == "reason":
        typed.wrong(field(kind, name), reason, least=w.number(bounds.shortest_reason))
    elif kind == "grade":
        typed.wrong(field(kind, name), "grades", grades=", ".join(bounds.grades))
    else:
        typed.wrong(field(kind, name), "range", low=w.eur(0), high=w.eur(bounds.most_eur))
