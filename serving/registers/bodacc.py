"""Parser of the BODACC's legal notices: one record of the open data, v1 or v2.1, as notices on companies.

Owns the formats: JSON inside strings, French days, registration numbers as a list or joined by commas, the
parties of a sale. `notices` applies corrections and annulments.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from models.errors import RegisterError
from serving.registers.client import Register
from serving.registers.dates import day_in, plain
from serving.registers.documents import fields_of, inside, part, records_in, rows, text
from serving.registers.identifiers import siren_in
from serving.registers.judgments import DISSOLUTION, NONE, UNKNOWN, judgment_meaning
from serving.registers.notices import ANNULS, CORRECTS, REGISTERED, SAYS, STRUCK_OFF, Notice

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable

    from serving.registers.client import RegisterClient, RegisterResponse
    from serving.registers.settings import RegisterSettings

NAME = "BODACC"
PATH = "catalog/datasets/annonces-commerciales/records"
PAGE, MOST_PAGES = 100, 20
_ROLES = {"annonce": SAYS, "rectificatif": CORRECTS, "annulation": ANNULS}
_LIVES = re.compile(
    r"transfert .*(?:siege|ressort|greffe|etablissement)|hors ressort"
    r"|etablissement (?:secondaire|complementaire)|succursale"
)
"""Terms of a striking off that ends no company: its seat moved to another court's district, or a branch."""
_DIGITS = re.compile(r"\d+")


def register(settings: RegisterSettings) -> Register:
    """Return the register's address and limits."""
    return Register(NAME, settings.bodacc_url, settings.bodacc_per_s)


@dataclass(frozen=True, slots=True)
class ParsedNotices:
    """Parsed notices, and the number and fault of each unreadable one."""

    notices: tuple[Notice, ...]
    faults: tuple[str, ...]
    records: int


def fetch(client: RegisterClient, siren: str) -> ParsedNotices:
    """Return every notice that names a company, deposits of accounts included.

    Notices mainly about others are included, such as the seller in a sale.

    Raises
    ------
    RegisterAwayError, RegisterError
        The register is unavailable, answers something else, or its pages do not end.
    """
    found = ParsedNotices((), (), 0)
    for page in range(MOST_PAGES):
        question = {
            "where": f'registre="{siren}"',
            "order_by": "dateparution desc, id",
            "limit": str(PAGE),
            "offset": str(page * PAGE),
        }
        one = client.fetch(register(client.settings), PATH, lambda answer: _page(answer, siren), question)
        found = ParsedNotices(
            found.notices + one.notices, found.faults + one.faults, found.records + one.records
        )
        if one.records < PAGE:
            return found
    raise RegisterError(f"{NAME} has more than {MOST_PAGES * PAGE:,} notices of {siren}; give a dump instead")


def _page(answer: RegisterResponse, siren: str) -> ParsedNotices:
    records = records_in(answer.document)
    notices: list[Notice] = []
    faults = []
    for record in records:
        try:
            _check_named(record, siren)
            notices += notices_in(record)
        except RegisterError as error:
            if siren not in _registered(fields_of(record)):
                raise
            faults.append(f"{text(fields_of(record), 'id') or 'a notice'}: {error}")
    return ParsedNotices(tuple(notices), tuple(faults), len(records))


def _check_named(record: object, siren: str) -> None:
    if siren not in named_in(record):
        raise RegisterError(f"{NAME} answered with a notice that does not name {siren}")


def named_in(record: object) -> set[str]:
    """Return every SIREN in a record, in any role."""
    fields = fields_of(record)
    lists = ("listepersonnes", "listeprecedentproprietaire", "listeprecedentexploitant")
    return {*_registered(fields), *(siren for name in lists for siren in _people(fields, name))}


def notices_in(record: object) -> list[Notice]:
    """Parse one record into a notice for each company that it is about.

    A sale concerns the seller: the buyer is in no trouble. A notice without a SIREN yields none, unless it
    supersedes another: then its own SIREN is empty. An event dated after its publication is dated at the
    publication.

    Raises
    ------
    RegisterError
        It has no number, no day of publication, a kind of notice that is unknown, or parts that are not JSON.
    """
    fields = fields_of(record)
    notice_id, published_on = text(fields, "id"), day_in(text(fields, "dateparution"))
    if not notice_id or published_on is None:
        raise RegisterError("a notice needs id and dateparution")
    written = text(fields, "typeavis") or "annonce"
    role = _ROLES.get(plain(written))
    if role is None:
        raise RegisterError(f"typeavis {written!r} is none of {', '.join(_ROLES)}")
    family = plain(text(fields, "familleavis"))
    about = (
        _sellers(fields) if family == "vente" else _people(fields, "listepersonnes") or _registered(fields)
    )
    kind, day, detail = _event(fields, family, published_on)
    if role == CORRECTS and _withdraws(fields):
        role = ANNULS
    if kind == DISSOLUTION:
        kind = NONE if _natural(fields) else "closure"
    undone = _undone(fields, published_on)
    if role == SAYS and undone and _retracts(fields):
        role = ANNULS
    if not about and role != SAYS:
        about, kind = [""], UNKNOWN
    undone = undone if role != SAYS else ""
    return [Notice(notice_id, who, kind, day, published_on, detail, role, undone) for who in about]


def _event(fields: dict[str, Any], family: str, published_on: dt.date) -> tuple[str, dt.date, str]:
    """Return the kind, date and text of the event."""
    if family in _READERS:
        return _READERS[family](fields, published_on)
    return NONE, published_on, text(fields, "familleavis_lib") or family


