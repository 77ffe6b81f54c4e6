"""How many second customer numbers are offered, how many offers are right, and how long it takes.

Run as `python -m benchmarks.entities`. Customers are made up: a tenth has a second number, its name written
otherwise and without SIREN; a third of the rest has no SIREN either. Names are close by design: one of 16
trades and two or three of 20 syllables.
"""

from __future__ import annotations

import time

import numpy as np
import pandas as pd
from stdnum import luhn

from models.ledger import CUSTOMERS, conform
from pipelines.entities.offers import LEAST_SCORE, Offer, find_offers

SEEDS = (1, 2, 3)
SYLLABLES = (
    "ba", "co", "du", "fer", "gal", "lan", "mar", "nor", "pel", "quin", "ros", "sau", "tel", "vau",
    "zan", "bri", "clo", "dre", "fon", "gri",
)  # fmt: skip
TRADES = (
    "Bâtiment", "Maçonnerie", "Électricité", "Transports", "Menuiserie", "Boulangerie", "Négoce", "Plomberie",
    "Isolation", "Peinture", "Charpente", "Paysage", "Imprimerie", "Mécanique", "Traiteur", "Chauffage",
)  # fmt: skip
FORMS = ("SARL", "SAS", "SA", "EURL", "SCI")


def variants(name: str, form: str, rng: np.random.Generator) -> str:
    """Write a name as another clerk would."""
    words = name.split()
    plain = name.translate(str.maketrans("âçéèÉ", "aceeE"))
    slip = int(rng.integers(1, len(plain) - 1))
    ways = (
        f"{form} {plain.upper()}",
        f"{'.'.join(form)}. {name}",
        f"{' '.join(reversed(words))} {form}",
        f"Ets {plain}",
        plain.replace(" ", ""),
        plain[:slip] + plain[slip + 1 :],
        f"Sté {name.upper()} - {form}",
    )
    return ways[int(rng.integers(len(ways)))]


def portfolio(count: int, doubled: int, seed: int) -> tuple[pd.DataFrame, set[frozenset[str]]]:
    """Return customers and the pairs that are one entity; a third of the rest has no SIREN either."""
    rng = np.random.default_rng(seed)
    rows, truth = [], set()
    for place in range(count):
        owner = "".join(rng.choice(SYLLABLES, int(rng.integers(2, 4)))).capitalize()
        name, form = f"{rng.choice(TRADES)} {owner}", str(rng.choice(FORMS))
        body = f"{100_000_00 + seed * 7_919 + place:08d}"
        siren = body + luhn.calc_check_digit(body)
        known = place < doubled or rng.random() > 1 / 3
        rows.append(
            {"customer_id": f"C{place:05d}", "name": f"{name} {form}", "siren": siren if known else None}
        )
        if place < doubled:
            rows.append({"customer_id": f"D{place:05d}", "name": variants(name, form, rng), "siren": None})
            truth.add(frozenset((f"C{place:05d}", f"D{place:05d}")))
    return conform(pd.DataFrame(rows), CUSTOMERS), truth


def precision_and_recall(offers: tuple[Offer, ...], truth: set[frozenset[str]]) -> tuple[float, float]:
    """Return how many offers are right, and how many of the right pairs are offered, both shares."""
    offered = {frozenset((one.customer_id, one.other_id)) for one in offers}
    right = len(offered & truth)
    return right / max(len(offered), 1), right / len(truth)


def main() -> None:
    print("customers  least score  precision       recall          seconds")
    for count, least_score in ((1_000, LEAST_SCORE), (1_000, 95.0), (1_000, 100.0), (5_000, LEAST_SCORE)):
        found, begun = [], time.perf_counter()
        for seed in SEEDS:
            customers, truth = portfolio(count, count // 10, seed)
            found.append(precision_and_recall(find_offers(customers, least_score=least_score), truth))
        seconds = (time.perf_counter() - begun) / len(SEEDS)
        (precision, recall), spread = np.mean(found, axis=0), np.std(found, axis=0)
        print(
            f"{count + count // 10:9,d}  {least_score:11.0f}  {precision:.3f} ± {spread[0]:.3f}   "
            f"{recall:.3f} ± {spread[1]:.3f}   {seconds:7.2f}"
        )


if __name__ == "__main__":
    main()
