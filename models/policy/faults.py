"""Faults of the text of a policy or a scenario, each with its line, its key, what came and what is allowed.

Owns the words, in both languages; what is allowed is read from the JSON schema of the document's fields.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, Final

from models.policy.toml_lines import key_lines, key_of, line_of
from models.wording.numerals import in_french, unbroken

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic import ValidationError
    from pydantic_core import ErrorDetails

    from models.policy.sections.fields import PolicySection
    from models.policy.toml_lines import Path

    Schema = Mapping[str, Any]


@dataclass(frozen=True, slots=True, order=True)
class PolicyFault:
    """A fault of one key: its line, its name, what came and what is allowed."""

    line: int
    key: str
    words: str

    def located(self, source: str) -> str:
        """Return the fault as `file:line: key: words`."""
        return f"{source}:{self.line}: {self.key}: {self.words}"


_WORDS: Final = {
    "en": {
        "missing": "missing; allowed is {allowed}",
        "extra_forbidden": "no such key; allowed are {keys}",
        "got": "got {came}; allowed is {allowed}",
        "rising": "got {came} after {last}; allowed are rising numbers",
        "falling": "got {came} after {last}; allowed are falling numbers",
        "cents": "got {came}; allowed are whole cents",
        "before": "got {came}, before {last}; allowed is that day or a later one",
        "one_key": "give exactly one of {last}",
        "division": "got {came}; allowed is a division of the NAF, such as '43'",
        "repeated": "got {came} again; name it once",
        "siren": "a SIREN of nine digits in quotation marks",
        "boolean": "true or false",
        "currency": "a currency of three capital letters, such as EUR",
        "role": "one of {values}, and an admin always may",
        "enum": "one of {values}",
        "date": "a day such as 2026-12-24, without quotation marks",
        "text": "a text that is not empty",
        "texts": "a list of texts, none of them empty",
        "tables": "a list of tables",
        "object": "a table of {keys}",
        "integer": "a whole number {span}",
        "number": "a number {span}",
        "from": "from {low}",
        "from_to": "from {low} to {high}",
        "above": "above {low}",
        "above_to": "above {low} to {high}",
    },
    "fr": {
        "missing": "absent ; attendu : {allowed}",
        "extra_forbidden": "clé inconnue ; clés admises : {keys}",
        "got": "reçu {came} ; attendu : {allowed}",
        "rising": "reçu {came} après {last} ; attendu : des nombres croissants",
        "falling": "reçu {came} après {last} ; attendu : des nombres décroissants",
        "cents": "reçu {came} ; attendu : un nombre entier de centimes",
        "before": "reçu {came}, avant {last} ; attendu : ce jour ou un jour suivant",
        "one_key": "donnez exactement une des clés {last}",
        "division": "reçu {came} ; attendu : une division de la NAF, par exemple '43'",
        "repeated": "reçu {came} à nouveau ; ne le nommez qu'une fois",
        "siren": "un SIREN de neuf chiffres entre guillemets",
        "boolean": "true ou false",
        "currency": "une devise en trois lettres majuscules, par exemple EUR",
        "role": "un rôle parmi {values} (un admin a toujours ce droit)",
        "enum": "une valeur parmi {values}",
        "date": "un jour tel que 2026-12-24, sans guillemets",
        "text": "un texte non vide",
        "texts": "une liste de textes non vides",
        "tables": "une liste de tables",
        "object": "une table avec {keys}",
        "integer": "un nombre entier {span}",
        "number": "un nombre {span}",
        "from": "à partir de {low}",
        "from_to": "de {low} à {high}",
        "above": "supérieur à {low}",
        "above_to": "supérieur à {low}, au plus {high}",
    },
}


def faults_of(
    error: ValidationError, document: type[PolicySection], text: str, lang: str = "en"
) -> tuple[PolicyFault, ...]:
    """Convert a validation error to faults in the order of the text's lines.

    Parameters
    ----------
    error
        What the validation of the text as the document raised.
    lang
        `fr` or `en`.
    """
    lines, wording = _lines_of(text), _Wording(_schema_of(document), lang)
    return tuple(
        sorted(
            PolicyFault(line_of(one["loc"], lines), key_of(one["loc"]), wording.fault(one))
            for one in error.errors(include_url=False)
        )
    )


@lru_cache(maxsize=4)
def _lines_of(text: str) -> Mapping[Path, int]:
    """Scan a text once for the faults in both languages."""
    return key_lines(text)


@cache
def _schema_of(document: type[PolicySection]) -> Schema:
    return document.model_json_schema()


def _shown(value: object) -> str:
    return value.isoformat() if isinstance(value, dt.date) else repr(value)


@dataclass(frozen=True, slots=True)
class _Wording:
    """Words of faults in one language, by the document's JSON schema."""

    schema: Schema
    lang: str

    def fault(self, error: ErrorDetails) -> str:
        kind, path, came = error["type"], error["loc"], _shown(error["input"])
        if kind == "extra_forbidden":
            return self.say(kind, keys=", ".join(sorted(self.at(path[:-1])["properties"])))
        if kind in _WORDS["en"] and kind != "missing":
            last = error.get("ctx", {}).get("last")
            return self.say(kind, came=came, last=str(last) if kind == "one_key" else repr(last))
        return self.say(kind if kind == "missing" else "got", came=came, allowed=self.allowed(self.at(path)))

    def allowed(self, schema: Schema) -> str:
        """Describe what a value may be."""
        kind, values = schema["type"], ", ".join(map(str, schema.get("enum", ())))
        if kind == "object":
            return self.say(kind, keys=", ".join(schema["properties"]))
        if kind == "array":
            return self.say("tables" if self.resolved(schema["items"])["type"] == "object" else "texts")
        if "description" in schema or values:
            return self.say(schema.get("description", "enum"), values=values)
        return self.say(kind, span=self.span(schema) if kind != "boolean" else "")

    def span(self, schema: Schema) -> str:
        """Describe the bounds of a number."""
        form = "d" if schema["type"] == "integer" else ",.10g"
        above, end = "exclusiveMinimum" in schema, "_to" if "maximum" in schema else ""
        bounds = schema["exclusiveMinimum" if above else "minimum"], schema.get("maximum", 0)
        low, high = (f"{bound:{form}}" for bound in bounds)
        if self.lang == "fr":
            low, high = in_french(low), in_french(high)
        return self.say(f"{'above' if above else 'from'}{end}", low=low, high=high)

    def say(self, name: str, **values: str) -> str:
        words = _WORDS[self.lang][name]
        return (unbroken(words) if self.lang == "fr" else words).format(**values)

    def at(self, path: Path) -> Schema:
        """Return the schema of the value at a path."""
        schema = self.schema
        for part in path:
            schema = self.resolved(schema["items"] if isinstance(part, int) else schema["properties"][part])
        return schema

    def resolved(self, schema: Schema) -> Schema:
        """Resolve a reference or an optional value to the schema itself."""
        schema = schema.get("anyOf", [schema])[0]
        resolved: Schema = (
            self.schema["$defs"][schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema
        )
        return resolved
