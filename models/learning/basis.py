"""What a model is based on, from published statistics to the ledger's own outcomes.

Owns the codes and their sentences. The code of a model follows from its training.
"""

from __future__ import annotations

from models.wording.numerals import SPACE

PUBLISHED, HABIT, LEVEL, OWN = "published", "habit", "level", "own"
WORDS: dict[str, tuple[str, str]] = {
    PUBLISHED: (
        "repose sur des statistiques publiques, pas encore sur vos propres factures",
        "rests on published statistics, not yet on your own invoices",
    ),
    HABIT: (
        f"repose sur les habitudes de paiement de vos clients{SPACE}; pas encore assez de retards pour plus",
        "rests on your customers' payment habits; not enough late payments yet for more",
    ),
    LEVEL: (
        "repose sur des statistiques publiques, recalées sur les défaillances de vos clients",
        "rests on published statistics, set to the level of your own customers' failures",
    ),
    OWN: ("repose sur vos propres données", "rests on your own data"),
}
"""French and English predicates for a sentence about a model or a probability."""
