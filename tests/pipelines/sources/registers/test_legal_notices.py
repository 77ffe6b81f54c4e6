"""Notices reach the ledger as filings known from their publication, and what was undone leaves it again."""

import itertools
import json
from pathlib import Path

import numpy as np
import pytest

from models.errors import LedgerError
from models.features.build import FeatureBuilder
from models.ledger.files import fingerprint
from models.ledger.ledger import Ledger, as_known_on
from pipelines.sources.registers.legal_notices import import_notices
from pipelines.sources.registers.legal_units import import_legal_units
from tests.builders import a_filing
from tests.pipelines.sources.registers.builders import (
    DAY,
    ONE,
    READ_ON,
    TWO,
    a_csv,
    a_json,
    a_portfolio,
    filings,
    held,
    quarantine,
)
from tests.serving.registers.samples import (
    THREE,
    a_judgment,
    a_person,
    a_record,
    a_unit,
    as_v1,
    before,
    listed,
)

OPENED = "Jugement d'ouverture d'une procédure de redressement judiciaire"
LIQUIDATED = "Jugement de conversion en liquidation judiciaire"
FIRST = a_judgment(1, OPENED, "2026-01-05", "2026-01-08")


def a_dump(folder: Path, *records: dict[str, object], name: str = "dump.json") -> Path:
    return a_json(folder / name, {"results": list(records)})


def test_a_proceeding_is_entered_and_told(tmp_path: Path):
    folder = a_portfolio(tmp_path / "ledger")
    stranger = a_judgment(2, OPENED, "2026-01-05", "2026-01-08", THREE)
    summary = import_notices([a_dump(tmp_path, FIRST, stranger)], folder)
    assert filings(folder) == [(ONE, "receivership", "2026-01-05", "2026-01-08")]
    assert held(folder).filings["source"].tolist() == ["BODACC A202600011"]
    assert summary.new_proceedings == (ONE,)
    assert (summary.read, summary.kept, summary.elsewhere) == (2, 1, 1)


@pytest.mark.parametrize("kind", ["v2.1", "v1", "list", "lines", "csv"])
def test_every_shape_of_dump_tells_the_same(tmp_path: Path, kind: str):
    folder = a_portfolio(tmp_path / "ledger")
    path = tmp_path / "dump"
    records = [FIRST, a_judgment(2, LIQUIDATED, "10 février 2026", "2026-02-14")]
    match kind:
        case "v2.1":
            a_json(path, {"results": records})
        case "v1":
            a_json(path, {"records": [as_v1(record) for record in records]})
        case "list":
            a_json(path, records)
        case "lines":
            path.write_text("\n".join(json.dumps(record) for record in records))
        case "csv":
            a_csv(path, [{**record, "registre": ",".join(record["registre"])} for record in records], ";")
    import_notices([path], folder)
    assert [row[1:] for row in filings(folder)] == [
        ("liquidation", "2026-02-10", "2026-02-14"),
        ("receivership", "2026-01-05", "2026-01-08"),
    ]


@pytest.mark.slow
def test_whatever_order_files_come_in_and_how_often_the_ledger_is_the_same(tmp_path: Path):
    dumps = [
        a_dump(tmp_path, FIRST, name="1.json"),
        a_dump(
            tmp_path,
            a_judgment(2, LIQUIDATED, "2026-02-01", "2026-02-10", typeavis="rectificatif",
                       parutionavisprecedent=before(1)),
            name="2.json",
        ),
        a_dump(
            tmp_path,
            a_record(3, "collective", "2026-03-01", typeavis="annulation", parutionavisprecedent=before(9)),
            a_judgment(9, OPENED, "2026-02-20", "2026-02-25", TWO),
            name="3.json",
        ),
    ]  # fmt: skip
    ends = set()
    for number, order in enumerate(itertools.permutations([*dumps, dumps[0]])):
        folder = a_portfolio(tmp_path / f"ledger{number}")
        for path in order:
            import_notices([path], folder)
        ends.add(fingerprint(held(folder)))
        assert filings(folder) == [(ONE, "liquidation", "2026-02-01", "2026-02-10")]
    assert len(ends) == 1


