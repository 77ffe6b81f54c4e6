"""The reference of the command line, from the Typer application."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import typer

from docs.generator.french import translated
from docs.generator.tables import UndocumentedError, code, table, text_of
from pipelines.cli.app import app

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

TEXTS = {
    "en": (
        "Commands",
        """\
Every command prints its own help with `--help`. Exit codes: 0 done; 2 refused, with one line that says why;
3 done, but 1 % of the rows or more are in quarantine; 4 done, and retraining is due.
""",
        ("argument or option", "meaning", "default"),
    ),
    "fr": (
        "Commandes",
        """\
Chaque commande affiche son aide avec `--help`, en anglais. Codes de sortie : 0 terminé ; 2 refusé, avec une
ligne qui dit pourquoi ; 3 terminé, mais 1 % des lignes ou plus sont en quarantaine ; 4 terminé, et un
réentraînement est dû.
""",
        ("argument ou option", "signification", "défaut"),
    ),
}


def commands() -> Iterator[tuple[str, Any]]:
    """Yield every command with its full name, such as `import` or `keys add`."""
    yield from _walk(typer.main.get_command(app), "")


def texts() -> Iterator[str]:
    """Yield the help of every command, argument and option."""
    for _, command in commands():
        yield _about(command)
        yield from (_help(param) for param in command.params)


def page(lang: str) -> str:
    """Return the page.

    Raises
    ------
    UndocumentedError
        A command, an argument or an option has no help.
    """
    found = list(commands())
    missing = [name for name, command in found if not command.help]
    missing += [f"{name} {p.name}" for name, command in found for p in command.params if not _help(p)]
    UndocumentedError.check("command", missing)
    title, intro, head = TEXTS[lang]
    lines = [line for name, command in found for line in _section(name, command, head, lang)]
    return text_of(title, lang, [intro, *lines])


def _walk(command: Any, name: str) -> Iterator[tuple[str, Any]]:  # noqa: ANN401  # Typer ships a Click of its own, without public types
    inner = getattr(command, "commands", None)
    if inner is None:
        yield name, command
        return
    for part, found in inner.items():
        yield from _walk(found, f"{name} {part}".strip())


def _section(name: str, command: Any, head: Sequence[str], lang: str) -> list[str]:  # noqa: ANN401  # Typer ships a Click of its own, without public types
    rows = [(_name(p), translated(_help(p), lang), code(_default(p))) for p in command.params]
    lines = [f"## encours {name}", "", translated(_about(command), lang), ""]
    return lines + (table(head, rows) if rows else [])


def _about(command: Any) -> str:  # noqa: ANN401  # Typer ships a Click of its own, without public types
    return " ".join((command.help or "").split())


def _name(param: Any) -> str:  # noqa: ANN401  # Typer ships a Click of its own, without public types
    if param.param_type_name == "argument":
        more = "…" if param.nargs == -1 else ""
        return code(f"{(param.name or '').upper()}{more}")
    return ", ".join(code(name) for name in [*param.opts, *param.secondary_opts])


def _help(param: Any) -> str:  # noqa: ANN401  # Typer ships a Click of its own, without public types
    return str(getattr(param, "help", None) or "")


def _default(param: Any) -> str:  # noqa: ANN401  # Typer ships a Click of its own, without public types
    value = param.default
    if value is None or value is False or value == () or param.required or "UNSET" in repr(value).upper():
        return ""
    return str(value)
