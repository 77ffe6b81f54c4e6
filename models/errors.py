"""Exceptions of the project: one root, few leaves.

A message says what is wrong, the value received, what is allowed and what to do. The command line and the
API map exceptions to exit codes and HTTP statuses.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


class CreditError(Exception):
    """Base class of all exceptions that Encours raises deliberately.

    Parameters
    ----------
    message_fr
        The message in French, where the catalogue of translations cannot have it.
    """

    def __init__(self, message: str, message_fr: str = "") -> None:
        super().__init__(message)
        self.message_fr = message_fr


class LedgerError(CreditError):
    """A ledger, or a file to import, violates the contract of `models.ledger.tables`."""


class LockHeldError(CreditError):
    """Another process has held a lock for too long."""


class PolicyError(CreditError):
    """A policy file is missing, unreadable, or contains invalid values."""


class PolicyChangeError(PolicyError):
    """A change of the policy cannot be proposed or put in force."""


class UnknownPolicyChangeError(PolicyChangeError):
    """No change of the policy has the given number."""


class ScenarioError(CreditError):
    """A stress scenario is unreadable, contains invalid values, or names what the portfolio has not.

    Parameters
    ----------
    faults
        Each fault's place and what is wrong; none where the text is unreadable.
    """

    def __init__(self, message: str, message_fr: str = "", faults: Sequence[tuple[str, str]] = ()) -> None:
        super().__init__(message, message_fr)
        self.faults = tuple(faults)


class ModelError(CreditError):
    """A model cannot be trained, loaded or applied."""


class NotEnoughDataError(ModelError):
    """Too few rows, or rows of a single outcome, to train or to evaluate a model."""


class TooDeepError(ModelError):
    """A model's trees are deeper or larger than the compiled SHAP values support."""


class NoChampionError(ModelError):
    """No version of a target was promoted, or none has the requested number."""


class StateError(CreditError):
    """A customer's stored state, written by another version, lacks fields that an assessment needs."""


class UnknownCustomerError(CreditError):
    """The portfolio has no customer with the given id."""


class UnknownClosingError(CreditError):
    """No closing of the given day is kept."""


class StoreError(CreditError):
    """The store is unavailable, or lacks the requested data."""


class AccessError(CreditError):
    """A change of who may use the service is not allowed."""


class UploadError(CreditError):
    """Files that were handed in through the pages cannot be taken, or not now."""


class UnknownUploadError(UploadError):
    """There is no upload of the given id."""


class BackupError(CreditError):
    """A backup cannot be written, or cannot be restored: it is damaged, or its target is not empty."""


class NightError(CreditError):
    """A nightly run has lost its workers, or cannot reach them."""


class NotificationError(CreditError):
    """The settings of e-mails and webhooks cannot be used."""


class NotPublishedError(CreditError):
    """No nightly run has published scores yet."""

    def __init__(self) -> None:
        super().__init__("no scores are published yet; run `encours nightly`, or `encours demo` to try it")


class RefusedByPolicyError(CreditError):
    """The policy does not allow the request.

    Parameters
    ----------
    faults
        Pairs of a field's name and its fault; `role` where the caller's role is not allowed.
    """

    def __init__(self, faults: Sequence[tuple[str, str]]) -> None:
        self.faults = tuple(faults)
        named = "; ".join(f"{field} {message}" for field, message in self.faults)
        super().__init__(f"the policy does not allow it: {named}")


class UnknownOverrideError(CreditError):
    """No override has the given number."""


class OverrideWithdrawnError(CreditError):
    """The override is already withdrawn."""


class CollectionActionError(CreditError):
    """An action on the worklist lacks something, or its day is past.

    Parameters
    ----------
    faults
        Triples of a field's name, the fault's code and its message.
    """

    def __init__(self, faults: Sequence[tuple[str, str, str]]) -> None:
        self.faults = tuple(faults)
        named = "; ".join(f"{field} {message}" for field, _, message in self.faults)
        super().__init__(f"the action cannot be recorded: {named}")


class MigrationPeriodError(CreditError):
    """The migration of grades is asked over a period or a horizon that no night can tell of."""


class UnknownUserError(CreditError):
    """No active user has the given name."""


class UnknownAnswerError(CreditError):
    """The audit log has no answer with the given id, or the caller may not see it."""


class CaseRefusedError(RefusedByPolicyError):
    """The policy does not allow the case, or the answer to it.

    Parameters
    ----------
    faults
        Pairs of a field's name and its fault; `caller` where this person may not.
    """


class UnknownCaseError(CreditError):
    """No case has the given number, or the caller may not see it."""


class CaseAnsweredError(CreditError):
    """The case was answered in the meantime.

    Parameters
    ----------
    who
        Who answered it.
    event
        What the answer was: `endorsed`, `accepted`, `amended`, `refused` or `withdrawn`.
    """

    def __init__(self, case_id: int, who: str, event: str) -> None:
        self.who, self.event = who, event
        super().__init__(f"case {case_id} was {event} by {who} already; look at it again")


class RegisterError(CreditError):
    """A public register returned an unusable response."""


class RegisterAwayError(RegisterError):
    """A public register is unavailable, requires too long a wait, or is left alone after failures."""


class RateError(CreditError):
    """A table of exchange rates cannot be read, or lacks the rate of a currency on a day."""


class EntityError(CreditError):
    """Customer numbers cannot be joined to one legal entity, or split."""
