"""Console output of `encours policy`: the policy in force, and a comparison of two policies.

Owns wording and layout only.
"""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Any

from rich.box import SIMPLE
from rich.table import Table

from models.policy.changes import leaves
from models.policy.grades import GRADES
from models.policy.toml_lines import key_of
from models.wording.formats import number
from models.wording.numerals import in_french
from pipelines.cli.console import console
from pipelines.cli.console.marking import escape

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from models.policy.document import Policy
    from models.portfolio.policy_comparison import CustomerChange, PolicyComparison, PortfolioUnderPolicy

MOST_SHOWN = 20
WORDS: dict[str, dict[str, str]] = {
    "fr": {
        "faults": "à corriger : {count}",
        "valid": "politique {version} valable, empreinte {hash}",
        "policy": "politique {version} · {hash}",
        "key": "clé",
        "value": "valeur",
        "as_of": "portefeuille au {day} : {count} clients, dont {changed} qui changent de note ou de plafond",
        "keys": "clés différentes : {keys}",
        "none": "aucune",
        "same_version": "attention : les deux portent la version {version} ; changez-la avec les valeurs",
        "before": "avant",
        "after": "après",
        "limits": "somme des plafonds, €",
        "loss": "perte attendue sur un an, €",
        "above": "encours au-delà des plafonds, €",
        "above_count": "clients au-delà de leur plafond",
        "prepaying": "clients qui paient avant livraison (plafond 0)",
        "grades": "note avant ↓ après →",
        "customer": "client",
        "grade": "note",
        "limit": "plafond, €",
        "binds": "critère limitant",
        "because": "clé qui l'explique seule",
        "more": "et {count} de plus ; --out les écrit tous",
        "caption": "perte attendue = probabilité de défaillance × perte en cas de défaillance "
        "× plafond utilisé à hauteur du besoin, moins la part assurée ; "
        "ni modèle interrogé ni dérogation appliquée",
    },
    "en": {
        "faults": "{count} to correct",
        "valid": "policy {version} is valid, hash {hash}",
        "policy": "policy {version} · {hash}",
        "key": "key",
        "value": "value",
        "as_of": "portfolio as of {day}: {count} customers, {changed} change grade or limit",
        "keys": "keys that differ: {keys}",
        "none": "none",
        "same_version": "warning: both bear version {version}; change it with the values",
        "before": "before",
        "after": "after",
        "limits": "sum of limits, €",
        "loss": "expected loss over a year, €",
        "above": "owed above limits, €",
        "above_count": "customers above their limit",
        "prepaying": "customers to pay beforehand (limit 0)",
        "grades": "grade before ↓ after →",
        "customer": "customer",
        "grade": "grade",
        "limit": "limit, €",
        "binds": "binding term",
        "because": "key that alone explains it",
        "more": "and {count} more; --out writes them all",
        "caption": "expected loss = PD × LGD × the limit used as far as needed, less what is insured; "
        "no model was asked and no override applied",
    },
}


def shown(policy: Policy, text: str, lang: str) -> None:
    """Print a policy: values by grade as a table, the rest key by key."""
    said = WORDS[lang]
    console.say(said["policy"].format(version=policy.version, hash=policy.hash))
    by_grade: dict[str, dict[str, object]] = {}
    rest: list[tuple[str, object]] = []
    for path, value in leaves(tomllib.loads(text)).items():
        if path[-1] in GRADES:
            by_grade.setdefault(key_of(path[:-1]), {})[str(path[-1])] = value
        else:
            rest.append((key_of(path), value))
    table = _by_key(said, *GRADES)
    for key, values in by_grade.items():
        table.add_row(escape(key), *(escape(_told(values.get(grade, ""), lang)) for grade in GRADES))
    console.show(table)
    table = _by_key(said, said["value"])
    for key, value in rest:
        table.add_row(escape(key), escape(_told(value, lang)))
    console.show(table)


def _by_key(said: Mapping[str, str], *titles: str) -> Table:
    table = Table(box=SIMPLE, pad_edge=False)
    table.add_column(said["key"], no_wrap=True)
    for title in titles:
        table.add_column(title)
    return table


def compared(found: PolicyComparison, as_of: dt.date, lang: str) -> None:
    """Print both portfolios, the matrix of grades and the largest changes."""
    said = WORDS[lang]
    day = f"{as_of:%d/%m/%Y}" if lang == "fr" else as_of.isoformat()
    count, changed = (number(value, lang) for value in (found.customers, len(found.changes)))
    console.say(said["as_of"].format(day=day, count=count, changed=changed))
    console.say(said["keys"].format(keys=", ".join(found.keys) or said["none"]))
    if found.keys and found.before.version == found.after.version:
        console.say(said["same_version"].format(version=found.after.version))
    console.show(_sides(found.before, found.after, said, lang))
    console.show(_matrix(found, said, lang))
    if not found.changes:
        return
    table = Table(said["customer"], box=SIMPLE, pad_edge=False)
    for title in ("grade", "limit", "binds", "because"):
        table.add_column(said[title])
    for one in found.changes[:MOST_SHOWN]:
        table.add_row(*(escape(cell) for cell in _cells(one, lang)))
    console.show(table)
    if len(found.changes) > MOST_SHOWN:
        console.say(said["more"].format(count=number(len(found.changes) - MOST_SHOWN, lang)))


def _sides(
    before: PortfolioUnderPolicy, after: PortfolioUnderPolicy, said: Mapping[str, str], lang: str
) -> Table:
    table = Table("", caption=said["caption"], box=SIMPLE, pad_edge=False)
    for side, name in ((before, "before"), (after, "after")):
        table.add_column(f"{said[name]} ({escape(side.version)})", justify="right")
    lines = (
        ("limits", before.limits_eur, after.limits_eur),
        ("loss", before.expected_loss_eur, after.expected_loss_eur),
        ("above", before.above_limit_eur, after.above_limit_eur),
        ("above_count", before.above_limit, after.above_limit),
        ("prepaying", before.prepaying, after.prepaying),
    )
    for name, was, becomes in lines:
        table.add_row(said[name], number(was, lang), number(becomes, lang))
    return table


def _matrix(found: PolicyComparison, said: Mapping[str, str], lang: str) -> Table:
    table = Table(said["grades"], *GRADES, box=SIMPLE, pad_edge=False)
    for before in GRADES:
        counts = found.grades.counts[before]
        table.add_row(before, *(number(counts[after], lang) if counts[after] else "·" for after in GRADES))
    return table


def _cells(one: CustomerChange, lang: str) -> tuple[str, ...]:
    before, after = one.before, one.after
    grade = before.grade if before.grade == after.grade else f"{before.grade} → {after.grade}"
    binds = before.binding if before.binding == after.binding else f"{before.binding} → {after.binding}"
    limit = f"{number(before.limit_eur, lang)} → {number(after.limit_eur, lang)}"
    return one.customer_id, grade, limit, binds, one.explained_by or ""


def _told(value: Any, lang: str) -> str:  # noqa: ANN401  # a value of TOML
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        text = f"{value:,.6g}" if abs(value) < 1 else f"{value:,.10g}"
        return in_french(text) if lang == "fr" else text
    if isinstance(value, list):
        apart = "\n" if any(isinstance(item, dict) for item in value) else " · "
        return apart.join(_told(item, lang) for item in value)
    if isinstance(value, dict):
        return ", ".join(f"{key} {_told(item, lang)}" for key, item in value.items())
    return str(value)
