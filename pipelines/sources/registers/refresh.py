"""Refresh of a ledger's companies from registers over HTTP, one by one.

Answers are entered into the ledger in blocks, each in one version together with a journal of its companies:
after a kill, the next refresh goes on behind the last block, and finds the answers of the interrupted one in
the cache. Answers are entered even if a register becomes unavailable meanwhile: the refresh waits for it a
few times, then reports the companies not queried.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from models.errors import RegisterAwayError, RegisterError
from models.ledger.versions import reading, writing
from pipelines.sources.registers import refresh_journal
from pipelines.sources.registers.entering import with_accounts, with_companies
from pipelines.sources.registers.forecast import Forecast
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

    from pipelines.sources.registers.forecast import TaskProgress
    from serving.registers.client import RegisterClient
    from serving.registers.companies import Company
    from serving.registers.notices import Notice
    from serving.registers.yearly_accounts import YearAccounts

T = TypeVar("T")


BLOCK = 5_000
"""Companies entered at once: each block rewrites the ledger's tables, and a kill loses less than one."""
RESUMED = dt.timedelta(days=1)
"""Age of an interrupted refresh that is continued."""
MOST_PAUSES = 5
"""Pauses of registers, in a row, that are waited for."""


class _Failures:
    """Failed requests by register: their number and the first reason."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self._reasons: dict[str, str] = {}

    def note(self, register: str, reason: str) -> None:
        """Count a failed request; the first reason is reported."""
        self.counts[register] += 1
        self._reasons.setdefault(register, reason)

    def away(self) -> dict[str, str]:
        """Return what is reported of each register."""
        return {
            name: f"{count} not answered; first: {self._reasons[name]}" for name, count in self.counts.items()
        }


class _Answers:
    """Answers about a block of companies.

    Parameters
    ----------
    failures
        Those of the whole refresh, which are added to.
    """

    def __init__(self, failures: _Failures) -> None:
        self.failures = failures
        self.queried: list[str] = []
        self.complete: list[str] = []
        self.companies: dict[str, Company] = {}
        self.not_found: list[str] = []
        self.notices: list[Notice] = []
        self.years: list[YearAccounts] = []

    def try_fetch(self, register: str, question: Callable[[], T]) -> T | None:
        """Return an answer, or None after recording why there is none."""
        try:
            return question()
        except RegisterAwayError as error:
            self.failures.note(register, str(error))
        except RegisterError as error:
            self.failures.note(register, f"its answer cannot be used: {error}")
        return None


def refresh(
    folder: Path, client: RegisterClient, progress: Callable[[TaskProgress], None] = lambda _: None
) -> RegisterSummary:
    """Query the registers for every company of a ledger and enter their answers.

    Parameters
    ----------
    progress
        Called after each company.

    Raises
    ------
    LedgerError
        The ledger cannot be used.
    """
    sirens = sorted(read_portfolio(folder).sirens)
    with reading(folder) as version:
        earlier = refresh_journal.entered_since(version, client.now() - RESUMED).intersection(sirens)
    left = [siren for siren in sirens if siren not in earlier]
    forecast, failures, patience = Forecast(len(earlier), len(sirens), client.now), _Failures(), _Patience()
    done, summary = len(earlier), RegisterSummary(source="registers", earlier=len(earlier))
    # Without a company left, an empty block closes the journal.
    for first in range(0, max(len(left), 1), BLOCK):
        answers = _Answers(failures)
        for siren in left[first : first + BLOCK]:
            _about(siren, client, answers)
            patience.wait(client, answers)
            done += 1
            progress(forecast.after(done))
        with writing(folder) as draft:
            summary = _joined(summary, _enter(answers, draft))
            if first + BLOCK < len(left):
                refresh_journal.add(draft, answers.complete, client.now())
            else:
                refresh_journal.close(draft)
    return replace(summary, away=failures.away())


class _Patience:
    """Wait for registers that failed several times in a row, a few times in a row."""

    def __init__(self) -> None:
        self._pauses = 0

    def wait(self, client: RegisterClient, answers: _Answers) -> None:
        """Wait after a company where a register is left alone."""
        pause_s = client.pause_s()
        if pause_s > 0 and self._pauses < MOST_PAUSES:
            self._pauses += 1
            client.wait(pause_s)
        elif answers.complete[-1:] == answers.queried[-1:]:
            self._pauses = 0


def _joined(one: RegisterSummary, other: RegisterSummary) -> RegisterSummary:
    """Add the results of a block to those of the blocks before."""
    return replace(
        one,
        read=one.read + other.read,
        kept=one.kept + other.kept,
        without_effect=one.without_effect + other.without_effect,
        found=one.found + other.found,
        not_found=one.not_found + other.not_found,
        ceased=one.ceased + other.ceased,
        new_proceedings=tuple(sorted({*one.new_proceedings, *other.new_proceedings})),
        unknown=dict(Counter(one.unknown) + Counter(other.unknown)),
    )


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
        read=len(answers.queried),
        kept=len(answers.companies),
        without_effect=len(answers.queried) - len(answers.companies),
        found=len(answers.companies),
        not_found=tuple(answers.not_found),
        ceased=tuple(sorted(siren for siren, one in answers.companies.items() if one.active is False)),
        new_proceedings=new_proceedings(portfolio.ledger, ledger),
        unknown=not_understood(kept),
    )


def _about(siren: str, client: RegisterClient, answers: _Answers) -> None:
    """Query every register about one company."""
    settings, failures = client.settings, answers.failures
    register = sirene.NAME if settings.sirene_key else company_search.NAME
    before, failed = failures.counts[register], failures.counts.total()
    company = answers.try_fetch(register, lambda: company_of(siren, client))
    if company is not None:
        answers.companies[siren] = company
    elif failures.counts[register] == before:
        answers.not_found.append(siren)
    found = answers.try_fetch(bodacc.NAME, lambda: bodacc.fetch(client, siren))
    if found is not None:
        answers.notices += found.notices
        for fault in found.faults:
            failures.note(bodacc.NAME, fault)
    answers.years += answers.try_fetch(ratios.NAME, lambda: ratios.fetch(client, siren)) or []
    if settings.balance_token:
        answers.years += (
            answers.try_fetch(balance_sheets.NAME, lambda: balance_sheets.fetch(client, siren)) or []
        )
    answers.queried.append(siren)
    if failures.counts.total() == failed:
        answers.complete.append(siren)