def _judgment(fields: dict[str, Any], published_on: dt.date) -> tuple[str, dt.date, str]:
    judgment = _inside(fields, "jugement")
    nature = text(judgment, "nature") or text(judgment, "famille")
    judged_on = _day(judgment, "date")
    if judged_on is None:
        return UNKNOWN, published_on, f"{nature} (sans date)".strip()
    meaning = judgment_meaning(nature, text(judgment, "complementJugement"))
    return meaning, min(judged_on, published_on), nature


def _striking_off(fields: dict[str, Any], published_on: dt.date) -> tuple[str, dt.date, str]:
    struck = _inside(fields, "radiationaurcs")
    comment = text(struck, "commentaire")
    if _LIVES.search(plain(comment)):
        return NONE, published_on, comment
    ended = _day(struck, "dateCessationActivitePP") or _day(
        part(struck, "radiationPP"), "dateCessationActivitePP"
    )
    return "closure", min(ended or published_on, published_on), STRUCK_OFF


def _sale(fields: dict[str, Any], published_on: dt.date) -> tuple[str, dt.date, str]:
    act = _inside(fields, "acte")
    sold = _day(part(act, "vente"), "dateEffet") or _day(act, "dateEffet")
    words = text(act, "vente", "categorieVente") or "Vente"
    return "sale", min(sold or published_on, published_on), words


def _deposit(fields: dict[str, Any], published_on: dt.date) -> tuple[str, dt.date, str]:
    deposit = _inside(fields, "depot")
    closed_on = _day(deposit, "dateCloture")
    hidden = "confidentialite" in plain(text(deposit, "descriptif"))
    kind = "hidden_accounts" if hidden else "accounts"
    return (kind if closed_on else NONE), closed_on or published_on, text(deposit, "typeDepot")


def _registration(fields: dict[str, Any], published_on: dt.date) -> tuple[str, dt.date, str]:
    """Return the registration of a company or the opening of an establishment: the company is active."""
    act = _inside(fields, "acte")
    entered = part(act, "immatriculation") or part(act, "creation")
    begun = _day(entered, "dateCommencementActivite")
    words = text(entered, "categorieImmatriculation") or text(entered, "categorieCreation")
    return REGISTERED, min(begun or published_on, published_on), words or "Immatriculation"


_READERS: dict[str, Callable[[dict[str, Any], dt.date], tuple[str, dt.date, str]]] = {
    "collective": _judgment,
    "radiation": _striking_off,
    "vente": _sale,
    "dpc": _deposit,
    "immatriculation": _registration,
    "creation": _registration,
}
"""Parser of each family of notices; other families report no event of the ledger."""


def _inside(fields: dict[str, Any], name: str) -> object:
    found = inside(fields, name)
    if found is None and fields.get(name):
        raise RegisterError(f"{name} holds no JSON")
    return found


def _day(document: object, name: str) -> dt.date | None:
    written = text(document, name)
    day = day_in(written)
    if written and day is None:
        raise RegisterError(f"{name} {written!r} is no day")
    return day


def _sellers(fields: dict[str, Any]) -> list[str]:
    """Return the seller: the former owner, else the former operator, else nobody."""
    return _people(fields, "listeprecedentproprietaire") or _people(fields, "listeprecedentexploitant")


def _people(fields: dict[str, Any], name: str) -> list[str]:
    """Return the SIRENs of a list of persons, or of a single person."""
    found = []
    for person in rows(part(_inside(fields, name), "personne")):
        number = text(person, "numeroImmatriculation", "numeroIdentification")
        found.append(siren_in(number or text(person, "inscriptionRM", "numeroIdentificationRM")))
    return list(dict.fromkeys(siren for siren in found if siren))


def _registered(fields: dict[str, Any]) -> list[str]:
    """Return the SIRENs of `registre`: a list, or one text joined by commas; each occurs twice."""
    given = fields.get("registre")
    parts = given if isinstance(given, list) else str(given or "").split(",")
    return list(dict.fromkeys(siren for siren in map(siren_in, parts) if siren))


def _natural(fields: dict[str, Any]) -> bool:
    people = rows(part(_inside(fields, "listepersonnes"), "personne"))
    return bool(people) and all(text(person, "typePersonne") == "pp" for person in people)


def _withdraws(fields: dict[str, Any]) -> bool:
    """Return whether a correction cancels a striking off."""
    struck = plain(text(_inside(fields, "radiationaurcs"), "commentaire"))
    return "rapport" in struck and "radiation" in struck


def _retracts(fields: dict[str, Any]) -> bool:
    """Return whether a judgment cancels an earlier one after third-party opposition."""
    judgment = _inside(fields, "jugement")
    words = plain(f"{text(judgment, 'famille')} {text(judgment, 'nature')}")
    return "retractation sur tierce opposition" in words


def _undone(fields: dict[str, Any], published_on: dt.date) -> str:
    """Return the number of the referenced notice in standard form; empty without a reference."""
    before = _inside(fields, "parutionavisprecedent")
    letter = text(before, "nomPublication")[-1:].upper()
    issue = "".join(_DIGITS.findall(text(before, "numeroParution")))
    number = "".join(_DIGITS.findall(text(before, "numeroAnnonce"))).lstrip("0")
    if not (letter and issue and number):
        return ""
    if len(issue) <= 4:
        year = (_day(before, "dateParution") or published_on).year
        issue = f"{year}{int(issue):04d}"
    return f"{letter}{issue}{number}"
