"""One line of the worklist: the form of an action, what was done, and where the line is.

Owns what is typed and the words of its faults. What an action must carry is
`models.portfolio.collection_actions`', how it is kept `serving.usecases.worklist`'.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from models.errors import CollectionActionError
from models.portfolio.collection_actions import ACTION_KINDS
from serving.schemas.questions import MOST_EUR
from serving.web.forms import Typed

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from models.portfolio.collection_actions import CollectionAction, FollowUp
    from serving.callers import Caller
    from serving.store import WorklistEntry
    from serving.usecases.worklist import CollectionActions
    from serving.web.words import Words

_LONGEST_NOTE = 1000


@dataclass(frozen=True, slots=True)
class ActionForm:
    """What was typed and what is wrong with it, by field."""

    typed: Mapping[str, str]
    faults: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ActionView:
    """An action in words: what was done, by whom, and until when the line waits."""

    title: str
    by: str
    note: str | None


def blank_action(entry: WorklistEntry | None, until: dt.date) -> ActionForm:
    """Return the form before anything is typed: the likely kind, and the day of the next step."""
    is_claim = entry is not None and entry.row.tone in ("declare", "relief")
    return ActionForm({"kind": "declared" if is_claim else "call", "until": until.isoformat()}, {})


def send_action(
    customer_id: str, sent: Mapping[str, str], w: Words, caller: Caller, actions: CollectionActions
) -> ActionForm:
    """Record what a form says, or report each fault next to its field."""
    typed = Typed(sent, w)
    chosen = typed.choice("kind", ACTION_KINDS)
    kind = next(one for one in ACTION_KINDS if one == chosen)
    note = typed.text("note", _LONGEST_NOTE)
    until = typed.day("until")
    amount_eur = typed.number("amount_eur", 0, MOST_EUR) if kind == "promise" else None
    if not typed.faults:
        try:
            actions.record(customer_id, kind, caller, note=note, amount_eur=amount_eur, until=until)
        except CollectionActionError as error:
            for field, code, _ in error.faults:
                typed.wrong(field, f"action_{code}" if code in ("past", "amount") else code)
    return ActionForm(sent, typed.faults)


def action_views(actions: Sequence[CollectionAction], w: Words) -> list[ActionView]:
    """Return what was done in words, in the order given."""
    return [ActionView(_title(one, w), _by(one, w), one.note) for one in actions]


def state_words(found: FollowUp | None, w: Words) -> str:
    """Return where a line is, in words; empty where it is simply to be worked on."""
    if found is None or found.state == "open":
        return ""
    eur = w.eur(found.action.amount_eur, 2) if found.action.kind == "promise" else ""
    kind = "promise" if eur else "other"
    return w(f"collection.{found.state}_{kind}", day=w.day(found.until), eur=eur)


def _title(action: CollectionAction, w: Words) -> str:
    title = w(f"collection_action.{action.kind}")
    if action.kind == "promise":
        return w("collection.promised", eur=w.eur(action.amount_eur, 2), day=w.day(action.until))
    return title if action.until is None else w("collection.until", what=title, day=w.day(action.until))


def _by(action: CollectionAction, w: Words) -> str:
    return w("collection.by", who=action.who, at=w.moment(action.at))
