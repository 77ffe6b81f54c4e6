"""Mutated FEC files and lists: every cent accounted for, or the file refused; nothing lost in silence.

Run as `python -m benchmarks.mutated_fec [trials] [seed]`. Each trial changes a small sound file in one to
four places, as exporters, spreadsheets and hands do, and imports it into a new ledger. The import's figures
are compared with an independent count of the file's text.
"""

from __future__ import annotations

import random
import re
import sys
import tempfile
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Table = list[list[str]]
    Change = Callable[[random.Random, Table], None]

SELLER = "999000003"
CELLS = (
    *("", " ", "0", "-", "00000000", "20250230", "31/12/2024", "2025-01-31", "20991231", "1e5", "12.50"),
    *(
        "1 234,56",
        "-12,00",
        "1.234.567,89",
        "NaN",
        "=1+1",
        "\x00",
        "é",
        "ÿ\x1b[31m",
        "A" * 5000,
        '"',
        "'",
        ";",
    ),
    *(
        "411000",
        "416000",
        "4117",
        "467000",
        "401000",
        "41",
        "AN",
        "AA",
        "Échéance 31/02/2025",
        "999999999999",
    ),
)
LIST_MAPPING, LIST_SAMPLE = Path("data/mappings/sap_fbl5n.toml"), Path("data/samples/fbl5n.txt")
COUNTED, REFUSED, SILENT, CRASHED = "accounted for", "refused", "silent", "crashed"


def _cell(rng: random.Random, table: Table) -> None:
    row = rng.choice(table[1:] or table)
    row[rng.randrange(len(row))] = rng.choice(CELLS)


def _swapped(rng: random.Random, table: Table) -> None:
    row = rng.choice(table)
    one, other = rng.randrange(len(row)), rng.randrange(len(row))
    row[one], row[other] = row[other], row[one]


def _dropped(rng: random.Random, table: Table) -> None:
    del table[rng.randrange(len(table))]


def _doubled(rng: random.Random, table: Table) -> None:
    table.insert(rng.randrange(1, len(table) + 1), list(rng.choice(table)))


def _without_column(rng: random.Random, table: Table) -> None:
    place = rng.randrange(len(table[0]))
    for row in table:
        del row[place : place + 1]


def _with_cell(rng: random.Random, table: Table) -> None:
    rng.choice(table).append(rng.choice(CELLS))


def _shortened(rng: random.Random, table: Table) -> None:
    row = rng.choice(table)
    del row[rng.randrange(len(row)) :]


def _renamed(rng: random.Random, table: Table) -> None:
    header = table[0]
    place = rng.randrange(len(header))
    header[place] = rng.choice([header[place].lower(), header[place] + " ", header[place][:-1], "X", ""])


def _shuffled(rng: random.Random, table: Table) -> None:
    body = table[1:]
    rng.shuffle(body)
    table[1:] = body


def _moved_account(rng: random.Random, table: Table) -> None:
    row = rng.choice(table)
    row[:] = [rng.choice(("411000", "416000", "411DUP", "467000")) if c.startswith("4") else c for c in row]


CHANGES: tuple[Change, ...] = (
    _cell, _cell, _cell, _swapped, _dropped, _doubled, _without_column, _with_cell, _shortened, _renamed,
    _shuffled, _moved_account,
)  # fmt: skip


def _bytes(rng: random.Random, content: bytes) -> bytes:
    """Damage the file as a whole, one time in three."""
    place = rng.randrange(len(content) + 1)
    kind = rng.randrange(12)
    if kind == 0:
        return content[:place]
    if kind == 1:
        return content[:place] + bytes(rng.randrange(256) for _ in range(8)) + content[place:]
    if kind == 2:
        return content.replace(b"\n", b"\r\n")
    if kind == 3:
        return b"\xef\xbb\xbf" + content
    return content


@dataclass(frozen=True, slots=True)
class MutatedBook:
    """A sound file cut in cells."""

    name: str
    separator: str
    encoding: str
    rows: tuple[tuple[str, ...], ...]

    @classmethod
    def read(cls, path: Path, separator: str, encoding: str) -> MutatedBook:
        """Cut a file."""
        rows = path.read_text(encoding=encoding).splitlines()
        return cls(path.name, separator, encoding, tuple(tuple(row.split(separator)) for row in rows))

    def mutated(self, rng: random.Random) -> bytes:
        """Return the file changed in a few places."""
        table = [list(row) for row in self.rows]
        for _ in range(rng.randrange(1, 5)):
            change = rng.choice(CHANGES)
            if len(table) > 2 and all(table):
                change(rng, table)
        text = "\n".join(self.separator.join(row) for row in table) + "\n"
        return _bytes(rng, text.encode(self.encoding, "replace"))


