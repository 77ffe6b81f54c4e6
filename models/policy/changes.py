"""What differs between two policies, key by key, and the old policy with one key of the new at a time.

Owns the differences of values; what they do to customers is `pipelines.monitoring.policy_comparison`'s.
"""

from __future__ import annotations

import copy
import tomllib
from typing import TYPE_CHECKING, Any

from models.policy.document import policy_between
from models.policy.reading import flatten

if TYPE_CHECKING:
    from collections.abc import Mapping

    from models.policy.document import Policy
    from models.policy.toml_lines import Path


def changed_keys(old_text: str, new_text: str) -> tuple[str, ...]:
    r"""Return the dotted keys whose values differ, in the order of the new text; a list is one key.

    Parameters
    ----------
    old_text, new_text
        Two valid policies.

    Examples
    --------
    >>> changed_keys("a = 1\n[t]\nb = [1, 2]", "a = 1\n[t]\nb = [1, 3]")
    ('t.b',)
    """
    return tuple(_changed(tomllib.loads(old_text), tomllib.loads(new_text)))


def single_changes(old_text: str, new_text: str) -> dict[str, Policy]:
    """Return the old policy with one changed key of the new one at a time, by that key."""
    old, new = tomllib.loads(old_text), tomllib.loads(new_text)
    return {key: policy_between(_with_one(old, new, path)) for key, path in _changed(old, new).items()}


def _changed(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Path]:
    before = {key: value for key, path, value in flatten(old) if _whole(path)}
    after = {key: (path, value) for key, path, value in flatten(new) if _whole(path)}
    gone = {key: path for key, path, _ in flatten(old) if _whole(path) and key not in after}
    differs = {key: path for key, (path, value) in after.items() if key not in before or before[key] != value}
    return differs | gone


def _whole(path: Path) -> bool:
    """Tell whether a key stands outside lists: a list changes as one."""
    return all(isinstance(part, str) for part in path)


def _with_one(old: Mapping[str, Any], new: Mapping[str, Any], path: Path) -> dict[str, Any]:
    values = copy.deepcopy(dict(old))
    into: Any = values
    source: Any = new
    for part in path[:-1]:
        into = into.setdefault(part, {})
        source = source.get(part, {})
    if path[-1] in source:
        into[path[-1]] = copy.deepcopy(source[path[-1]])
    else:
        del into[path[-1]]
    return values
