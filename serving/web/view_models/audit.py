"""The audit log as a page shows it: what is searched, a line an entry, a verification, a replay."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from serving.store import AuditFilter
from serving.web.forms import Typed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from serving.store import AuditCheck, AuditEntry
    from serving.usecases.replay import Replay
    from serving.web.words import Words

_ANSWER_ID = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class AuditForm:
    """What was typed, and what is wrong with it, by field."""

    typed: Mapping[str, str]
    faults: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class AuditSearch:
    """What is asked of the log.

    Parameters
    ----------
    answer_id
        The one entry that is asked for; None without.
    """

    form: AuditForm
    about: AuditFilter
    answer_id: str | None


@dataclass(frozen=True, slots=True)
class EntryLine:
    """One entry.

    Parameters
    ----------
    sound
        Whether it is as it was written, as far as the entry itself tells.
    """

    answer_id: str
    at: str
    who: str
    role: str
    via: str
    action: str
    customer_id: str | None
    sound: bool


@dataclass(frozen=True, slots=True)
class CheckView:
    """A verification of the log: what it proves, and each fault.

    Parameters
    ----------
    newest
        What to keep elsewhere for `encours audit verify --newest`; empty for an empty log.
    """

    sound: bool
    read: str
    proofs: tuple[str, ...]
    faults: tuple[str, ...]
    newest: str


@dataclass(frozen=True, slots=True)
class ReplayView:
    """What came of computing an answer again: sentences, then each value before and after."""

    equal: bool
    sentences: tuple[str, ...]
    differences: tuple[tuple[str, str, str], ...]


def search_of(typed: Mapping[str, str], w: Words) -> AuditSearch:
    """Read the form of the search; days are of UTC, both included."""
    form = Typed(typed, w)
    since, until = form.day("since"), form.day("until")
    answer_id = form.text("answer")
    if answer_id is not None and not _ANSWER_ID.fullmatch(answer_id):
        form.wrong("answer", "answer_id")
        answer_id = None
    about = AuditFilter(
        form.text("customer"),
        form.text("who"),
        form.text("action"),
        None if since is None else _midnight(since),
        None if until is None else _midnight(until + dt.timedelta(days=1)),
    )
    return AuditSearch(AuditForm(typed, form.faults), about, answer_id)


def entry_line(entry: AuditEntry, w: Words) -> EntryLine:
    """Make the line of an entry."""
    return EntryLine(
        entry.answer_id,
        w.moment(entry.at),
        entry.who,
        w("audit.system") if entry.role == "system" else w(f"role.{entry.role}"),
        w(f"via.{entry.via}"),
        entry.action,
        entry.customer_id,
        entry.sound,
    )


def check_view(check: AuditCheck, w: Words) -> CheckView:
    """Make the view of a verification."""
    counts = {name: w.number(getattr(check, name)) for name in ("entries", "states", "seals")}
    proofs = ("keyed", "plain", "unlinked", "other_key")
    more = check.fault_count - len(check.faults)
    faults = [f"{one.what}{w('word.colon')}{w(f'audit_fault.{one.why}')}" for one in check.faults]
    places = (check.newest, check.newest_seal)
    return CheckView(
        check.sound,
        w("audit.read", **counts),
        tuple(
            w(f"audit.{name}", count=w.number(count)) for name in proofs if (count := getattr(check, name))
        ),
        (*faults, *([w("audit.more", count=w.number(more))] if more > 0 else [])),
        "/".join("" if one is None else f"{one[0]}:{one[1]}" for one in places) if any(places) else "",
    )


def replay_view(again: Replay, w: Words) -> ReplayView:
    """Make the view of a replay."""
    rows = tuple((one.path, str(one.then), str(one.now)) for one in again.differences)
    return ReplayView(bool(again.equal), tuple(again.document()[f"why_{w.language}"]), rows)


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), dt.UTC)
