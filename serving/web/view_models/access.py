"""Users with their sessions, and keys of programs: a line each, with what may be done to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from serving.store import ROLES

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from serving.store import ApiKey, Session, User
    from serving.web.words import Words


@dataclass(frozen=True, slots=True)
class UserLine:
    """A user.

    Parameters
    ----------
    sessions
        How many sessions are open.
    last_seen
        When one was last used, in words; empty where none is open.
    mine
        Whether it is who asks: nobody takes away their own access.
    """

    name: str
    role: str
    role_words: str
    created: str
    password_changed: str
    disabled: str
    sessions: int
    last_seen: str
    mine: bool


@dataclass(frozen=True, slots=True)
class KeyLine:
    """A key of a program; `state` is active, rotated, expired or revoked."""

    name: str
    role_words: str
    created: str
    last_used: str
    expires: str
    state: str
    state_words: str

    @property
    def is_active(self) -> bool:
        """Whether the key may be rotated."""
        return self.state == "active"

    @property
    def opens(self) -> bool:
        """Whether the key opens anything, so that it may be revoked."""
        return self.state in ("active", "rotated")


def user_lines(users: Sequence[User], sessions: Sequence[Session], me: str, w: Words) -> tuple[UserLine, ...]:
    """Make the lines, those who may sign in first."""
    lines = []
    for one in sorted(users, key=lambda user: (user.disabled_at is not None, user.name)):
        theirs = [session for session in sessions if session.name == one.name]
        lines.append(
            UserLine(
                one.name,
                one.role,
                w(f"role.{one.role}"),
                w.day(one.created_at.date()),
                w.day(one.password_changed_at.date()),
                "" if one.disabled_at is None else w.day(one.disabled_at.date()),
                len(theirs),
                w.moment(max(session.seen_at for session in theirs)) if theirs else "",
                one.name == me,
            )
        )
    return tuple(lines)


def key_lines(keys: Sequence[ApiKey], now: dt.datetime, w: Words) -> tuple[KeyLine, ...]:
    """Make the lines, those that open something first, the newest first among alike."""
    lines = [(_key_state(one, now), one) for one in reversed(keys)]
    order = ("active", "rotated", "expired", "revoked")
    return tuple(
        KeyLine(
            one.name,
            w(f"role.{one.role}"),
            w.day(one.created_at.date()),
            w("access.never") if one.last_used_on is None else w.day(one.last_used_on),
            w("access.no_end") if one.expires_at is None else w.moment(one.expires_at),
            state,
            w(f"key_state.{state}"),
        )
        for state, one in sorted(lines, key=lambda line: order.index(line[0]))
    )


def roles(w: Words) -> tuple[tuple[str, str], ...]:
    """Return the roles to choose from, each with its words."""
    return tuple((role, w(f"role.{role}")) for role in ROLES)


def _key_state(key: ApiKey, now: dt.datetime) -> str:
    if key.revoked_at is not None:
        return "revoked"
    if key.expires_at is not None and key.expires_at <= now:
        return "expired"
    return "active" if key.rotated_at is None else "rotated"
