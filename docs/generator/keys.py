"""The references of the policy's and of a mapping's keys.

The keys come from the code. Their meanings come from the TOML files next to this module, one sentence a key
in both languages; a key without a sentence fails, and so does a sentence without its key.
"""

from __future__ import annotations

import tomllib
from functools import cache
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args, get_origin

from docs.generator.tables import UndocumentedError, code, table, text_of
from models.ledger.tables import TABLES
from models.policy.document import Policy, policy_text
from models.policy.sections.fields import PolicySection
from pipelines.sources.mapping.loading import HEADING, PARTS
from pipelines.sources.mapping.shape import CellRule, FileShape, Matching, Starts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pydantic import BaseModel

HERE = Path(__file__).parent
MAPPINGS = HERE.parents[1] / "data" / "mappings"
ASIDE = ("intro", "columns", "packaged")
"""What the files of meanings hold beside keys."""
GRADES = frozenset("ABCDE")
PAYERS = frozenset({"very_good", "good", "average", "poor", "very_poor"})
GENERAL = {"en": "general", "fr": "général"}
HEADS = {"en": ("key", "meaning", "packaged value"), "fr": ("clé", "signification", "valeur fournie")}
TITLES = {
    ("policy", "en"): "Policy keys",
    ("policy", "fr"): "Clés de la politique de crédit",
    ("mapping", "en"): "Mapping keys",
    ("mapping", "fr"): "Clés d'une correspondance",
}


def policy_page(lang: str) -> str:
    """Return the page of the policy's keys.

    Raises
    ------
    UndocumentedError
        A key has no meaning, or a meaning has no key.
    """
    keys, meanings = policy_keys(), _meanings("policy")
    _check("policy key", keys, meanings)
    lines = [meanings["intro"][lang], ""]
    for section in dict.fromkeys(key.split(".")[0] if "." in key else "" for key in keys):
        inside = {k: v for k, v in keys.items() if (k.split(".")[0] if "." in k else "") == section}
        lines += [f"## {section or GENERAL[lang]}", ""]
        lines += table(HEADS[lang], [(code(k), meanings[k][lang], code(v)) for k, v in inside.items()])
    return text_of(TITLES["policy", lang], lang, lines)


def mapping_page(lang: str) -> str:
    """Return the page of a mapping's keys.

    Raises
    ------
    UndocumentedError
        A key has no meaning, or a meaning has no key.
    """
    keys, meanings = mapping_keys(), _meanings("mapping")
    _check("mapping key", keys, meanings)
    lines = [meanings["intro"][lang], ""]
    for section in dict.fromkeys(key.split(".")[0] for key in keys):
        inside = [key for key in keys if key.split(".")[0] == section]
        lines += [f"## {section}", ""]
        lines += table(HEADS[lang][:2], [(code(key), meanings[key][lang]) for key in inside])
    columns = [(code(name), ", ".join(code(c.name) for c in found.columns)) for name, found in TABLES.items()]
    title = meanings["columns"][lang]
    lines += [f"## {title}", "", *table((HEADS[lang][0], title), columns)]
    packaged = packaged_mappings()
    UndocumentedError.check("mapping", [name for name, words in packaged.items() if not words])
    rows = [(code(name), words) for name, words in packaged.items()]
    lines += [f"## {meanings['packaged'][lang]}", "", *table(HEADS[lang][:2], rows)]
    return text_of(TITLES["mapping", lang], lang, lines)


def packaged_mappings() -> dict[str, str]:
    """Return what the comment at the head of each packaged mapping says, by the file's name."""
    return {path.name: _head_comment(path) for path in sorted(MAPPINGS.glob("*.toml"))}


def _head_comment(path: Path) -> str:
    lines = path.read_text(encoding="utf-8").splitlines()
    return " ".join(
        line.removeprefix("#").strip() for line in takewhile(lambda one: one.startswith("#"), lines)
    )


@cache
def policy_keys() -> dict[str, str]:
    """Return every key that a policy may hold with its packaged value; a table by grade is one key."""
    packaged = dict(_flat(tomllib.loads(policy_text()), ""))
    keys: dict[str, str] = {}
    for field in _policy_fields(Policy, ""):
        rows = {key: value for key, value in packaged.items() if key.startswith(f"{field}[].")}
        keys |= rows or {field: packaged.get(field, "")}
    return keys


def _policy_fields(kind: type[BaseModel], prefix: str) -> Iterable[str]:
    for name, info in kind.model_fields.items():
        inner = _section_in(info.annotation)
        if inner is None:
            yield f"{prefix}{name}"
        else:
            section, is_list = inner
            yield from _policy_fields(section, f"{prefix}{name}{'[]' if is_list else ''}.")


def _section_in(annotation: Any) -> tuple[type[BaseModel], bool] | None:  # noqa: ANN401  # a type of any form
    """Return the section that a field's type is made of, and whether it is a list of them."""
    if isinstance(annotation, type) and issubclass(annotation, PolicySection):
        return annotation, False
    for inner in get_args(annotation):
        found = _section_in(inner)
        if found is not None:
            return found[0], found[1] or get_origin(annotation) in {tuple, list}
    return None


@cache
def mapping_keys() -> tuple[str, ...]:
    """Return the keys that a mapping may hold, each under its part."""
    parts = [name for name in PARTS if name not in TABLES]
    inside = {
        "file": _fields(FileShape),
        "skip": [],
        "heading": list(HEADING),
        "matching": _fields(Matching),
        "table": ["where"],
        "column": _fields(CellRule),
        "condition": _fields(Starts),
    }
    unknown = set(parts) - set(inside)
    UndocumentedError.check("part of a mapping", sorted(unknown))
    return tuple(key for part, names in inside.items() for key in [part, *(f"{part}.{n}" for n in names)])


def _fields(kind: type[BaseModel]) -> list[str]:
    return [info.alias or name for name, info in kind.model_fields.items()]


def _flat(values: Mapping[str, Any], prefix: str) -> Iterable[tuple[str, str]]:
    for name, value in values.items():
        key = f"{prefix}{name}"
        if isinstance(value, dict) and not (set(value) <= GRADES or set(value) <= PAYERS):
            yield from _flat(value, f"{key}.")
        elif isinstance(value, dict):
            yield key, ", ".join(f"{grade} {figure}" for grade, figure in value.items())
        elif isinstance(value, list) and value and isinstance(value[0], dict):
            for inner in dict.fromkeys(name for row in value for name in row):
                yield f"{key}[].{inner}", ", ".join(str(row[inner]) for row in value if inner in row)
        else:
            yield key, str(value)


@cache
def _meanings(name: str) -> dict[str, dict[str, str]]:
    return tomllib.loads((HERE / f"{name}_keys.toml").read_text(encoding="utf-8"))


def _check(what: str, keys: Iterable[str], meanings: Mapping[str, Mapping[str, str]]) -> None:
    known = {key for key, words in meanings.items() if words.get("en") and words.get("fr")}
    listed = list(keys)
    unknown = [key for key in meanings if key not in {*listed, *ASIDE}]
    UndocumentedError.check(what, [key for key in listed if key not in known], unknown)
