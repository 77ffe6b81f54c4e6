"""Sectors of the demo's customers: NAF codes, weights and economics.

Owns the data: real codes of the NAF rév. 2 (INSEE, 2008), invented figures.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sector:
    """A NAF division.

    Parameters
    ----------
    codes
        NAF codes of the division.
    trade
        A word that may occur in a company's name.
    weight
        Relative number of customers.
    health
        Shift of the hidden health, in its own unit.
    turnover_per_head
        Yearly sales per head, in EUR.
    gross_share, ebitda_share
        Typical gross profit and EBITDA as shares of sales.
    """

    codes: tuple[str, ...]
    trade: str
    weight: float
    health: float
    turnover_per_head: float
    gross_share: float
    ebitda_share: float


SECTORS: tuple[Sector, ...] = (
    Sector(("10.71C", "10.13A", "10.51A", "10.85Z"), "Saveurs", 6, 0.0, 150_000, 0.45, 0.07),
    Sector(("25.11Z", "25.62B", "25.61Z", "25.99B"), "Métal", 8, 0.15, 145_000, 0.50, 0.08),
    Sector(("28.22Z", "28.29B", "28.99B"), "Mécanique", 4, 0.25, 190_000, 0.48, 0.08),
    Sector(("41.20A", "41.20B"), "Construction", 6, -0.35, 170_000, 0.40, 0.05),
    Sector(
        ("43.21A", "43.22A", "43.22B", "43.32A", "43.33Z", "43.34Z", "43.91B", "43.99C"),
        "Bâtiment", 18, -0.3, 115_000, 0.52, 0.06,
    ),
    Sector(("45.11Z", "45.20A", "45.31Z"), "Auto", 7, 0.05, 260_000, 0.24, 0.04),
    Sector(
        ("46.69B", "46.73A", "46.74A", "46.39B", "46.51Z", "46.90Z"),
        "Négoce", 15, 0.2, 420_000, 0.27, 0.05,
    ),
    Sector(("47.52B", "47.59A", "47.78C", "47.11B"), "Comptoir", 9, -0.1, 190_000, 0.33, 0.05),
    Sector(("49.41A", "49.41B", "49.39A"), "Transports", 7, -0.15, 125_000, 0.60, 0.07),
    Sector(("56.10A", "56.10C", "56.21Z", "56.30Z"), "Table", 8, -0.45, 75_000, 0.68, 0.07),
    Sector(("62.01Z", "62.02A", "62.09Z"), "Numérique", 5, 0.2, 130_000, 0.80, 0.10),
    Sector(("71.12B", "71.11Z", "71.20B"), "Ingénierie", 4, 0.3, 120_000, 0.78, 0.10),
    Sector(("81.21Z", "81.22Z", "81.30Z"), "Services", 3, -0.1, 50_000, 0.82, 0.06),
)  # fmt: skip

SYLLABLES: tuple[tuple[str, ...], ...] = (
    ("Vor", "Tal", "Bre", "Cor", "Mel", "Sav", "Lan", "Dru", "Gal", "Fer", "Nor", "Pel", "Ros", "Quin", "Zel",
     "Ar", "Ost", "Brun", "Cha", "Thi"),
    ("ba", "ve", "li", "mon", "tre", "du", "gri", "nau", "sa", "pi", "lo", "cre", "va", "ri", "zo", "chau"),
    ("nel", "dier", "vane", "lec", "tis", "mard", "quin", "bois", "rex", "lande", "gny", "tal", "vic", "ran",
     "zac", "dor"),
)  # fmt: skip
