"""Which column of an unknown table is what: guessed from its beginning, and written as a mapping.

Owns the fields that a person may assign and the words by which a header is recognised. A table has one line
an invoice, with the day of its payment where it was paid.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import re
import unicodedata
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from models.errors import LedgerError
from pipelines.source_files import ZIP, ImportBounds
from pipelines.sources.mapping.loading import load_mapping
from pipelines.sources.mapping.reading import picked_columns, read_contents, read_records
from pipelines.sources.mapping.shape import FileShape
from serving.usecases.uploads import FIELDS, NEEDED

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

READ_ROWS = 200
SAMPLES = 3
_DATES = ("%Y-%m-%d", "%d/%m/%Y", "%d/%m/%y", "%d.%m.%Y", "%d-%m-%Y", "%Y%m%d", "%Y/%m/%d", "%m/%d/%Y")
_DAYS = ("issued_on", "due_on", "settled_on")
_WORDS: dict[str, tuple[str, ...]] = {
    "siren": (r"siren", r"siret", r"(n|no|numero) ?(de )?tva", r"vat( number| no| id)?"),
    "settled_on": (
        r"(date|jour).*(reglement|paiement|encaissement|solde|lettrage)",
        r"(regle|paye|encaisse|solde)e? le",
        r"(date )?(paid|payment|cleared?|clearing|settle(d|ment))( date| on)?",
    ),
    "due_on": (r".*echeance.*", r".*\bdue\b.*", r"date limite.*", r"(a )?payer (avant )?le"),
    "issued_on": (
        r"date( de)?( la)? ?(facture|facturation|emission|piece|document|comptable)?",
        r"(emise?|facturee?) le",
        r"(invoice|document|posting|issue)d? ?(date|on)",
    ),
    "invoice_id": (
        r"((n|no|num|numero|ref|reference)( de)?( la)? ?)?(facture|piece|document)s?",
        r"(facture|piece|document) (n|no|num|numero)",
        r"(invoice|document|doc|bill)( (no|number|id|num|ref))?",
        r"reference",
    ),
    "customer_id": (
        r"((code|n|no|num|numero|id|compte|ref|reference)( du| de)? ?)?(client|tiers|debiteur)",
        r"(client|tiers)( (code|n|no|num|numero|id))?",
        r"compte( (auxiliaire|tiers))?",
        r"(customer|cust|account|debtor)( (no|number|id|num|code))?",
    ),
    "name": (
        r"(nom|raison sociale|societe|libelle|intitule|denomination)( du( compte)?)? ?(client|tiers)?",
        r"(customer|company|account|debtor|partner) ?name",
        r"name",
    ),
    "amount_cents": (
        r"(montant|total|net)( (total|facture|initial|du))?( (ttc|t t c))?( (en )?(eur|euros?))?",
        r"(total |net )?a payer( ttc)?",
        r"ttc",
        r"(invoice |total |gross )?(amount|total)( (incl( vat)?|eur|due))?",
    ),
}


@dataclass(frozen=True, slots=True)
class UnknownTable:
    """The beginning of a table.

    Parameters
    ----------
    shape
        How the file is written, as far as its beginning tells.
    header
        The headers that are not empty, in their order.
    samples
        The first values that are not empty, by header.
    guesses
        The header of each field that was recognised.
    """

    shape: FileShape
    header: tuple[str, ...]
    samples: Mapping[str, tuple[str, ...]]
    guesses: Mapping[str, str]


def unknown_table(path: Path) -> UnknownTable:
    """Read the beginning of a table and guess which column is what.

    Raises
    ------
    LedgerError
        It is no table: neither a workbook nor text with several columns.
    """
    (content,) = read_contents([path])
    shape = _shape(path, content.data)
    rows = [record.cells for record in islice(read_records(path, content.data, shape), READ_ROWS)]
    header = [cell.strip() for cell in rows[0]] if rows else []
    if sum(map(bool, header)) < 2:
        raise LedgerError(f"{path.name} is no table: a line of headers with several columns was expected")
    values = {
        name: [row[at].strip() for row in rows[1:] if at < len(row) and row[at].strip()]
        for at, name in enumerate(header)
        if name
    }
    guesses = guess(list(values))
    shape = _with_notation(shape, values, guesses, is_workbook=content.data[:4] == ZIP)
    samples = {name: tuple(found[:SAMPLES]) for name, found in values.items()}
    return UnknownTable(shape, tuple(values), samples, guesses)


def guess(header: Sequence[str]) -> dict[str, str]:
    """Return the header of each field that is recognised by its words; a header is one field's only.

    Examples
    --------
    >>> guess(["Code client", "N° facture", "Montant TTC"])
    {'invoice_id': 'N° facture', 'customer_id': 'Code client', 'amount_cents': 'Montant TTC'}
    """
    found: dict[str, str] = {}
    for field, patterns in _WORDS.items():
        for pattern in patterns:
            match = next(
                (one for one in header if one not in found.values() and re.fullmatch(pattern, plain(one))),
                None,
            )
            if match is not None:
                found[field] = match
                break
    if "customer_id" not in found and "name" in found:
        found["customer_id"] = found["name"]
    return found


def known_mapping(files: Sequence[Path], folders: Sequence[Path]) -> Path | None:
    """Return the mapping of some folders that reads most columns of all files; None where none reads them."""
    contents = read_contents(files)
    found: list[tuple[int, Path]] = []
    for path in (path for folder in folders for path in sorted(folder.glob("*.toml"))):
        with suppress(LedgerError):
            mapping = load_mapping(path)
            found.append((min(len(picked_columns(one, mapping)) for one in contents), path))
    most = max((count for count, _ in found), default=0)
    return next((path for count, path in found if count == most > 1), None)


def plain(header: str) -> str:
    """Return a header in small letters, without accents and signs.

    Examples
    --------
    >>> plain("N° de la Facture"), plain("Échéance (le)")
    ('n de la facture', 'echeance le')
    """
    letters = unicodedata.normalize("NFKD", header.replace("°", " ")).encode("ascii", "ignore").decode()
    return " ".join(re.sub(r"[^a-z0-9]+", " ", letters.lower()).split())


def mapping_text(
    table: UnknownTable, choices: Mapping[str, str], terms_days: int, currency: str = "EUR"
) -> str:
    """Return the mapping, as TOML, of what a person chose.

    Parameters
    ----------
    choices
        The header of each field of `FIELDS`; empty or missing where the table has none.
    terms_days
        Days from the issue to the due date, for invoices without one.

    Raises
    ------
    LedgerError
        A field that is needed has no column, or a column is none of the table's.
    """
    chosen = {field: choices[field] for field in FIELDS if choices.get(field)}
    lacking = [field for field in NEEDED if field not in chosen]
    if lacking:
        raise LedgerError(f"no column was chosen for {', '.join(lacking)}; an invoice needs them")
    if odd := [header for header in chosen.values() if header not in table.header]:
        raise LedgerError(f"the table has no column {odd[0]!r}")
    due = f"column = {_text(chosen['due_on'])}, " if "due_on" in chosen else ""
    customer = [
        f"{field} = {_text(chosen[field])}" for field in ("customer_id", "name", "siren") if field in chosen
    ]
    lines = ["[file]", *_file_lines(table.shape), "", "[[customers]]", *customer]
    for kind, sign, negate in (("invoice", "positive", ""), ("credit_note", "negative", ", negate = true")):
        lines += [
            "",
            "[[invoices]]",
            f"where = {{ {_text(chosen['amount_cents'])} = {_text(sign)} }}",
            f"invoice_id = {_text(chosen['invoice_id'])}",
            f"customer_id = {_text(chosen['customer_id'])}",
            f"kind = {{ constant = {_text(kind)} }}",
            f"issued_on = {_text(chosen['issued_on'])}",
            f'due_on = {{ {due}after = "issued_on", days = {terms_days} }}',
            f"amount_cents = {{ column = {_text(chosen['amount_cents'])}{negate} }}",
            f"currency = {{ constant = {_text(currency)} }}",
        ]
    if "settled_on" in chosen:
        lines += ["", "[matching]", f"settled_on = {_text(chosen['settled_on'])}"]
    return "\n".join(lines) + "\n"


def _file_lines(shape: FileShape) -> list[str]:
    given = shape.model_dump(exclude_defaults=True)
    return [
        f"{name} = [{', '.join(map(_text, value))}]"
        if isinstance(value, list)
        else f"{name} = {_text(value)}"
        for name, value in given.items()
    ]


def _text(value: object) -> str:
    """Write a value as TOML; JSON's strings and whole numbers are written alike."""
    return json.dumps(value, ensure_ascii=False)


