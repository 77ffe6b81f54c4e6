"""A credit limit with its working: every term with what it was computed from, and the one that binds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from serving.web.words import Words


@dataclass(frozen=True, slots=True)
class TermView:
    """One term: its value as it is written, and its inputs as pairs of a label and a figure."""

    label: str
    figure: str
    known: bool
    binds: bool
    inputs: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class SetBy:
    """Who set something in the model's place, until when, and why."""

    who: str
    until: str
    reason: str


@dataclass(frozen=True, slots=True)
class LimitView:
    """The limit in force next to the model's own, and its computation.

    Parameters
    ----------
    own_eur
        The limit that the policy gives; 0 means prepayment.
    in_force_eur
        What applies: an override where there is one and no stop holds, else the same.
    binding
        The label of the term that binds.
    set_by
        Who set the limit in force; None where the policy's own applies.
    stopped
        Whether a stop keeps an override from applying.
    """

    own_eur: float
    in_force_eur: float
    binding: str
    valid_until: str
    terms: tuple[TermView, ...]
    set_by: SetBy | None = None
    stopped: bool = False


def limit_view(document: Mapping[str, Any], w: Words, in_force: Mapping[str, Any] | None = None) -> LimitView:
    """Make the view of a limit's document.

    Parameters
    ----------
    in_force
        `models.policy.overrides.InForce.document()`; without it nothing was set in its place.
    """
    terms = tuple(term_view(term, document["binding"], w) for term in document["terms"])
    own_eur = float(document["limit_eur"])
    is_set = in_force is not None and in_force["limit_from"] == "override"
    return LimitView(
        own_eur,
        in_force["limit_eur"] if in_force is not None and is_set else own_eur,
        next((term.label for term in terms if term.binds), document["binding"]),
        document["valid_until"],
        # What binds first, then what is known: the rest did not apply.
        tuple(sorted(terms, key=lambda term: (not term.binds, not term.known))),
        set_by(in_force, "limit", "grade") if in_force is not None and is_set else None,
        in_force is not None and in_force["limit_from"] == "stop",
    )


def set_by(in_force: Mapping[str, Any], *kinds: str) -> SetBy | None:
    """Return who set what is in force: the newest override of the first kind that there is."""
    for kind in kinds:
        found = [one for one in in_force["overrides"] if one["kind"] == kind]
        if found:
            newest = found[-1]
            return SetBy(newest["who"], newest["valid_until"], newest["reason"])
    return None


def term_view(document: Mapping[str, Any], binding: str, w: Words) -> TermView:
    """Make the view of one term."""
    value = document["value_eur"]
    return TermView(
        w.either(document["label_fr"], document["label_en"]),
        w("working.not_applied") if value is None else w.eur(value),
        value is not None,
        document["name"] == binding,
        tuple((input_label(name, w), input_figure(name, figure, w)) for name, figure in
              document["inputs"].items()),
    )  # fmt: skip


def input_label(name: str, w: Words) -> str:
    """Name an input; one without a text has its own name."""
    key = f"input.{name}"
    return w(key) if key in w.texts else name.replace("_", " ")


def input_figure(name: str, value: float | None, w: Words) -> str:
    """Write an input by the unit that its name carries."""
    if name in FLAGS:
        return w.flag(value)
    if name.endswith("_eur"):
        return w.eur(value)
    if name.endswith("_share") or name.startswith(("pd_", "p_late")):
        return w.share(value)
    if name.endswith("_days") or name.startswith("expected_days"):
        return w.days(value)
    is_count = value is not None and float(value).is_integer()
    return w.number(value, 0 if is_count else 2)


FLAGS = frozenset({"open_proceeding", "in_default", "entity_in_default", "closed", "natural_person"})
"""Inputs that are 1 or 0, shown as yes or no."""
