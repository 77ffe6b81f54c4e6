"""How many second customer numbers are offered, how many offers are right, and how long it takes.

Run as `python -m benchmarks.entities`. Customers are made up: a tenth has a second number, its name written
otherwise and without SIREN; a third of the rest has no SIREN either. Names are close by design: one of 16
trades and two or three of 20 syllables. Postcodes are made up, too, of 90 regions; one in five
is missing, and a second number is another site one time in ten, half of these anywhere.
"""

from __future__ import annotations

import time

import numpy as np
import pandas as pd
from stdnum import luhn

from models.ledger.ledger import conform
from models.ledger.tables import CUSTOMERS
from pipelines.entities.suggestions import LEAST_SCORE, Offer, find_offers

SEEDS = (1, 2, 3)
SYLLABLES = (
    "ba", "co", "du", "fer", "gal", "lan", "mar", "nor", "pel", "quin", "ros", "sau", "tel", "vau",
    "zan", "bri", "clo", "dre", "fon", "gri",
)  # fmt: skip
TRADES = (
    "Bâtiment", "Maçonnerie", "Électricité", "Transports", "Menuiserie", "Boulangerie", "Négoce", "Plomberie",
    "Isolation", "Peinture", "Charpente", "Paysage", "Imprimerie", "Mécanique", "Traiteur", "Chauffage",
)  # fmt: skip
REGIONS, TOWNS = 90, 30
UNKNOWN_SHARE, ELSEWHERE_SHARE, FAR_SHARE = 0.2, 0.1, 0.5
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


def a_postcode(rng: np.random.Generator, region: int | None = None) -> str:
    """Return a postcode of a region, of any where None."""
    at = int(rng.integers(REGIONS)) if region is None else region
    return f"{at + 1:02d}{int(rng.integers(TOWNS)) * 10:03d}"


def second_site(postcode: str, rng: np.random.Generator) -> str:
    """Return where a second number is: mostly the same postcode."""
    if rng.random() >= ELSEWHERE_SHARE:
        return postcode
    return a_postcode(rng, None if rng.random() < FAR_SHARE else int(postcode[:2]) - 1)


def known(postcode: str, rng: np.random.Generator) -> str | None:
    """Return a postcode, or nothing as often as exports leave it out."""
    return None if rng.random() < UNKNOWN_SHARE else postcode


def portfolio(
    count: int, doubled: int, seed: int, *, placed: bool = True
) -> tuple[pd.DataFrame, set[frozenset[str]]]:
    """Return customers and the pairs that are one entity; a third of the rest has no SIREN either.

    Parameters
    ----------
    placed
        Whether their postcodes are told.
    """
    rng, places = np.random.default_rng(seed), np.random.default_rng((seed, 1))
    rows, truth = [], set()
    for place in range(count):
        owner = "".join(rng.choice(SYLLABLES, int(rng.integers(2, 4)))).capitalize()
        name, form = f"{rng.choice(TRADES)} {owner}", str(rng.choice(FORMS))
        body = f"{100_000_00 + seed * 7_919 + place:08d}"
        siren = body + luhn.calc_check_digit(body)
        numbered = place < doubled or rng.random() > 1 / 3
        seat = a_postcode(places)
        first = {"customer_id": f"C{place:05d}", "name": f"{name} {form}"}
        rows.append({**first, "siren": siren if numbered else None, "postcode": known(seat, places)})
        if place < doubled:
            second = {"customer_id": f"D{place:05d}", "name": variants(name, form, rng), "siren": None}
            rows.append({**second, "postcode": known(second_site(seat, places), places)})
            truth.add(frozenset((f"C{place:05d}", f"D{place:05d}")))
    frame = pd.DataFrame(rows)
    return conform(frame if placed else frame.drop(columns="postcode"), CUSTOMERS), truth


def precision_and_recall(offers: tuple[Offer, ...], truth: set[frozenset[str]]) -> tuple[float, float]:
    """Return how many offers are right, and how many of the right pairs are offered, both shares."""
    offered = {frozenset((one.customer_id, one.other_id)) for one in offers}
    right = len(offered & truth)
    return right / max(len(offered), 1), right / len(truth)


CASES = tuple(
    (count, least_score, placed)
    for count, least_score in ((1_000, LEAST_SCORE), (1_000, 95.0), (1_000, 100.0), (5_000, LEAST_SCORE))
    for placed in (False, True)
)


def main() -> None:
    print("customers  places  least score  precision       recall          seconds")
    for count, least_score, placed in CASES:
        found, begun = [], time.perf_counter()
        for seed in SEEDS:
            customers, truth = portfolio(count, count // 10, seed, placed=placed)
            found.append(precision_and_recall(find_offers(customers, least_score=least_score), truth))
        seconds = (time.perf_counter() - begun) / len(SEEDS)
        (precision, recall), spread = np.mean(found, axis=0), np.std(found, axis=0)
        print(
            f"{count + count // 10:9,d}  {'told' if placed else 'none':6}  {least_score:11.0f}  "
            f"{precision:.3f} ± {spread[0]:.3f}   {recall:.3f} ± {spread[1]:.3f}   {seconds:7.2f}"
        )


if __name__ == "__main__":
    main()