def _shape(path: Path, data: bytes) -> FileShape:
    """Return how a file is written: a workbook, or text with its encoding, separator and first line."""
    if data[:4] == ZIP:
        return FileShape(format="excel")
    encoding = "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        encoding = "cp1252"
        text = data.decode(encoding, "replace")
    lines = text.splitlines()[:READ_ROWS]
    best, first, most = ",", 0, 1
    for separator in ";\t,|":
        rows = [next(csv.reader(io.StringIO(line), delimiter=separator), []) for line in lines]
        counts = [len(row) for row in rows]
        usual = max(set(counts), key=counts.count, default=0)
        if usual > most:
            best, most = separator, usual
            # A title above the headers fills fewer cells than they do.
            first = next(at for at, row in enumerate(rows) if 2 * sum(map(bool, row)) > usual == len(row))
    ImportBounds().check_columns(path, 1, most)
    return FileShape(format="csv", separator=best, encoding=encoding, skip_rows=first)


def _with_notation(
    shape: FileShape, values: Mapping[str, Sequence[str]], guesses: Mapping[str, str], *, is_workbook: bool
) -> FileShape:
    """Add how days and amounts are written, as the columns that were recognised have them."""
    days = [text for field in _DAYS if field in guesses for text in values[guesses[field]]]
    amounts = values[guesses["amount_cents"]] if "amount_cents" in guesses else []
    fitting = {form: sum(_is_day(text, form) for text in days) for form in _DATES}
    best = max(_DATES, key=lambda form: fitting[form])
    dates = [best] if fitting[best] > len(days) / 2 else []
    if is_workbook:
        dates = ["%Y-%m-%d", *dates]
    return shape.model_copy(
        update={"dates": list(dict.fromkeys(dates or list(_DATES[:2]))), **_number_signs(amounts)}
    )


def _number_signs(amounts: Sequence[str]) -> dict[str, str]:
    """Return the decimal sign and the sign between thousands that all amounts fit, the French ones first."""
    plain_amounts = [re.sub(r"[€\s\u00a0\u202f]", "", text) for text in amounts]
    grouped = " " if any(re.search(r"\d[\s\u00a0\u202f]\d", text) for text in amounts) else ""
    for decimal, thousands in ((",", grouped), (".", grouped), (",", "."), (".", ",")):
        group = re.escape(thousands.strip())
        figure = rf"-?(\d+|\d{{1,3}}({group}\d{{3}})*)({re.escape(decimal)}\d{{1,4}})?"
        if plain_amounts and all(re.fullmatch(figure, text) for text in plain_amounts):
            return {"decimal": decimal, "thousands": thousands}
    return {}


def _is_day(text: str, form: str) -> bool:
    try:
        dt.datetime.strptime(text, form)  # noqa: DTZ007  # a day has no zone
    except ValueError:
        return False
    return True
