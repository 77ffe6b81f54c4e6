"""Differences between two policies: the changed keys, and each change applied alone.

Owns the differences of values; what they do to customers is `models.portfolio.policy_comparison`'s.
"""

from __future__ import annotations

import copy
import tomllib
from typing import TYPE_CHECKING, Any

from models.policy.document import policy_between
from models.policy.toml_lines import key_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from models.policy.document import Policy
    from models.policy.toml_lines import Path


def changed_keys(old_text: str, new_text: str) -> tuple[str, ...]:
    r"""Return the dotted keys whose values differ, in the order of the new text.

    A list is one key, and so is a table that one of both texts lacks.

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
    """Return, by changed key, the old policy with that change alone applied."""
    old, new = tomllib.loads(old_text), tomllib.loads(new_text)
    return {key: policy_between(_with_one(old, new, path)) for key, path in _changed(old, new).items()}


def leaves(values: Mapping[str, Any], above: Path = ()) -> dict[Path, Any]:
    """Return the values of nested tables by their paths; a list is one value.

    Examples
    --------
    >>> leaves({"a": 1, "t": {"b": [1, 2]}})
    {('a',): 1, ('t', 'b'): [1, 2]}
    """
    by_path: dict[Path, Any] = {}
    for key, value in values.items():
        path = (*above, key)
        by_path |= leaves(value, path) if isinstance(value, dict) and value else {path: value}
    return by_path


def _changed(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Path]:
    """Return the paths of what differs, by key; a table that one of both lacks differs as a whole."""
    before, after = leaves(old), leaves(new)
    differs = [path for path in after if path not in before or before[path] != after[path]]
    gone = [path for path in before if path not in after]
    paths = [_common(path, old) for path in differs] + [_common(path, new) for path in gone]
    return {key_of(path): path for path in paths}


def _common(path: Path, other: Mapping[str, Any]) -> Path:
    """Return a path cut at the first table that the other values lack."""
    into: Any = other
    for size, part in enumerate(path, start=1):
        if not isinstance(into, dict) or part not in into:
            return path[:size]
        into = into[part]
    return path


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
