"""Changes of the policy: examined, proposed, and put in force, by a second person where the policy wants one.

What a policy may hold is `models.policy.document`'s; what it does to customers `models.portfolio`'s. The file
that `ENCOURS_POLICY_PATH` names stays the policy: a change that is put in force replaces it, and every server
process takes it into service within seconds.
"""

from __future__ import annotations

import difflib
import os
import tempfile
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from models.errors import PolicyChangeError, PolicyError, UnknownPolicyChangeError
from models.policy.changes import changed_keys, single_changes
from models.policy.credit_case import case_of
from models.policy.document import policy_faults, policy_from_text, policy_text
from models.portfolio.policy_comparison import compare_policies
from serving.audit.entries import entry_of
from serving.store.policy_changes import PolicyChange

if TYPE_CHECKING:
    from collections.abc import Callable

    from models.policy.document import Policy
    from models.policy.faults import PolicyFault
    from models.portfolio.policy_comparison import PolicyComparison
    from models.wording.formats import Language
    from serving.callers import Caller
    from serving.store import Store

MOST_COMPARED = 20_000
"""Customers that a comparison takes, the first ones by number: a page waits for it."""
SHORTEST_REASON = 10
LONGEST_TEXT = 200_000


@dataclass(frozen=True, slots=True)
class PolicyExamination:
    """What a changed text of the policy is and would do.

    Parameters
    ----------
    faults
        Each by its line and key; the rest is empty where there are some.
    difference
        Lines of a unified diff.
    comparison
        Who would change, on the last night's portfolio; None where nothing is published.
    is_whole
        Whether all customers were compared.
    """

    faults: tuple[PolicyFault, ...]
    difference: tuple[str, ...] = ()
    comparison: PolicyComparison | None = None
    is_whole: bool = True


@dataclass(frozen=True, slots=True)
class ChangePolicy:
    """Examine, propose, confirm and withdraw changes of the policy.

    Parameters
    ----------
    store
        Opens the store, or raises `StoreError`.
    path
        The policy's file; None for the packaged policy, which cannot be changed.
    """

    store: Callable[[], Store]
    path: Path | None

    @property
    def can_change(self) -> bool:
        """Whether the policy is a file of one's own."""
        return self.path is not None

    def text(self) -> str:
        """Return the text of the policy in force.

        Raises
        ------
        PolicyError
            The file cannot be read.
        """
        return policy_text(self.path)

    def examine(self, text: str, language: Language, before: str | None = None) -> PolicyExamination:
        """Tell what a text is and would do in place of the policy in force.

        Parameters
        ----------
        before
            The text to compare with; that in force by default.
        """
        before = self.text() if before is None else before
        faults = policy_faults(text, "policy.toml", language)
        if faults:
            return PolicyExamination(faults)
        lines = (before.splitlines(), text.splitlines())
        difference = tuple(difflib.unified_diff(*lines, "", "", lineterm="", n=2))[2:]
        store = self.store()
        if store.current_run() is None:
            return PolicyExamination((), difference)
        policies = policy_from_text(before, "policy.toml"), policy_from_text(text, "policy.toml")
        cases = ((who, answer["party"]["name"], case_of(answer)) for who, answer in store.assessments())
        keys = changed_keys(before, text)
        alone = single_changes(before, text) if len(keys) > 1 else {}
        found = compare_policies(islice(cases, MOST_COMPARED), *policies, keys, alone)
        return PolicyExamination((), difference, found, is_whole=next(cases, None) is None)

    def propose(self, text: str, reason: str, caller: Caller) -> PolicyChange:
        """Propose a change; it is put in force at once where the policy in force wants no second person.

        Raises
        ------
        PolicyError
            The text is no policy.
        PolicyChangeError
            It changes nothing, or has no version or no reason of its own, or the policy cannot be changed.
        """
        path = self._path()
        before, after = self._in_force(), policy_from_text(text, "policy.toml")
        if before.hash == after.hash:
            raise PolicyChangeError("the proposed policy is the one in force")
        if before.version == after.version:
            raise PolicyChangeError(f"the version is still {after.version!r}; give the policy another one")
        if len(reason.strip()) < SHORTEST_REASON:
            raise PolicyChangeError(f"give a reason of at least {SHORTEST_REASON} characters")
        change = PolicyChange(before.hash, after.hash, text, reason.strip(), caller.name)
        hashes = {"before": before.hash, "after": after.hash}
        question = {**hashes, "version": after.version, "reason": change.reason}
        entry = entry_of(caller, "policy", question, {"event": "proposed"})
        kept = self.store().propose_policy(change, entry)
        return kept if before.gate.two_persons else self._put_in_force(kept, path, caller)

    def confirm(self, change_id: int, caller: Caller) -> PolicyChange:
        """Put a proposed change in force.

        Raises
        ------
        UnknownPolicyChangeError
            There is none.
        PolicyChangeError
            It was closed, who proposed it confirms it, or the policy has changed since.
        """
        change, path = self.find(change_id), self._path()
        if self._in_force().gate.two_persons and caller.name == change.who:
            raise PolicyChangeError("the policy wants a second person to put your change in force")
        return self._put_in_force(change, path, caller)

    def withdraw(self, change_id: int, reason: str, caller: Caller) -> PolicyChange:
        """Drop a proposed change; `PolicyChangeError` where it was closed already."""
        change = self.find(change_id)
        self._require_open(change)
        entry = entry_of(caller, "policy", {"withdraws": change_id, "reason": reason}, {"event": "withdrawn"})
        return self.store().close_policy_change(change_id, "withdrawn", caller.name, reason, entry)

    def find(self, change_id: int) -> PolicyChange:
        """Return a proposed change; `UnknownPolicyChangeError` where there is none."""
        found = self.store().policy_change(change_id)
        if found is None:
            raise UnknownPolicyChangeError(f"there is no policy change {change_id}")
        return found

    def history(self) -> tuple[PolicyChange, ...]:
        """Return all proposed changes, the newest first."""
        return self.store().policy_changes()

    def _put_in_force(self, change: PolicyChange, path: Path, caller: Caller) -> PolicyChange:
        self._require_open(change)
        if self._in_force().hash != change.before_hash:
            raise PolicyChangeError("the policy has changed since; propose the change again")
        entry = entry_of(caller, "policy", {"confirms": change.change_id}, {"event": "confirmed"})
        draft = _written_beside(path, change.text)
        try:
            # Closed first: of two who confirm at once, one is refused before the file changes.
            closed = self.store().close_policy_change(
                change.change_id, "confirmed", caller.name, change.reason, entry
            )
            draft.replace(path)
        finally:
            draft.unlink(missing_ok=True)
        return closed

    @staticmethod
    def _require_open(change: PolicyChange) -> None:
        if change.closed is not None:
            raise PolicyChangeError(f"the change was closed by {change.closed_by} already")

    def _in_force(self) -> Policy:
        return policy_from_text(self.text(), "policy.toml")

    def _path(self) -> Path:
        if self.path is None:
            raise PolicyChangeError(
                "the packaged policy stays; name a file of your own by ENCOURS_POLICY_PATH"
            )
        return self.path


def _written_beside(path: Path, text: str) -> Path:
    """Write a file that is to replace another one, and return it.

    Raises
    ------
    PolicyError
        It cannot be written.
    """
    try:
        with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=path.parent, delete=False) as draft:
            draft.write(text)
            draft.flush()
            os.fsync(draft.fileno())
        found = Path(draft.name)
        found.chmod(path.stat().st_mode & 0o777)
    except OSError as error:
        raise PolicyError(f"{path.name} cannot be written: {error.strerror}") from error
    return found
