"""Changes of hyperparameters: in memory, as lines to paste, or in `params.yaml`, preserving the rest.

The file is edited by people: comments and order are preserved by editing lines, and the result is parsed
again before it replaces the file. `params` defines the contents.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from models.errors import ModelError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from pipelines.training.params import Params

INDENT = "  "


def changed(params: Params, section: str, values: Mapping[str, float]) -> Params:
    """Return parameters with some of a section's values changed.

    Raises
    ------
    ValueError
        A value is out of its range; those of a search never are.
    """
    before = getattr(params, section)
    after = type(before).model_validate({**before.model_dump(), **values})
    return params.model_copy(update={section: after})


def lines_of(section: str, values: Mapping[str, float]) -> str:
    r"""Return a section in the format of `params.yaml`.

    Examples
    --------
    >>> lines_of("late", {"num_leaves": 9})
    'late:\n  num_leaves: 9\n'
    """
    return f"{section}:\n" + "".join(_line(INDENT, key, value) + "\n" for key, value in values.items())


def write_params(path: Path, section: str, values: Mapping[str, float]) -> None:
    """Change or add values in a file of hyperparameters; create the file if missing.

    Raises
    ------
    ModelError
        The file's layout cannot be edited line by line, or it cannot be read or written.
    """
    try:
        before = path.read_text(encoding="utf-8") if path.is_file() else ""
        after = with_values(before, section, values)
        fresh = path.with_name(f"{path.name}.new")
        fresh.write_text(after, encoding="utf-8")
        fresh.replace(path)
    except OSError as error:
        raise ModelError(
            f"{path} cannot be changed: {error}; paste instead:\n{lines_of(section, values)}"
        ) from error


def with_values(text: str, section: str, values: Mapping[str, float]) -> str:
    """Return a file's text with some of a section's values changed or added.

    Raises
    ------
    ModelError
        The text is not YAML with sections, or the section does not have one key per line.
    """
    before, lines = _sections(text), text.splitlines()
    if before is None:
        raise ModelError("the file of hyperparameters is no YAML of sections with keys; correct it first")
    start = next((k for k, line in enumerate(lines) if re.match(rf"{section}:\s*(#.*)?$", line)), None)
    if start is None:
        edited = [*lines, *lines_of(section, values).splitlines()]
    else:
        end = next((k for k in range(start + 1, len(lines)) if re.match(r"[^\s#]", lines[k])), len(lines))
        edited = lines[: start + 1] + _block(lines[start + 1 : end], values) + lines[end:]
    after = "\n".join(edited) + "\n"
    wanted = {**before, section: {**before.get(section, {}), **values}}
    if (start is None and section in before) or _sections(after) != wanted:
        raise ModelError(
            f"'{section}' is not laid out a key a line; change it by hand to hold\n"
            + lines_of(section, values)
        )
    return after


def _block(lines: list[str], values: Mapping[str, float]) -> list[str]:
    """Return a section's lines with values replaced in place, or added after the last."""
    keyed = {match[2]: k for k, line in enumerate(lines) if (match := re.match(r"(\s+)(\w+):", line))}
    spaces = {re.match(r"\s*", lines[k])[0] for k in keyed.values()}  # type: ignore[index]  # always matches
    indent = min(spaces, key=len, default=INDENT)
    edited, fresh = list(lines), []
    for key, value in values.items():
        if key not in keyed:
            fresh.append(_line(indent, key, value))
            continue
        comment = re.search(r"\s+#.*$", lines[keyed[key]])
        edited[keyed[key]] = _line(indent, key, value) + (comment[0] if comment else "")
    last = max(keyed.values(), default=-1) + 1
    return edited[:last] + fresh + edited[last:]


def _line(indent: str, key: str, value: float) -> str:
    import yaml  # noqa: PLC0415

    return indent + yaml.safe_dump({key: value}).strip()


def _sections(text: str) -> dict[str, dict[str, Any]] | None:
    """Return a file's contents by section; None if it is not YAML with sections."""
    import yaml  # noqa: PLC0415

    try:
        parsed = yaml.safe_load(text) or {}
    except yaml.YAMLError:
        return None
    if not isinstance(parsed, dict) or not all(isinstance(held, dict | None) for held in parsed.values()):
        return None
    return {name: held or {} for name, held in parsed.items()}
