"""Company names as they are compared: without accents, case, punctuation, legal form and order of words.

Owns what of a name tells a company apart, and how alike two names are. Whom to compare is
`pipelines.entities.suggestions`'.
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
"""Words that say what a company is by law; French ones, and those of its neighbours."""
EMPTY = frozenset({
    "ste", "societe", "soc", "ets", "etablissement", "etablissements", "etabl", "cie", "compagnie",
    "et", "and", "de", "du", "des", "d", "la", "le", "les", "l",
})  # fmt: skip
"""Words that names are written with and without."""
SHORT = {"fres": "freres", "ent": "entreprise", "trsp": "transports"}
_WORD = re.compile(r"[^\W_]+")
_LETTERS = re.compile(r"\b(?:\w\.){2,}\w?|\b(?:\w ){2,}\w\b")
WITHIN_SHARE = 0.92
"""What a name that lies wholly within the other is worth: it may be a branch, or a namesake."""
OTHER_FORM = 5.0
"""Points off where both say their legal form and the forms differ: a property company is no builder."""


@dataclass(frozen=True, slots=True)
class NameKey:
    """What is compared of a name.

    Parameters
    ----------
    words
        Without legal forms and empty words, in alphabetical order; none where nothing is left.
    compact
        The same words in their own order, in one piece.
    form
        The legal form that the name says, if any.
    """

    words: tuple[str, ...]
    compact: str
    form: str | None = None

    @property
    def sorted(self) -> str:
        """The words in one line."""
        return " ".join(self.words)

    @property
    def numbers(self) -> tuple[str, ...]:
        """The words that are numbers: they never differ by a slip."""
        return tuple(word for word in self.words if word.isdigit())


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike two names are, in [0, 100], and in which way; `other_form` where legal forms differ."""

    score: float
    kind: MatchKind
    other_form: bool = False


def key_of(name: str | None) -> NameKey:
    """Return what is compared of a name.

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
    kept = [word for word in found if word not in LEGAL_FORMS and word not in EMPTY]
    return NameKey(tuple(sorted(kept)), "".join(kept), form)


def likeness(one: NameKey, other: NameKey) -> Likeness:
    """Compare two names: word by word in any order, in one piece, and one within the other.

    Names without a word left, or with different numbers, are not alike. Where words are shared, such as a
    trade, the words that differ count as much as the whole: else a long trade hides two owners. Indel
    similarity, 100 x (1 - edits / letters of both): rapidfuzz's `fuzz.ratio` and `fuzz.token_set_ratio`.

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
