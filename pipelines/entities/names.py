"""Normalized company names: without accents, case, punctuation, legal form and word order.

Owns normalization and similarity of names. `pipelines.entities.suggestions` selects the pairs to compare.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

from rapidfuzz import fuzz

MatchKind = Literal["same", "spelling", "within"]

LEGAL_FORMS = frozenset({
    "sarl", "eurl", "sa", "sas", "sasu", "sci", "scp", "scm", "sca", "scs", "snc", "scop", "scic",
    "sel", "selarl", "selas", "gie", "gaec", "earl", "ei", "eirl", "asso", "association", "ltd",
    "limited", "llc", "inc", "plc", "gmbh", "ag", "kg", "ug", "bv", "nv", "srl", "spa", "sprl",
    "lda", "oy", "ab", "aps", "as",
})  # fmt: skip
"""Words for legal forms, in France and neighbouring countries."""
EMPTY = frozenset({
    "ste", "societe", "soc", "ets", "etablissement", "etablissements", "etabl", "cie", "compagnie",
    "et", "and", "de", "du", "des", "d", "la", "le", "les", "l",
})  # fmt: skip
"""Words that are often omitted from names."""
SHORT = {"fres": "freres", "ent": "entreprise", "trsp": "transports"}
_WORD = re.compile(r"[^\W_]+")
_LETTERS = re.compile(r"\b(?:\w\.){2,}\w?|\b(?:\w ){2,}\w\b")
WITHIN_SHARE = 0.92
"""Factor for a name contained in the other: it may be a branch, or a namesake."""
OTHER_FORM = 5.0
"""Points deducted where both names include a legal form and the forms differ, as for a property company."""


@dataclass(frozen=True, slots=True)
class NameKey:
    """Normalized name for comparison.

    Parameters
    ----------
    words
        Without legal forms and omissible words, in alphabetical order; may be empty.
    compact
        The same words in original order, concatenated.
    form
        The legal form in the name, if any.
    """

    words: tuple[str, ...]
    compact: str
    form: str | None = None

    @property
    def sorted(self) -> str:
        """The words joined by spaces."""
        return " ".join(self.words)

    @property
    def numbers(self) -> tuple[str, ...]:
        """The words that are numbers, which must match exactly."""
        return tuple(word for word in self.words if word.isdigit())


@dataclass(frozen=True, slots=True)
class Likeness:
    """Similarity of two names, in [0, 100], and its kind; `other_form` where legal forms differ."""

    score: float
    kind: MatchKind
    other_form: bool = False


def key_of(name: str | None) -> NameKey:
    """Return the normalized form of a name.

    Examples
    --------
    >>> key_of("S.A.R.L. Éts Durand & Fils")
    NameKey(words=('durand', 'fils'), compact='durandfils', form='sarl')
    """
    plain = unicodedata.normalize("NFKD", name or "").casefold()
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    joined = _LETTERS.sub(lambda found: re.sub(r"[. ]", "", found[0]) + " ", plain)
    found = [SHORT.get(word, word) for word in _WORD.findall(joined)]
    form = next((word for word in found if word in LEGAL_FORMS), None)
    distinctive = [word for word in found if word not in LEGAL_FORMS and word not in EMPTY]
    return NameKey(tuple(sorted(distinctive)), "".join(distinctive), form)


def likeness(one: NameKey, other: NameKey) -> Likeness:
    """Compare two names: by words in any order, concatenated, and by inclusion.

    Names without remaining words, or with different numbers, have similarity 0. Where words are shared, such
    as a trade, the differing words count as much as the whole: a long trade would otherwise mask two owners.
    Indel similarity, 100 x (1 - edits / letters of both): rapidfuzz's `fuzz.ratio` and
    `fuzz.token_set_ratio`.

    Examples
    --------
    >>> likeness(key_of("Durand Bâtiment SARL"), key_of("BATIMENT DURAND"))
    Likeness(score=100.0, kind='same', other_form=False)
    >>> likeness(key_of("Garage 2000"), key_of("Garage 3000")).score
    0.0
    """
    if not one.words or not other.words or one.numbers != other.numbers:
        return Likeness(0.0, "spelling")
    other_form = None not in (one.form, other.form) and one.form != other.form
    off = OTHER_FORM if other_form else 0.0
    if one.words == other.words or one.compact == other.compact:
        return Likeness(100.0 - off, "same", other_form)
    shared = set(one.words) & set(other.words)
    whole = max(fuzz.ratio(one.sorted, other.sorted), fuzz.ratio(one.compact, other.compact))
    apart = fuzz.ratio(_rest(one, shared), _rest(other, shared)) if shared else whole
    spelled = min((whole + apart) / 2, whole)
    within = WITHIN_SHARE * fuzz.token_set_ratio(one.sorted, other.sorted) if len(shared) > 1 else 0.0
    kind: MatchKind = "spelling" if spelled >= within else "within"
    return Likeness(max(max(spelled, within) - off, 0.0), kind, other_form)


def _rest(key: NameKey, shared: set[str]) -> str:
    return " ".join(word for word in key.words if word not in shared)
