"""Verification of the whole audit log: which entries are proved, and which were modified.

Owns the reading; `audit` and `hash_chain` define seals and links. The inputs of answers are verified too, and
the templates of earlier versions: each is stored under the hash of its content, which the entry references.
Overrides, promotions, models, policies, users and keys are verified against their seals (`seals`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from serving.store import answer_templates, audit, versions
from serving.store import seals as sealing
from serving.store.schema import AUDIT, KEPT_STATES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection, RowMapping

    from serving.store.hash_chain import AuditKeys

RowPosition = tuple[int, str]
"""Number and link of an entry or of a seal."""
READ_AT_ONCE = 500
MOST_TOLD = 100
"""Number of faults reported one by one; all are counted."""


@dataclass(frozen=True, slots=True)
class AuditFault:
    """A modification of the log.

    Parameters
    ----------
    what
        The entry's number, the hash of a state, "seal" and its number, or what a row is and its key.
    why
        `seal` where a column was changed; `broken` where the entry before was dropped, changed or moved, or
        this one put in between; `without_key` where it was written without the key that is in use; `newest`
        where the entry of an earlier check is not there as it was; `form` where the template of an answer
        of an earlier version is gone or was changed, so that it cannot be read; `state` where a state was
        changed, `state_gone` where it is not there; `row_changed`, `row_gone` and `row_without_seal` where an
        override, a promotion, a model, a policy, a user or a key was edited, dropped or put in.
    """

    what: str
    why: str


@dataclass(frozen=True, slots=True)
class AuditCheck:
    """Result of a verification of the log.

    Parameters
    ----------
    entries, states, seals
        Numbers of rows read.
    keyed
        Entries whose link is proved by a key.
    plain
        Entries whose link is a plain hash.
    unlinked
        Entries of before there were links: their seals alone hold them.
    other_key
        Entries and seals with a key that is not configured: their links cannot be verified.
    faults
        The first `MOST_TOLD` of them.
    newest, newest_seal
        Number and link of the newest entry, and of the newest seal of a row; None without any.
    """

    entries: int
    states: int
    seals: int
    keyed: int
    plain: int
    unlinked: int
    other_key: int
    fault_count: int
    faults: tuple[AuditFault, ...]
    newest: RowPosition | None
    newest_seal: RowPosition | None

    @property
    def sound(self) -> bool:
        """Whether there is no fault and every link was verified."""
        return not self.fault_count and not self.other_key


class _Found:
    """Collected faults: all are counted, the first are reported."""

    def __init__(self) -> None:
        self.count = 0
        self.told: list[AuditFault] = []

    def add(self, what: str, why: str) -> None:
        self.count += 1
        if len(self.told) < MOST_TOLD:
            self.told.append(AuditFault(what, why))


def check(
    connection: Connection, keys: AuditKeys, known: RowPosition | None, known_seal: RowPosition | None = None
) -> AuditCheck:
    """Verify the log, the stored states and the sealed rows from the oldest on, in one transaction."""
    counted = dict.fromkeys(("keyed", "plain", "unlinked", "other_key"), 0)
    faults, states = _Found(), set[str]()
    read, newest, stands = 0, None, known is None
    before: str | None = None
    for row, is_readable in _entries(connection):
        verdict = keys.verdict(before, row["seal"], row["link"])
        why = None if is_readable else "form"
        why = verdict if verdict in audit.CHANGED else why
        why = "seal" if audit.seal(row) != row["seal"] else why
        if why is not None:
            faults.add(str(row["audit_id"]), why)
        counted[_kind(verdict, row["link"])] += 1
        before, read, newest = row["link"], read + 1, (row["audit_id"], row["link"] or row["seal"])
        stands = stands or newest == known
        if row["state_hash"] is not None:
            states.add(row["state_hash"])
    if not stands and known is not None:
        faults.add(str(known[0]), "newest")
    n_states = _check_states(connection, states, faults)
    seals = _check_seals(connection, keys, known_seal, faults)
    counted["other_key"] += sum(verdict == "other_key" for _, verdict in seals.links)
    return AuditCheck(read, n_states, seals.total, **counted, fault_count=faults.count,
                      faults=tuple(faults.told), newest=newest, newest_seal=seals.newest)  # fmt: skip


def _check_seals(
    connection: Connection, keys: AuditKeys, known: RowPosition | None, faults: _Found
) -> sealing.Seals:
    """Verify the sealed rows against their seals."""
    seals = sealing.read_seals(connection, keys, known)
    for number, verdict in seals.links:
        if verdict in audit.CHANGED:
            faults.add(f"seal {number}", verdict)
    if not seals.stands and known is not None:
        faults.add(f"seal {known[0]}", "newest")
    for bad in sealing.bad_rows(connection, seals.latest):
        faults.add(bad.what, bad.why)
    return seals


def _kind(verdict: str, link: str | None) -> str:
    if link is None:
        return "unlinked"
    if verdict == "other_key":
        return verdict
    return "plain" if link.startswith("plain:") else "keyed"


def _entries(connection: Connection) -> Iterator[tuple[RowMapping, bool]]:
    """Yield each entry, and whether its answer is readable."""
    after = 0
    while True:
        query = select(AUDIT).where(AUDIT.c.audit_id > after).order_by(AUDIT.c.audit_id).limit(READ_AT_ONCE)
        rows = connection.execute(query).mappings().all()
        kept = answer_templates.sound(connection, [row["answer"] for row in rows])
        yield from ((row, answer_templates.is_readable(row["answer"], kept)) for row in rows)
        if len(rows) < READ_AT_ONCE:
            return
        after = rows[-1]["audit_id"]


def _check_states(connection: Connection, named: set[str], faults: _Found) -> int:
    """Report states that do not match their hash, and missing states that entries reference.

    Parameters
    ----------
    named
        The hashes that entries name; emptied of those that are there.

    Returns
    -------
        Number of stored states.
    """
    read, after = 0, ""
    while True:
        key = KEPT_STATES.c.state_hash
        query = select(KEPT_STATES).where(key > after).order_by(key).limit(READ_AT_ONCE)
        rows = connection.execute(query).mappings().all()
        for row in rows:
            named.discard(row["state_hash"])
            if not versions.is_state_sound(connection, row):
                faults.add(row["state_hash"], "state")
        read += len(rows)
        if len(rows) < READ_AT_ONCE:
            break
        after = rows[-1]["state_hash"]
    for state_hash in sorted(named):
        faults.add(state_hash, "state_gone")
    return read
