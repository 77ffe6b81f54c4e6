"""The errors this project raises: one root, few leaves.

A message says what was wrong, what came, what is allowed and what to do. What turns an error into an exit
code or an HTTP status lives at the door (the command line, the API), never here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


class CreditError(Exception):
    """The root of every error that Encours raises on purpose."""


class LedgerError(CreditError):
    """A ledger, or a file to import, violates the contract of `models.ledger.tables`."""


class LockHeldError(CreditError):
    """Another process has held a lock for too long."""


class PolicyError(CreditError):
    """A policy file is missing, unreadable, or contains invalid values."""


class ModelError(CreditError):
    """A model cannot be trained, loaded or applied."""


class NotEnoughDataError(ModelError):
    """Too few rows, or rows of a single outcome, to train or to evaluate a model."""


class TooDeepError(ModelError):
    """A model's trees are deeper or larger than the compiled SHAP values support."""


class NoChampionError(ModelError):
    """No model version has the requested alias."""


class StateError(CreditError):
    """A customer's stored state, written by another version, lacks fields that an assessment needs."""


class UnknownCustomerError(CreditError):
    """The portfolio has no customer with the given id."""


class StoreError(CreditError):
    """The store is unavailable, or lacks the requested data."""


class NotPublishedError(CreditError):
    """No nightly run has published scores yet."""

    def __init__(self) -> None:
        super().__init__("no scores are published yet; run `encours nightly`, or `encours demo` to try it")


class RefusedByPolicyError(CreditError):
    """The policy does not allow what was asked.

    Parameters
    ----------
    faults
        Pairs of a field's name and what is wrong with it; `role` where the role may not at all.
    """

    def __init__(self, faults: Sequence[tuple[str, str]]) -> None:
        self.faults = tuple(faults)
        named = "; ".join(f"{field} {message}" for field, message in self.faults)
        super().__init__(f"the policy does not allow it: {named}")


class UnknownOverrideError(CreditError):
    """The number of an override that was never set."""


class OverrideWithdrawnError(CreditError):
    """An override that was withdrawn already."""


class RegisterError(CreditError):
    """A public register answered what cannot be used."""


class RegisterAwayError(RegisterError):
    """A public register is unavailable, requires too long a wait, or is left alone after failures."""


class RateError(CreditError):
    """A table of exchange rates cannot be read, or lacks the rate of a currency on a day."""


class EntityError(CreditError):
    """Customer numbers cannot be joined to one legal entity, or split."""
