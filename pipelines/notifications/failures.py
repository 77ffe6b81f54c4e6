"""The failure of one attempt to send a message."""

from __future__ import annotations


class DeliveryError(Exception):
    """A message was not accepted; the text shows neither address nor secret.

    Parameters
    ----------
    is_final
        Whether another attempt is of no use.
    """

    def __init__(self, message: str, *, is_final: bool = False) -> None:
        super().__init__(message)
        self.is_final = is_final
