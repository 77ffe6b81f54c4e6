"""Commands read the parts of a ledger as known on the day that was asked for."""

import datetime as dt
from pathlib import Path

from models.ledger.files import write_ledger
from pipelines.cli.wiring import ledger_parts
from tests.builders import a_customer, a_ledger, an_invoice, on

LAST, LATER = on(10).item(), on(90).item()


def test_a_day_after_the_last_one_stays_unless_nothing_is_known_of_it(tmp_path: Path):
    write_ledger(a_ledger([an_invoice("F1", 10, 40)], customers=[a_customer()]), tmp_path)
    days = {}
    for as_of, until_last in ((None, False), (LATER, False), (LATER, True), (on(5).item(), True)):
        with ledger_parts(tmp_path, as_of, until_last=until_last) as (parts, _):
            days[as_of, until_last] = parts.as_of
    assert days == {
        (None, False): LAST.date(),
        (LATER, False): LATER.date(),
        (LATER, True): LAST.date(),
        (on(5).item(), True): dt.date(2024, 1, 6),
    }