ANNULLED = a_record(2, "collective", "2026-02-01", typeavis="annulation", parutionavisprecedent=before(1))


def in_force(folder: Path, day: str) -> list[str]:
    """Return the kinds of filings that count at the end of a day."""
    frame = as_known_on(held(folder), DAY(day).date()).filings
    return frame.loc[frame["withdrawn_on"].isna(), "kind"].tolist()


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_an_annulled_notice_counts_between_its_publication_and_its_annulment(
    tmp_path: Path, order: tuple[int, int]
):
    folder = a_portfolio(tmp_path / "ledger")
    dumps = [a_dump(tmp_path, FIRST, name="1.json"), a_dump(tmp_path, ANNULLED, name="2.json")]
    for place in (*order, *order):
        import_notices([dumps[place]], folder)
    days = ("2026-01-07", "2026-01-08", "2026-01-31", "2026-02-01")
    assert [in_force(folder, day) for day in days] == [[], ["receivership"], ["receivership"], []]
    known = [customer_proceedings(held(folder), day) for day in days]
    assert known == [0, 1, 1, 0]


def test_a_corrected_notice_counts_until_its_correction_does(tmp_path: Path):
    folder = a_portfolio(tmp_path / "ledger")
    corrected = a_judgment(
        2, LIQUIDATED, "2026-01-05", "2026-02-10", typeavis="rectificatif", parutionavisprecedent=before(1)
    )
    import_notices([a_dump(tmp_path, FIRST, corrected)], folder)
    assert in_force(folder, "2026-02-09") == ["receivership"]
    assert in_force(folder, "2026-02-10") == ["liquidation"]


def test_a_proceeding_told_anew_after_its_annulment_counts_again_and_not_in_between(tmp_path: Path):
    folder = a_portfolio(tmp_path / "ledger")
    again = a_judgment(3, OPENED, "2026-01-05", "2026-03-01")
    import_notices([a_dump(tmp_path, FIRST, ANNULLED, again)], folder)
    days = ("2026-01-31", "2026-02-01", "2026-02-28", "2026-03-01")
    assert [in_force(folder, day) for day in days] == [["receivership"], [], [], ["receivership"]]


def test_what_another_source_tells_still_counts_when_a_notice_is_annulled(tmp_path: Path):
    mine = {"siren": ONE, "customer_id": None, "kind": "receivership", "source": "by hand"}
    mine |= {"judged_on": DAY("2026-01-05"), "published_on": DAY("2026-01-20")}
    folder = a_portfolio(tmp_path / "ledger", filings=[mine])
    for _ in range(2):
        import_notices([a_dump(tmp_path, FIRST, ANNULLED)], folder)
        assert filings(folder) == [(ONE, "receivership", "2026-01-05", "2026-01-08")]
        assert held(folder).filings["source"].tolist() == ["by hand"]


def customer_proceedings(ledger: Ledger, day: str) -> float:
    """Return how many proceedings the features of the first customer count on a day."""
    number = np.array([DAY(day).to_datetime64().astype("datetime64[D]").astype(np.int64)])
    frame = FeatureBuilder.of(ledger).customers(np.zeros(1, dtype=np.int64), number)
    return float(frame["proceedings"].iloc[0])


def test_what_a_buyer_bought_is_not_its_trouble(tmp_path: Path):
    folder = a_portfolio(tmp_path / "ledger")
    sale = a_record(
        1, "vente", "2026-01-08", registre=[ONE, THREE], listepersonnes=listed(a_person(ONE)),
        listeprecedentproprietaire=listed(a_person(THREE)),
    )  # fmt: skip
    summary = import_notices([a_dump(tmp_path, sale)], folder)
    assert filings(folder) == []
    assert (summary.kept, summary.without_effect) == (0, 1)


def test_an_unknown_nature_is_told_in_its_own_words_and_waits_for_a_person(tmp_path: Path):
    folder = a_portfolio(tmp_path / "ledger")
    summary = import_notices(
        [a_dump(tmp_path, a_judgment(1, "Autre jugement prononçant", "2026-01-05", "2026-01-08"))], folder
    )
    assert [kind for _, kind, *_ in filings(folder)] == ["unknown"]
    assert summary.unknown == {"Autre jugement prononçant": 1}


