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


class _Answers:
    """Answers and failures of the registers so far."""

    def __init__(self) -> None:
        self.companies: dict[str, Company] = {}
        self.not_found: list[str] = []
        self.notices: list[Notice] = []
        self.years: list[YearAccounts] = []
        self.failed: Counter[str] = Counter()
        self.reasons: dict[str, str] = {}

    def try_fetch(self, register: str, question: Callable[[], T]) -> T | None:
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
    sirens, answers = read_portfolio(folder).sirens, _Answers()
    for done, siren in enumerate(sorted(sirens), 1):
        _about(siren, client, answers)
        if progress:
            progress(done, len(sirens))
    with writing(folder) as draft:
        return _enter(answers, draft)


def _enter(answers: _Answers, folder: Path) -> RegisterSummary:
    """Enter the answers into the current ledger: other processes may have written it meanwhile."""
    portfolio = read_portfolio(folder)
    ledger = with_accounts(with_companies(portfolio.ledger, answers.companies), answers.years)
    kept = [one for one in answers.notices if one.kind != NONE or one.role != SAYS]
    kept = [one for one in kept if one.siren in portfolio.sirens or not one.siren]
    ledger = with_notices(ledger, {*read_notices(folder), *kept}, portfolio.sirens)
    save(ledger, folder)
    keep_notices(folder, kept)
    return RegisterSummary(
        source="registers",
        read=len(portfolio.sirens),
        kept=len(answers.companies),
        without_effect=len(portfolio.sirens) - len(answers.companies),
        found=len(answers.companies),
        not_found=tuple(answers.not_found),
        ceased=tuple(sorted(siren for siren, one in answers.companies.items() if one.active is False)),
        new_proceedings=new_proceedings(portfolio.ledger, ledger),
        unknown=not_understood(kept),
        away=answers.away,
    )


def _about(siren: str, client: RegisterClient, answers: _Answers) -> None:
    """Query every register about one company."""
    settings = client.settings
    register = sirene.NAME if settings.sirene_key else company_search.NAME
    before = answers.failed[register]
    company = answers.try_fetch(register, lambda: company_of(siren, client))
    if company is not None:
        answers.companies[siren] = company
    elif answers.failed[register] == before:
        answers.not_found.append(siren)
    found = answers.try_fetch(bodacc.NAME, lambda: bodacc.fetch(client, siren))
    if found is not None:
        answers.notices += found.notices
        for fault in found.faults:
            answers.note(bodacc.NAME, fault)
    answers.years += answers.try_fetch(ratios.NAME, lambda: ratios.fetch(client, siren)) or []
    if settings.balance_token:
        answers.years += (
            answers.try_fetch(balance_sheets.NAME, lambda: balance_sheets.fetch(client, siren)) or []
        )