def _figure(text: str) -> int | None:
    """Return the cents of a plain figure up to 100 billion, None where it takes judgment to read it."""
    found = re.fullmatch(r"([+-]?)(\d{1,11})(?:[.,](\d{1,2}))?", text.strip())
    if found is None:
        return None
    cents = int(found[2]) * 100 + int((found[3] or "0").ljust(2, "0"))
    return -cents if found[1] == "-" else cents


def _counted(content: bytes) -> tuple[int, int] | None:
    """Return the cents on 411 and 416, debit and credit, of a file that reads plainly; None of any other."""
    try:
        lines = [
            line.split("\t") for line in content.decode().replace("\r\n", "\n").split("\n") if line.strip()
        ]
    except UnicodeDecodeError:
        return None
    if b"\0" in content:  # a line with one is refused unread, and counted as a line alone
        return None
    header = lines[0]
    names = ("CompteNum", "Debit", "Credit")
    if any(header.count(name) != 1 for name in names) or any(len(line) != len(header) for line in lines):
        return None
    account, debit, credit = (header.index(name) for name in names)
    mine = [line for line in lines[1:] if line[account].startswith(("411", "416"))]
    sides = [[_figure(line[side]) for line in mine] for side in (debit, credit)]
    if any(value is None for side in sides for value in side):
        return None
    return sum(filter(None, sides[0])), sum(filter(None, sides[1]))


def tried(is_whole: Callable[[Path, bytes], bool], book: MutatedBook, seed: int) -> str:
    """Import one mutated file, and say what came of it."""
    from models.errors import CreditError

    content = book.mutated(random.Random(seed))
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / book.name
        path.write_bytes(content)
        try:
            return COUNTED if is_whole(path, content) else f"{SILENT}: seed {seed}"
        except CreditError:
            return REFUSED
        except Exception as error:  # noqa: BLE001  # what the benchmark looks for
            return f"{CRASHED}: {error!r}"[:160]


def is_whole_fec(path: Path, content: bytes) -> bool:
    """Import a FEC; tell whether every cent is accounted for."""
    from models.ledger.files import read_ledger
    from pipelines.sources.fec.importing import import_fec

    folder = path.parent / "ledger"
    summary = import_fec([path], folder)
    file, ledger = summary.files[0], read_ledger(folder)
    is_note, cents = ledger.invoices["kind"].eq("credit_note"), ledger.invoices["amount_cents"]
    left = int(cents.where(~is_note, -cents).sum()) - int(ledger.payments["amount_cents"].sum())
    counted = _counted(content)
    return (
        (file.gap_lines, file.gap_debit, file.gap_credit) == (0, 0, 0)
        and summary.open_cents == summary.balance_cents == left
        and (counted is None or counted == (file.debit, file.credit))
    )


def is_whole_list(path: Path, _: bytes) -> bool:
    """Import a list; tell whether every row and cent is accounted for."""
    from pipelines.sources.mapping.importing import import_files

    summary = import_files(LIST_MAPPING, [path], path.parent / "ledger")
    rows = summary.rows_taken + summary.rows_refused + summary.rows_skipped
    return rows == summary.rows_read and not any(one.gap.rows or one.gap.cents for one in summary.balances)


def books(folder: Path) -> tuple[MutatedBook, MutatedBook]:
    """Make the sound files: a year of a dozen customers, and the sample of a list."""
    from pipelines.demo.fec import Style, write_years
    from pipelines.demo.simulator import simulate

    ledger, _ = simulate(12, 12, 1)
    first = write_years(ledger, folder, Style(lettered_share=0.7, due_label_share=0.5, purchases=10))[0]
    return MutatedBook.read(first, "\t", "utf-8"), MutatedBook.read(LIST_SAMPLE, "\t", "cp1252")


def main(trials: int = 10_000, seed: int = 1) -> None:
    """Print what became of so many mutated files, half of them FEC files."""
    with tempfile.TemporaryDirectory() as name, ProcessPoolExecutor() as pool:
        fec, table = books(Path(name))
        print(f"{trials:,} files: a FEC of {len(fec.rows):,} lines, a list of {len(table.rows):,} rows")
        for kind, work in (
            ("FEC", partial(tried, is_whole_fec, fec)),
            ("list", partial(tried, is_whole_list, table)),
        ):
            seeds: Sequence[int] = range(seed, seed + trials // 2)
            found = Counter(pool.map(work, seeds, chunksize=20))
            print(kind, *(f"{outcome} {count:,}" for outcome, count in found.most_common()), sep="\n  ")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
