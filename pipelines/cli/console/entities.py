"""Console output of the commands on legal entities."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from rich.box import SIMPLE
from rich.table import Table

from models.ledger.entities import entity_codes
from pipelines.cli.console import console
from pipelines.cli.console.marking import escape

if TYPE_CHECKING:
    from collections.abc import Sequence

    from models.ledger.entities import EntityDecision, Joined
    from pipelines.entities.suggestions import Offer

_WORDS = {
    "fr": {
        "none": "aucune entité juridique n'a plusieurs numéros de client",
        "entity": "entité",
        "numbers": "numéros de client",
        "decided": "Décisions, la dernière en bas",
        "join": "réunis",
        "split": "séparés",
        "void": "Sans effet : les deux numéros ont des SIREN différents",
        "no_siren": "sans SIREN",
        "nothing": "aucun rapprochement à proposer",
        "may_be": "peut-être",
        "how": "Rien n'est réuni sans décision : encours entities join A B --by QUI --reason POURQUOI",
    },
    "en": {
        "none": "no legal entity has several customer numbers",
        "entity": "entity",
        "numbers": "customer numbers",
        "decided": "Decisions, the last one below",
        "join": "joined",
        "split": "split",
        "void": "Without effect: the two numbers have different SIRENs",
        "no_siren": "no SIREN",
        "nothing": "nothing to offer",
        "may_be": "may be",
        "how": "Nothing is joined without a decision: encours entities join A B --by WHO --reason WHY",
    },
}


def standing(found: Joined, decisions: Sequence[EntityDecision], lang: str) -> None:
    """Print entities of several numbers, every decision, and the decisions that SIRENs contradict."""
    words, customers = _WORDS[lang], found.ledger.customers
    codes = entity_codes(customers)
    shared = np.flatnonzero(np.bincount(codes, minlength=1) > 1)
    if len(shared):
        table = Table(words["entity"], words["numbers"], box=SIMPLE, pad_edge=False)
        for code in shared:
            members = customers[codes == code]
            siren = members["siren"].dropna()
            table.add_row(
                words["no_siren"] if siren.empty else str(siren.iloc[0]),
                "\n".join(_named(row["customer_id"], row["name"]) for _, row in members.iterrows()),
            )
        console.show(table)
    else:
        console.say(words["none"])
    if decisions:
        console.say(words["decided"])
    for one in decisions:
        console.say(f"{one.decided_at:%Y-%m-%d}  {_pair(one)} {words[one.decision]}; {one.by}: {one.reason}")
    for one in found.contradicted:
        console.say(f"{words['void']}: {_pair(one)}")


def offered(offers: Sequence[Offer], lang: str) -> None:
    """Print suggestions, the likeliest first."""
    words = _WORDS[lang]
    if not offers:
        console.say(words["nothing"])
        return
    for one in offers:
        siren = one.other_siren or words["no_siren"]
        console.say(f"{one.score:5.1f}  {one.customer_id}  {one.name}  ({words['no_siren']})")
        console.say(f"       {words['may_be']} {one.other_id}  {one.other_name}  ({siren})")
        console.say(f"       {one.why_fr if lang == 'fr' else one.why_en}")
    console.say(words["how"])


def _pair(one: EntityDecision) -> str:
    return f"{one.customer_id} + {one.other_id}"


def _named(customer_id: object, name: object) -> str:
    return escape(f"{customer_id}  {name if isinstance(name, str) else ''}".strip())
