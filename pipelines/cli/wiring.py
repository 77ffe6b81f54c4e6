"""Shared wiring of the commands: options, settings, hyperparameters, store.

Owns the access to them; commands own their use.
"""

from __future__ import annotations

import datetime as dt
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn, cast

import typer

from models.errors import CreditError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from models.policy.document import Policy
    from pipelines.ledger_parts import StoredLedger
    from pipelines.settings import PipelineSettings
    from pipelines.training.params import Params
    from pipelines.workers import Workers
    from serving.callers import Caller
    from serving.registers.lookup import ProspectFacts
    from serving.store import AuditEntry, Role, Store
    from serving.usecases.assess import Assess
    from serving.usecases.decide import Decide
    from serving.usecases.overrides import SetOverride, WithdrawOverride
    from serving.usecases.services import CreditServices

DayOption = Annotated[
    dt.datetime | None,
    typer.Option(
        formats=["%Y-%m-%d"], help="As of the end of this day; the last day of the ledger without it."
    ),
]
PortOption = Annotated[int, typer.Option("--port", min=1, max=65535, help="Port to listen on.")]
LedgerOption = Annotated[Path | None, typer.Option("--ledger", help="Folder of the ledger.")]
ByOption = Annotated[str | None, typer.Option("--by", help="Who does it; the system's user without it.")]
ReasonOption = Annotated[str, typer.Option("--reason", help="Why, for who reads it later.")]


def _known_language(lang: str) -> str:
    if lang not in ("fr", "en"):
        refuse(f"--lang {lang!r} is unknown; use fr or en")
    return lang


LangOption = Annotated[str, typer.Option("--lang", help="fr or en", callback=_known_language)]


def settings() -> PipelineSettings:
    """Read the environment."""
    from pipelines.settings import PipelineSettings

    return PipelineSettings()


def environment_fault(error: ValueError) -> CreditError | None:
    """Return what is wrong with the environment's variables; None for an error of another kind.

    No value is shown: it may be a secret.
    """
    from pydantic import ValidationError

    if not isinstance(error, ValidationError) or not error.title.endswith("Settings"):
        return None
    prefix = "ENCOURS_REGISTERS_" if error.title == "RegisterSettings" else "ENCOURS_"
    faults = [f"{prefix}{'_'.join(map(str, one['loc'])).upper()}: {one['msg']}" for one in error.errors()]
    return CreditError(f"the environment cannot be used: {'; '.join(faults)}")


def params() -> Params:
    """Read the hyperparameters."""
    from pipelines.training.params import load_params

    return load_params(settings().params)


def store() -> Store:
    """Open the store."""
    from serving.store import AuditKeys, open_store

    told = settings()
    return open_store(told.store_url, audit_keys=AuditKeys.read(told.audit_key.get_secret_value()))


def user() -> str:
    """Return the name of the system's user, who runs the command."""
    import getpass

    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # a container may have no user; the error depends on Python
        return "unknown"


def caller(role: str | None = None) -> Caller:
    """Return the caller of the command, for the audit log.

    Parameters
    ----------
    role
        The role of the caller, as the policy's approval levels name it.
    """
    from models.policy.sections.approval import APPROVERS
    from serving.callers import Caller

    if role is not None and role not in APPROVERS:
        refuse(f"--role is {role!r}; known are {', '.join(APPROVERS)}")
    return Caller(user(), cast("Role", role) if role else "system", "command")


@contextmanager
def assessing(store: Store) -> Iterator[Assess]:
    """Give the use case that assesses customers, over a store that is open."""
    from serving.usecases.assess import Assess, AssessProspect
    from serving.usecases.assessment_batcher import AssessmentBatcher

    with crediting(store) as services:
        batcher = AssessmentBatcher(services, most_customers=1)
        yield Assess(batcher, AssessProspect(services, _look_up))
        batcher.close()


@contextmanager
def deciding(store: Store) -> Iterator[Decide]:
    """Give the use case that decides on orders, over a store that is open."""
    from serving.usecases.decide import Decide

    with crediting(store) as services:
        yield Decide(services, _look_up)


