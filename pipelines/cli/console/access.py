"""Console output of the commands on keys, users and overrides."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.box import SIMPLE
from rich.table import Table

from pipelines.cli.console import console
from pipelines.cli.console.marking import escape

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from serving.store import ApiKey, Override, User


def api_keys(found: Sequence[ApiKey], now: dt.datetime) -> None:
    """Print keys without their secrets."""
    table = Table("name", "role", "made", "last used", "until", "", box=SIMPLE, pad_edge=False)
    for key in found:
        table.add_row(escape(key.name), key.role, _moment(key.created_at),
                      "" if key.last_used_on is None else key.last_used_on.isoformat(),
                      _moment(key.expires_at), _standing(key, now))  # fmt: skip
    console.show(table)


def users(found: Sequence[User]) -> None:
    """Print users."""
    table = Table("name", "role", "added", "password of", "disabled", box=SIMPLE, pad_edge=False)
    for user in found:
        table.add_row(escape(user.name), user.role, _moment(user.created_at),
                      _moment(user.password_changed_at), _moment(user.disabled_at))  # fmt: skip
    console.show(table)


def overrides(found: Sequence[Override], today: dt.date) -> None:
    """Print the history of overrides next to the model's answers, the newest last."""
    if not found:
        console.say("no override was set yet")
        return
    for one in found:
        own = one.own.get("limit_eur" if one.kind == "limit" else "grade")
        console.say(
            f"{one.override_id}  {one.customer_id}: {worth(one.value)} until {one.valid_until}, "
            f"{_standing_of(one, today)}"
        )
        console.say(f"   the model said {worth(own)}; {one.who}: {one.reason}")
        if one.withdrawn_at is not None:
            console.say(f"   {one.withdrawn_by} on {one.withdrawn_at:%Y-%m-%d}: {one.withdrawn_reason}")


def worth(value: object) -> str:
    """Format a limit in euros or a grade."""
    return f"{value:,.0f} EUR" if isinstance(value, int | float) else str(value or "")


def _standing_of(one: Override, today: dt.date) -> str:
    if one.withdrawn_at is not None:
        return "withdrawn"
    return "in force" if one.in_force(today) else "over"


def _standing(key: ApiKey, now: dt.datetime) -> str:
    if key.revoked_at is not None:
        return f"revoked {_moment(key.revoked_at)}"
    if key.expires_at is not None and key.expires_at <= now:
        return "expired"
    return "rotated" if key.rotated_at is not None else ""


def _moment(moment: dt.datetime | None) -> str:
    return "" if moment is None else f"{moment:%Y-%m-%d %H:%M}"
