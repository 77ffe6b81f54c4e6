"""Lookup of one company in the registers: each value with its source and date.

Owns the combination of answers. An unavailable register does not affect the others: it is reported, and its
values stay unknown.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from models.errors import RegisterAwayError, RegisterError
from models.ledger.currency import EUR
from models.ledger.tables import UNREAD
from serving.registers import bodacc, company_search, ratios, sirene
from serving.registers.client import RegisterClient
from serving.registers.identifiers import siren_in
from serving.registers.notices import standing
from serving.registers.yearly_accounts import published

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from serving.registers.client import Register, RegisterResponse
    from serving.registers.companies import Company
    from serving.registers.notices import Notice
    from serving.registers.yearly_accounts import YearAccounts

T = TypeVar("T")
State = Literal["found", "unknown", "away"]
FIELDS = ("name", "naf", "legal_form", "headcount", "created_on", "active", "ceased_on", "natural_person")


@dataclass(frozen=True, slots=True)
class Fact:
    """One value, its register, and the day from which the register knows it."""

    value: str | float | bool | dt.date
    source: str
    as_of: dt.date


@dataclass(frozen=True, slots=True)
class ProspectFacts:
    """Facts about a company from the registers.

    Parameters
    ----------
    state
        `found`; `unknown` if the register of companies has no such SIREN; `away` if it is unavailable.
    facts
        Values by name, of `FIELDS`; unknown ones are absent.
    notices
        Valid filings, sorted by publication.
    unread
        Judgments of an unrecognised nature, for review.
    accounts
        Yearly accounts, the latest last.
    away
        Failed registers, and the reasons.
    fetched
        Retrieval date by register; for several answers the oldest.
    """

    siren: str
    state: State
    facts: Mapping[str, Fact]
    notices: tuple[Notice, ...]
    unread: tuple[Notice, ...]
    accounts: tuple[YearAccounts, ...]
    away: Mapping[str, str]
    fetched: Mapping[str, dt.date] = field(default_factory=dict)

    def document(self) -> dict[str, Any]:
        """Return all facts as JSON values, each with its source and date."""
        told = [
            {"kind": one.kind, "happened_on": one.happened_on.isoformat(), "detail": one.detail,
             "source": f"{bodacc.NAME} {one.notice_id}", "as_of": one.published_on.isoformat(),
             "fetched_on": self._fetched(bodacc.NAME)}
            for one in (*self.notices, *self.unread)
        ]  # fmt: skip
        years = [
            {"closed_on": year.closed_on.isoformat(), "confidential": year.confidential,
             "months": year.months, "currency": EUR, "figures": dict(year.figures),
             "source": year.source, "as_of": year.known_on.isoformat(),
             "fetched_on": self._fetched(year.source)}
            for year in self.accounts
        ]  # fmt: skip
        facts = {
            name: {"value": _plain(fact.value), "source": fact.source, "as_of": fact.as_of.isoformat(),
                   "fetched_on": self._fetched(fact.source)}
            for name, fact in self.facts.items()
        }  # fmt: skip
        fetched = {name: day.isoformat() for name, day in self.fetched.items()}
        return {"siren": self.siren, "state": self.state, "facts": facts, "notices": told, "accounts": years,
                "away": dict(self.away), "fetched": fetched}  # fmt: skip

    def _fetched(self, source: str) -> str | None:
        """Return when the register of a source was queried."""
        days = (day for name, day in self.fetched.items() if source.startswith(name))
        return next((day.isoformat() for day in days), None)


def look_up(siren: str, client: RegisterClient) -> ProspectFacts:
    """Look up a company: its identity, its published notices, its latest accounts.

    Never raises because a register is away or lies: it is named in `away`.

    Raises
    ------
    RegisterError
        The number is no SIREN; no register is queried.
    """
    number = siren_in(siren)
    if number is None:
        raise RegisterError(f"{siren!r} is no SIREN: nine digits, the last one a Luhn key")
    away: dict[str, str] = {}
    register = sirene.NAME if client.settings.sirene_key else company_search.NAME
    noting = _Noting(client)
    company = _part(lambda: company_of(number, noting), None, register, away)
    found = _part(lambda: bodacc.fetch(noting, number), None, bodacc.NAME, away)
    years = _part(lambda: ratios.fetch(noting, number), list["YearAccounts"](), ratios.NAME, away)
    if company is None:
        state: State = "away" if register in away else "unknown"
    else:
        state = "found"
    if found and found.faults:
        away[bodacc.NAME] = f"{len(found.faults)} notices cannot be read: {found.faults[0]}"
    notices = [one for one in standing(found.notices if found else ()) if one.siren == number]
    by_day = sorted(notices, key=lambda one: (one.published_on, one.notice_id))
    return ProspectFacts(
        siren=number,
        state=state,
        facts=facts_of(company, register) if company else {},
        notices=tuple(one for one in by_day if one.is_filing and one.kind != UNREAD),
        unread=tuple(one for one in by_day if one.kind == UNREAD),
        accounts=tuple(published(years, notices)),
        away=away,
        fetched=noting.fetched(),
    )


def company_of(siren: str, client: RegisterClient) -> Company | None:
    """Query Sirene if a key is configured, else the company search.

    Raises
    ------
    RegisterAwayError, RegisterError
        It is away, or answers something else.
    """
    if client.settings.sirene_key:
        return sirene.fetch(client, siren)
    return company_search.fetch(client, siren)


def facts_of(company: Company, source: str) -> dict[str, Fact]:
    """Return the known values of a company, each with its source and date."""
    values = {name: getattr(company, name) for name in FIELDS}
    return {
        name: Fact(value, source, company.known_on) for name, value in values.items() if value is not None
    }


def _plain(value: str | float | bool | dt.date) -> str | float | bool:  # noqa: FBT001  # a value of any kind
    return value.isoformat() if isinstance(value, dt.date) else value


class _Noting(RegisterClient):
    """Client that delegates to another and records the retrieval dates of the answers used."""

    def __init__(self, client: RegisterClient) -> None:
        self.settings, self._client = client.settings, client
        self._days: dict[tuple[str, str], dt.date] = {}

    def fetched(self) -> dict[str, dt.date]:
        """Return the oldest day of each register's answers."""
        found: dict[str, dt.date] = {}
        for (name, _), day in self._days.items():
            found[name] = min(found.get(name, day), day)
        return found

    def fetch(
        self,
        register: Register,
        path: str,
        read: Callable[[RegisterResponse], T],
        params: Mapping[str, str] | None = None,
    ) -> T:
        """Query, and record the date of a readable answer."""

        def noted(answer: RegisterResponse) -> T:
            made = read(answer)
            self._days[register.name, f"{path}?{params}"] = answer.fetched_on
            return made

        return self._client.fetch(register, path, noted, params)


def _part(fetch: Callable[[], T], nothing: T, register: str, away: dict[str, str]) -> T:
    try:
        return fetch()
    except RegisterAwayError as error:
        away[register] = str(error)
    except RegisterError as error:
        away[register] = f"its answer cannot be used: {error}"
    return nothing
