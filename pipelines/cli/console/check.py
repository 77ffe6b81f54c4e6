"""Console output of `encours check`: a line per rule, violations first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.box import SIMPLE
from rich.table import Table

from pipelines.cli.console import console
from pipelines.cli.console.marking import escape

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from pipelines.validation.results import CheckReport, CheckResult

WORDS = {
    "fr": {
        "columns": ("table", "règle", "niveau", "en faute", "lignes", "exemples"),
        "error": "erreur",
        "warning": "avertissement",
        "ok": "respectée",
        "not_compared": "rien à comparer",
        "all": "{n} règles, {errors} erreurs, {warnings} avertissements",
        "first": "{n} règles n'ont rien à comparer : première exécution, ou chiffres absents.",
        "aside": "{rows} lignes de {files} fichiers sont en quarantaine, dans aucun de ces chiffres : "
        "encours quarantine list",
        "accept": "Si ces volumes et ces dates sont voulus : encours check --accept",
    },
    "en": {
        "columns": ("table", "rule", "level", "at fault", "rows", "examples"),
        "error": "error",
        "warning": "warning",
        "ok": "holds",
        "not_compared": "nothing to compare with",
        "all": "{n} rules, {errors} errors, {warnings} warnings",
        "first": "{n} rules have nothing to compare with: a first run, or figures that are not there.",
        "aside": "{rows} rows of {files} files are in quarantine, in none of these figures: "
        "encours quarantine list",
        "accept": "If these volumes and dates are meant: encours check --accept",
    },
}
_STYLES = {"error": "red", "warning": "yellow", "ok": "green", "not_compared": "dim"}


def checked(report: CheckReport, lang: str, *, every: bool = False) -> None:
    """Print violated rules, errors first, or all rules; then their number."""
    words = WORDS[lang]
    rest = [one for one in report.results if one.ok] if every else []
    shown = [*report.errors, *report.warnings, *rest]
    if shown:
        console.show(_table(shown, lang))
    counts = {"n": len(report.results), "errors": len(report.errors), "warnings": len(report.warnings)}
    console.say(str(words["all"]).format(**counts))
    idle = sum(not one.compared for one in report.results)
    if idle:
        console.say(str(words["first"]).format(n=idle))
    if any("→" in "".join(one.examples) for one in report.errors):
        console.say(str(words["accept"]))


def aside(found: Mapping[str, pd.DataFrame], lang: str) -> None:
    """Print the number of quarantined rows, which no rule checks."""
    if found:
        rows = sum(faults["line"].nunique() for faults in found.values())
        console.say(str(WORDS[lang]["aside"]).format(rows=f"{rows:,}", files=f"{len(found):,}"))


def _table(results: list[CheckResult], lang: str) -> Table:
    words = WORDS[lang]
    table = Table(box=SIMPLE, pad_edge=False)
    for at, title in enumerate(words["columns"]):
        table.add_column(title, justify="right" if at in {3, 4} else "left", overflow="fold")
    for one in results:
        state = one.level if not one.ok else "ok" if one.compared else "not_compared"
        rule = one.rule_fr if lang == "fr" and one.rule_fr else one.rule
        table.add_row(
            one.table,
            escape(rule),
            f"[{_STYLES[state]}]{words[state]}[/]",
            f"{one.n_bad:,}",
            f"{one.n_rows:,}",
            escape(", ".join(one.examples)),
        )
    return table
