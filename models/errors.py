"""The errors this project raises: one root, few leaves.

A message says what was wrong, what came, what is allowed and what to do. What turns an error into an exit
code or an HTTP status lives at the door (the command line, the API), never here.
"""


class CreditError(Exception):
    """The root of every error that Encours raises on purpose."""


class LedgerError(CreditError):
    """A ledger, or a file on its way into one, breaks the contract of `models.ledger.tables`."""


class LockHeldError(CreditError):
    """Another process has held a lock for too long."""


class PolicyError(CreditError):
    """A policy file is missing, unreadable, or holds values that the rules do not allow."""


class ModelError(CreditError):
    """A model cannot be fitted, read or applied."""


class NotEnoughDataError(ModelError):
    """Too few rows, or rows of one class only, to fit or to measure a model."""


class TooDeepError(ModelError):
    """A model's trees are deeper or larger than the compiled SHAP values serve."""


class NoChampionError(ModelError):
    """No model version carries the alias that was asked for."""


class StateError(CreditError):
    """A customer's stored state lacks what an answer needs: another version of the program wrote it."""


class UnknownCustomerError(CreditError):
    """A customer id that the portfolio does not hold."""


class StoreError(CreditError):
    """The store cannot be reached, or holds nothing that answers."""


class NotPublishedError(CreditError):
    """No night has published scores into the store yet."""

    def __init__(self) -> None:
        super().__init__("no scores are published yet; run `encours nightly`, or `encours demo` to try it")


class RegisterError(CreditError):
    """A public register answered what cannot be used."""


class RegisterAwayError(RegisterError):
    """A public register cannot be reached, asks to wait longer than we may, or is not asked for a while."""


class RateError(CreditError):
    """A table of exchange rates cannot be read, or lacks the rate of a currency on a day."""


class EntityError(CreditError):
    """Customer numbers cannot be joined to one legal entity, or split."""