@contextmanager
def crediting(store: Store) -> Iterator[CreditServices]:
    """Give the services of the use cases that answer about credit, over a store that is open."""
    from serving.audit.recorder import Recorder
    from serving.usecases.assessors import AssessorOnDemand, load_champions
    from serving.usecases.services import CreditServices

    path, recorder = settings().policy_path, Recorder(lambda: store)
    try:
        assessors = AssessorOnDemand(lambda: load_champions(path, store))
        yield CreditServices(lambda: store, assessors, recorder, today)
    finally:
        recorder.close()


def _look_up(siren: str) -> ProspectFacts:
    from serving.registers.settings import RegisterSettings
    from serving.usecases.register_lookup import Lookups

    return Lookups(RegisterSettings(), online=False).find_kept(siren)


def setting_overrides(store: Store) -> tuple[SetOverride, WithdrawOverride]:
    """Return the use cases that set and withdraw overrides, over a store that is open."""
    from models.policy.document import load_policy
    from serving.usecases.overrides import SetOverride, WithdrawOverride

    path = settings().policy_path

    def policy() -> Policy:
        return load_policy(path)

    def changed() -> None:
        """Do nothing: no server of this process caches anything."""

    return (
        SetOverride(lambda: store, policy, lambda: store.now().date(), changed),
        WithdrawOverride(lambda: store, policy, changed),
    )


def today() -> dt.date:
    """Return today's date."""
    return dt.datetime.now(dt.UTC).date()


@contextmanager
def changing(folder: Path, lang: str = "fr", *, makes: bool = False) -> Iterator[Path]:
    """Open a ledger for exclusive writing; report a wait for another writer.

    Parameters
    ----------
    makes
        Whether the ledger may be new; else there must be one.

    Yields
    ------
        The draft, which is in force when the block ends; see `models.ledger.versions.writing`.
    """
    from models.ledger.files import require_ledger
    from models.ledger.versions import writing
    from pipelines.cli.console import console

    if not makes:
        require_ledger(folder)
    with writing(folder, waits=lambda who: console.waits(folder, who, lang)) as draft:
        yield draft


@contextmanager
def ledger_parts(
    ledger: Path | None,
    as_of: dt.datetime | None = None,
    processes: int | None = None,
    dask: str | None = None,
    *,
    until_last: bool = False,
) -> Iterator[tuple[StoredLedger, Workers]]:
    """Give the parts of a ledger as known at the end of a day, and workers for them.

    Parameters
    ----------
    ledger
        Its folder; that of the settings if None.
    as_of
        The last day of the ledger if None.
    processes, dask
        As in `pipelines.workers.workers_for`.
    until_last
        Whether a day after the last day of the ledger means that one.
    """
    from models.ledger.files import last_day
    from models.ledger.versions import reading
    from pipelines.ledger_parts import StoredLedger
    from pipelines.workers import workers_for

    with reading(ledger or settings().ledger) as version:
        last = last_day(version)
        day = date(as_of) or last
        parts = StoredLedger.of(version, min(day, last) if until_last else day)
        with workers_for(parts.count, processes, dask) as workers:
            yield parts, workers


def serve(host: str, port: int, workers: int | None = None) -> None:
    """Serve HTTP until the process ends."""
    from pipelines.uploads.application import APPLICATION
    from serving.process import run

    run(host, port, workers, APPLICATION)


def entry(action: str, question: Mapping[str, Any], customer_id: str | None = None) -> AuditEntry:
    """Return the audit entry of a command that changed something."""
    from serving.audit.entries import entry_of

    return entry_of(caller(), action, question, {}, customer_id)


def date(moment: dt.datetime | None) -> dt.date | None:
    """Return the date of an option."""
    return None if moment is None else moment.date()


def language(words: Sequence[str]) -> str:
    """Return the language requested on the command line, French by default.

    Examples
    --------
    >>> language(["encours", "check", "--lang", "en"]), language(["encours", "check"])
    ('en', 'fr')
    """
    asked = [after for flag, after in pairwise(words) if flag == "--lang"]
    asked += [word.removeprefix("--lang=") for word in words if word.startswith("--lang=")]
    return "en" if "en" in asked else "fr"


def refuse(message: str) -> NoReturn:
    """End the command with a one-line reason.

    Raises
    ------
    CreditError
        Always.
    """
    raise CreditError(message)
