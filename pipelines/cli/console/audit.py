"""Console output of `encours audit verify`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.cli.console import console

if TYPE_CHECKING:
    from serving.store import AuditCheck

WHY = {
    "seal": "its columns are not those that were written",
    "broken": "the entry before it was changed, dropped or moved, or this one was put in between",
    "without_key": "it was written without the key of the entries before it",
    "newest": "it does not stand there as at the earlier check: the log was cut or written anew",
    "form": "what its answer shares with others about the same customer is gone or was changed",
    "state": "the data that answers were computed from were changed",
    "state_gone": "the data that answers were computed from are gone",
    "row_changed": "it was changed after it was written",
    "row_gone": "it was written and is gone",
    "row_without_seal": "it was put in behind the program's back",
}


def checked(found: AuditCheck) -> None:
    """Print what the log proves, each fault, and the values to keep for the next check."""
    console.say(
        f"{found.entries} entries, {found.states} kept states and {found.seals} seals of policies, models, "
        "overrides, promotions, users and keys read"
    )
    for count, told in (
        (found.keyed, "held by the key"),
        (found.plain, "held by a plain hash: set ENCOURS_AUDIT_KEY so that new ones are held by a key"),
        (found.unlinked, "older than the links: held by their seals alone"),
        (found.other_key, "under a key that ENCOURS_AUDIT_KEY does not hold: nothing can be said of them"),
    ):
        if count:
            console.say(f"  {count} {told}")
    for fault in found.faults:
        console.say(f"{fault.what}: {WHY[fault.why]}")
    if found.fault_count > len(found.faults):
        console.say(f"and {found.fault_count - len(found.faults)} more")
    console.say("the log is as it was written" if found.sound else "the log cannot be relied on")
    places = (found.newest, found.newest_seal)
    if any(places):
        console.say("keep this elsewhere, for `encours audit verify --newest`:")
        console.say("/".join("" if place is None else f"{place[0]}:{place[1]}" for place in places))
