"""Refresh of a ledger's companies from registers over HTTP, one by one, and update of the ledger at the end.

Answers are entered even if a register becomes unavailable meanwhile: the summary reports the companies not
queried, and the cache lets the next run resume there.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, TypeVar

from models.errors import RegisterAwayError, RegisterError
from models.ledger.versions import writing
from pipelines.sources.registers.entering import with_accounts, with_companies
from pipelines.sources.registers.legal_notices import not_understood, with_notices
from pipelines.sources.registers.notice_file import keep_notices, read_notices
from pipelines.sources.registers.portfolio import read_portfolio, save
from pipelines.sources.registers.summary import RegisterSummary, new_proceedings
from serving.registers import balance_sheets, bodacc, company_search, ratios, sirene
from serving.registers.judgments import NONE
from serving.registers.lookup import company_of
from serving.registers.notices import SAYS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from serving.registers.client import RegisterClient
    from serving.registers.companies import Company
    from serving.registers.notices import Notice
    from serving.registers.yearly_accounts import YearAccounts

T = TypeVar("T")


class _Asked:
    """Answers and failures of the registers so far."""

    def __init__(self) -> None:
        self.companies: dict[str, Company] = {}
        self.not_found: list[str] = []
        self.notices: list[Notice] = []
        self.years: list[YearAccounts] = []
        self.failed: Counter[str] = Counter()
        self.reasons: dict[str, str] = {}

    def ask(self, register: str, question: Callable[[], T]) -> T | None:
        """Return an answer, or None after recording why there is none."""
        try:
            return question()
        except RegisterAwayError as error:
            self.note(register, str(error))
        except RegisterError as error:
            self.note(register, f"its answer cannot be used: {error}")
        return None

    def note(self, register: str, reason: str) -> None:
        """Count a failed request; the first reason is reported."""
        self.failed[register] += 1
        self.reasons.setdefault(register, reason)

    @property
    def away(self) -> dict[str, str]:
        """Failed requests by register: their number and the first reason."""
        return {
            name: f"{count} not answered; first: {self.reasons[name]}" for name, count in self.failed.items()
        }


def refresh(
    folder: Path, client: RegisterClient, progress: Callable[[int, int], None] | None = None
) -> RegisterSummary:
    """Query the registers for every company of a ledger and enter their answers.

    Parameters
    ----------
    progress
        Called after each company with the numbers done and in total.

    Raises
    ------
    LedgerError
        The ledger cannot be used.
    """
    sirens, asked = read_portfolio(folder).sirens, _Asked()
    for done, siren in enumerate(sorted(sirens), 1):
        _about(siren, client, asked)
        if progress:
            progress(done, len(sirens))
    with writing(folder) as draft:
        return _enter(asked, draft)


def _enter(asked: _Asked, folder: Path) -> RegisterSummary:
    """Enter the answers into the current ledger: other processes may have written it meanwhile."""
    portfolio = read_portfolio(folder)
    ledger = with_accounts(with_companies(portfolio.ledger, asked.companies), asked.years)
    kept = [one for one in asked.notices if one.kind != NONE or one.role != SAYS]
    kept = [one for one in kept if one.siren in portfolio.sirens or not one.siren]
    ledger = with_notices(ledger, {*read_notices(folder), *kept}, portfolio.sirens)
    save(ledger, folder)
    keep_notices(folder, kept)
    return RegisterSummary(
        source="registers",
        read=len(portfolio.sirens),
        kept=len(asked.companies),
        without_effect=len(portfolio.sirens) - len(asked.companies),
        found=len(asked.companies),
        not_found=tuple(asked.not_found),
        ceased=tuple(sorted(siren for siren, one in asked.companies.items() if one.active is False)),
        new_proceedings=new_proceedings(portfolio.ledger, ledger),
        unknown=not_understood(kept),
        away=asked.away,
    )


def _about(siren: str, client: RegisterClient, asked: _Asked) -> None:
    """Query every register about one company."""
    settings = client.settings
    register = sirene.NAME if settings.sirene_key else company_search.NAME
    before = asked.failed[register]
    company = asked.ask(register, lambda: company_of(siren, client))
    if company is not None:
        asked.companies[siren] = company
    elif asked.failed[register] == before:
        asked.not_found.append(siren)
    found = asked.ask(bodacc.NAME, lambda: bodacc.ask(client, siren))
    if found is not None:
        asked.notices += found.notices
        for fault in found.faults:
            asked.note(bodacc.NAME, fault)
    asked.years += asked.ask(ratios.NAME, lambda: ratios.ask(client, siren)) or []
    if settings.balance_token:
        asked.years += asked.ask(balance_sheets.NAME, lambda: balance_sheets.ask(client, siren)) or []