def test_other_sources_filings_stay(tmp_path: Path):
    mine = {**a_filing("safeguard", 1, 5, None), "siren": ONE, "source": "by hand"}
    folder = a_portfolio(tmp_path / "ledger", filings=[mine])
    import_notices([a_dump(tmp_path, FIRST)], folder)
    assert [row[1] for row in filings(folder)] == ["receivership", "safeguard"]


def test_an_event_that_two_registers_tell_of_is_known_from_the_earlier(tmp_path: Path):
    folder = a_portfolio(tmp_path / "ledger")
    ended = '{"dateCessationActivitePP": "2025-11-30"}'
    import_notices([a_dump(tmp_path, a_record(1, "radiation", "2026-02-01", radiationaurcs=ended))], folder)
    assert filings(folder) == [(ONE, "closure", "2025-11-30", "2026-02-01")]
    ceased = a_unit(ONE, etatAdministratifUniteLegale="C", dateDebut="2025-11-30")
    import_legal_units([a_csv(tmp_path / "stock.csv", [ceased])], folder, READ_ON)
    assert filings(folder) == [(ONE, "closure", "2025-11-30", "2026-01-15")]


def test_a_deposit_kept_from_the_public_is_a_confidential_year(tmp_path: Path):
    folder = a_portfolio(tmp_path / "ledger")
    depot = '{"dateCloture": "2024-12-31", "descriptif": "déclaration de confidentialité"}'
    import_notices([a_dump(tmp_path, a_record(1, "dpc", "2025-08-01", depot=depot))], folder)
    (year,) = held(folder).accounts.to_dict("records")
    assert (year["siren"], year["confidential"], year["published_on"]) == (ONE, True, DAY("2025-08-01"))


def test_a_broken_record_goes_to_quarantine_with_its_place(tmp_path: Path):
    folder = a_portfolio(tmp_path / "ledger")
    broken = a_judgment(2, OPENED, "2026-01-05", "2026-01-08", jugement="{")
    summary = import_notices([a_dump(tmp_path, FIRST, broken)], folder)
    assert quarantine(folder)[["line", "value", "reason"]].to_numpy().tolist() == [
        ["2", "A202600022", "jugement holds no JSON"]
    ]
    assert (summary.read, summary.kept, summary.refused, summary.exit_code) == (2, 1, 1, 3)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b'{"results": [', "is no JSON"),
        (b"[" * 100_000, "is no JSON"),
        (b'{"error": 1}', "neither results nor records"),
        (b"", "is empty"),
        (b"id;dateparution\nx;y\n", "has no column 'familleavis'"),
        (b"\xff\xfe\x00", "cannot be read as CSV in UTF-8"),
        (b"x" * 5_000_000, "has no column|row of more than"),
    ],
)
def test_a_file_that_is_no_dump_changes_nothing(tmp_path: Path, content: bytes, words: str):
    folder = a_portfolio(tmp_path / "ledger")
    before_ = fingerprint(held(folder))
    (tmp_path / "dump").write_bytes(content)
    with pytest.raises(LedgerError, match=words):
        import_notices([tmp_path / "dump"], folder)
    assert fingerprint(held(folder)) == before_
    assert not (folder / "registers").exists()


def test_an_event_told_again_is_known_alike_whatever_order_its_notices_came_in(tmp_path: Path):
    first = a_dump(tmp_path, FIRST, name="1.json")
    undone = a_dump(
        tmp_path,
        a_record(2, "collective", "2026-02-01", typeavis="annulation", parutionavisprecedent=before(1)),
        a_judgment(3, OPENED, "2026-01-05", "2026-03-01"),
        name="2.json",
    )
    for number, order in enumerate(itertools.permutations([first, undone])):
        folder = a_portfolio(tmp_path / f"ledger{number}")
        for path in order:
            import_notices([path], folder)
        assert filings(folder) == [(ONE, "receivership", "2026-01-05", "2026-03-01")]
