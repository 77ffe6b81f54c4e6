"""The reference of the environment's variables, from every settings class of the source.

A class is found by its base, so that none can be forgotten; a variable's meaning is in its class's docstring.
"""

from __future__ import annotations

import ast
import importlib
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docs.generator.french import translated
from docs.generator.tables import UndocumentedError, code, table, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydantic_settings import BaseSettings

ROOT = Path(__file__).parents[2]
PACKAGES = ("models", "serving", "pipelines")
VARIABLE = re.compile(r"\bENCOURS_[A-Z0-9_]*[A-Z0-9]\b")
PLAIN = {
    "ENCOURS_STATISTICS": "Published statistics on late payment and failure; the packaged file by default.",
    "MLFLOW_TRACKING_URI": "Where MLflow stores runs and models; `sqlite:///data/mlflow.db` by default.",
}
"""Variables that no settings class reads."""
PARAMETERS = re.compile(r"Parameters\n-+\n(.*?)(?:\n\n[A-Z][a-z]+\n-+\n|\Z)", re.DOTALL)


@dataclass(frozen=True)
class Variable:
    """One variable: its name, its default as written, and what it means."""

    name: str
    default: str
    meaning: str


TEXTS = {
    "en": (
        "Settings",
        "Settings come from environment variables and from a file `.env` in the working directory.",
        ("variable", "meaning", "default"),
    ),
    "fr": (
        "Réglages",
        "Les réglages viennent des variables d'environnement et d'un fichier `.env` du dossier de travail.",
        ("variable", "signification", "défaut"),
    ),
}


def texts() -> Iterator[str]:
    """Yield the meaning of every variable."""
    return (variable.meaning for variable in variables().values())


def page(lang: str) -> str:
    """Return the page.

    Raises
    ------
    UndocumentedError
        A variable is not described in its class's docstring, or is named in the source and known to no class.
    """
    found = variables()
    missing = [name for name, variable in found.items() if not variable.meaning]
    UndocumentedError.check("setting", [*missing, *sorted(_named() - set(found))])
    title, intro, head = TEXTS[lang]
    rows = [(code(v.name), translated(v.meaning, lang), code(v.default)) for _, v in sorted(found.items())]
    return text_of(title, lang, [intro, "", *table(head, rows)])


@cache
def variables() -> dict[str, Variable]:
    """Return every variable by its name."""
    found = {name: Variable(name, "", meaning) for name, meaning in PLAIN.items()}
    for kind in _classes():
        prefix, meanings = kind.model_config.get("env_prefix", ""), _meanings(kind.__doc__ or "")
        for field, info in kind.model_fields.items():
            name = f"{prefix}{field}".upper()
            here = Variable(
                name, _default(info.get_default(call_default_factory=True)), meanings.get(field, "")
            )
            if name not in found or not found[name].meaning:
                found[name] = here
    return found


def _classes() -> Iterator[type[BaseSettings]]:
    for path in (path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef) and any(
                isinstance(base, ast.Name) and base.id == "BaseSettings" for base in node.bases
            ):
                module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
                yield getattr(importlib.import_module(module), node.name)


def _meanings(doc: str) -> dict[str, str]:
    """Return the meaning of each parameter of a numpydoc docstring, its own variable's name left out."""
    lines = [line.removeprefix("    ") for line in doc.splitlines()]
    found = PARAMETERS.search("\n".join(lines))
    meanings: dict[str, str] = {}
    names: list[str] = []
    for line in (found[1] if found else "").splitlines():
        if line and not line.startswith(" "):
            names = [name.strip() for name in line.split(",")]
        elif line.strip():
            for name in names:
                meanings[name] = f"{meanings.get(name, '')} {line.strip()}".strip()
    return {name: _sentence(text) for name, text in meanings.items()}


def _sentence(text: str) -> str:
    plain = re.sub(r"^(`ENCOURS_\w+`(, )?)+:\s*", "", text)
    return plain[:1].upper() + plain[1:]


def _default(value: Any) -> str:  # noqa: ANN401  # a default of any kind
    shown = value.get_secret_value() if hasattr(value, "get_secret_value") else value
    return "" if shown is None else str(shown)


def _named() -> set[str]:
    paths = (path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
    return {name for path in paths for name in VARIABLE.findall(path.read_text(encoding="utf-8"))}
