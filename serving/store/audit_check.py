"""The whole audit log read over: what of it can be proved, and where it was changed behind our back.

Owns the reading; what a seal and a link are is `audit`'s and `links`'s. The states that answers were computed
from are read too, and the forms that they fill in: each is kept under the hash of what it holds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from serving.store import audit, forms, versions
from serving.store.schema import AUDIT, KEPT_STATES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection, RowMapping

    from serving.store.links import AuditKeys

READ_AT_ONCE = 500
MOST_TOLD = 100
"""Faults that are told one by one; all are counted."""


@dataclass(frozen=True, slots=True)
class AuditFault:
    """One place where the log is not what was written.

    Parameters
    ----------
    what
        The entry's number, or the hash of a state.
    why
        `seal` where a column was changed; `broken` where the entry before was dropped, changed or moved, or
        this one put in between; `without_key` where it was written without the key that is in use; `newest`
        where the entry of an earlier check is not there as it was; `form` where the form that the answer
        fills in is gone or was changed, so that it cannot be read; `state` where a kept state was changed.
    """

    what: str
    why: str


@dataclass(frozen=True, slots=True)
class AuditCheck:
    """What reading the log found.

    Parameters
    ----------
    entries, states
        How many were read.
    keyed
        Entries whose link a key proves.
    plain
        Entries whose link is a plain hash.
    unlinked
        Entries of before there were links: their seals alone hold them.
    other_key
        Entries whose key is not given here: nothing can be said of their links.
    faults
        The first `MOST_TOLD` of them.
    newest
        Number and link of the newest entry; None in an empty log.
    """

    entries: int
    states: int
    keyed: int
    plain: int
    unlinked: int
    other_key: int
    fault_count: int
    faults: tuple[AuditFault, ...]
    newest: tuple[int, str] | None

    @property
    def sound(self) -> bool:
        """Whether no fault was found and every link could be read."""
        return not self.fault_count and not self.other_key


def check(connection: Connection, keys: AuditKeys, known: tuple[int, str] | None) -> AuditCheck:
    """Read the log and the kept states from the oldest on, in one transaction."""
    counted = dict.fromkeys(("keyed", "plain", "unlinked", "other_key"), 0)
    faults: list[AuditFault] = []
    read, fault_count, newest, stands = 0, 0, None, known is None
    before: str | None = None
    for row, is_readable in _entries(connection):
        verdict = keys.verdict(before, row["seal"], row["link"])
        why = None if is_readable else "form"
        why = verdict if verdict in audit.CHANGED else why
        why = "seal" if audit.seal(row) != row["seal"] else why
        if why is not None:
            fault_count += 1
            faults += [AuditFault(str(row["audit_id"]), why)][: MOST_TOLD - len(faults)]
        counted[_kind(verdict, row["link"])] += 1
        before, read, newest = row["link"], read + 1, (row["audit_id"], row["link"] or row["seal"])
        stands = stands or newest == known
    if not stands and known is not None:
        fault_count += 1
        faults.append(AuditFault(str(known[0]), "newest"))
    states, changed = _changed_states(connection)
    faults += changed[: max(MOST_TOLD - len(faults), 0)]
    return AuditCheck(read, states, **counted, fault_count=fault_count + len(changed), faults=tuple(faults),
                      newest=newest)  # fmt: skip


def _kind(verdict: str, link: str | None) -> str:
    if link is None:
        return "unlinked"
    if verdict == "other_key":
        return verdict
    return "plain" if link.startswith("plain:") else "keyed"


def _entries(connection: Connection) -> Iterator[tuple[RowMapping, bool]]:
    """Return each entry, and whether its answer can be read."""
    after = 0
    while True:
        query = select(AUDIT).where(AUDIT.c.audit_id > after).order_by(AUDIT.c.audit_id).limit(READ_AT_ONCE)
        rows = connection.execute(query).mappings().all()
        kept = forms.sound(connection, [row["answer"] for row in rows])
        yield from ((row, forms.is_readable(row["answer"], kept)) for row in rows)
        if len(rows) < READ_AT_ONCE:
            return
        after = rows[-1]["audit_id"]


def _changed_states(connection: Connection) -> tuple[int, list[AuditFault]]:
    """Return how many states are kept, and those that are not what their hash says."""
    read, after = 0, ""
    found: list[AuditFault] = []
    while True:
        key = KEPT_STATES.c.state_hash
        query = select(KEPT_STATES).where(key > after).order_by(key).limit(READ_AT_ONCE)
        rows = connection.execute(query).mappings().all()
        changed = (row["state_hash"] for row in rows if not versions.is_state_sound(row))
        found += [AuditFault(state_hash, "state") for state_hash in changed]
        read += len(rows)
        if len(rows) < READ_AT_ONCE:
            return read, found
        after = rows[-1]["state_hash"]
