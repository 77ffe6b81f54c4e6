"""Trains a dictionary for what fills in the forms of answers: `serving/store/typical_gaps.N.zdict`.

Run it with `python -m tests.serving.make_gaps TARGET` where the environment names a demo's store and models,
for a new TARGET: a dictionary that logs were packed with is never trained anew. One half of the customers
trains it, the other half says how well it packs.
"""

import random
import sys
from collections.abc import Sequence
from pathlib import Path

from zstandard import ZstdCompressionDict, ZstdCompressor, train_dictionary

from serving.api.schemas.questions import AssessmentIn
from serving.api.security import Caller
from serving.known.asked import PendingRequest, answers_to
from serving.known.memory import Entry, Reader
from serving.services import Services
from serving.settings import Settings
from serving.store.packing import LEVEL

SIZE = 32_768
"""Bytes: a dictionary twice as long packs little better, and is read for each group of answers."""
N_TRAINING, N_TEST, AT_ONCE = 1_600, 512, 32
MOST_CUSTOMERS = 1_500


def gaps_of(
    services: Services, entries: Sequence[Entry], count: int, draw: random.Random
) -> list[bytes | bytearray | memoryview]:
    """Answer questions about customers drawn by chance, and return what fills their forms in."""
    assessor, caller = services.assessor(), Caller("nobody", "sales", "key")
    found: list[bytes | bytearray | memoryview] = []
    for _ in range(count // AT_ONCE):
        drawn = [draw.choice(entries) for _ in range(AT_ONCE)]
        group = [PendingRequest(question(one, draw), caller, None) for one in drawn]
        found += [written.gaps for written in answers_to(assessor, group, drawn, services.today())[1]]
    return found


def question(entry: Entry, draw: random.Random) -> AssessmentIn:
    """Ask as people do: mostly round figures, some left out."""
    return AssessmentIn(
        customer_id=entry.known.state.party.customer_id,
        amount_eur=draw.choice(
            [None, float(draw.randrange(100, 90_000)), round(draw.uniform(100, 90_000), 2)]
        ),
        terms_days=draw.choice([None, 30, 45, 60, draw.randrange(91)]),
        yearly_forecast_eur=draw.choice([None, None, float(draw.randrange(1_000, 900_000))]),
    )


def main(target: Path) -> None:
    """Train, say how well it packs, and write it where there is nothing yet.

    Raises
    ------
    FileExistsError
        Something is there: logs may have been packed with it.
    """
    services, draw = Services(Settings()), random.Random(7)
    store = services.store()
    run = store.current_run()
    if run is None:
        raise SystemExit("no scores are published; let ENCOURS_STORE_URL name a demo's store")
    ids = [row.customer_id for row in store.summaries(run.run_id)][:MOST_CUSTOMERS]
    entries = list(Reader(services).read(ids).entries.values())
    middle = len(entries) // 2
    training = gaps_of(services, entries[:middle], N_TRAINING, draw)
    test = gaps_of(services, entries[middle:], N_TEST, draw)
    trained = train_dictionary(SIZE, training, level=LEVEL).as_bytes()
    compressor = ZstdCompressor(level=LEVEL, dict_data=ZstdCompressionDict(trained))
    packed = sum(len(compressor.compress(text)) for text in test) / len(test)
    sys.stdout.write(f"{sum(map(len, test)) / len(test):,.0f} bytes become {packed:,.0f}\n")
    with target.open("xb") as file:
        file.write(trained)
    services.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
