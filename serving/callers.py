"""Callers, their roles and their rights.

Owns the table of rights. How a request is authenticated is `serving.api.security`'s.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

from serving.store import ROLES, Role

if TYPE_CHECKING:
    from collections.abc import Mapping

Right = Literal[
    "look_up",
    "assess",
    "assess_many",
    "replay",
    "cases",
    "override",
    "review",
    "collect",
    "read_audit",
    "inspect",
    "administer",
    "change_policy",
    "change_models",
    "import",
]
RIGHTS: Mapping[Right, frozenset[Role]] = MappingProxyType(
    {
        "look_up": frozenset(ROLES),
        "assess": frozenset(ROLES),
        "assess_many": frozenset({"analyst", "batch", "admin"}),
        "replay": frozenset({"sales", "analyst", "admin"}),
        "cases": frozenset({"sales", "analyst", "admin"}),
        "override": frozenset({"analyst", "admin"}),
        "review": frozenset({"analyst", "admin"}),
        "collect": frozenset({"sales", "analyst", "admin"}),
        "read_audit": frozenset({"analyst", "admin"}),
        "inspect": frozenset({"analyst", "admin"}),
        "administer": frozenset({"admin"}),
        "change_policy": frozenset({"analyst", "admin"}),
        "change_models": frozenset({"analyst", "admin"}),
        "import": frozenset({"analyst", "admin"}),
    }
)
"""Who may what; `cases` is sending and reading them (the policy says who answers one), `review` marking
customers as reviewed and assigning them, `collect` recording what was done about a debt, `inspect` looking
into models and policy, `administer` changing who has access."""


@dataclass(frozen=True, slots=True)
class Caller:
    """A person or a program that makes a request.

    Parameters
    ----------
    csrf_token
        What forms of a session's pages must carry; empty for a key.
    """

    name: str
    role: Role | Literal["system"]
    via: Literal["key", "session", "command"]
    csrf_token: str = field(default="", repr=False)

    def may(self, right: Right) -> bool:
        """Tell whether the caller has a right."""
        return self.acts_as in RIGHTS[right]

    @property
    def acts_as(self) -> Role:
        """The role whose rights count: whoever runs commands on this machine may all."""
        return "admin" if self.role == "system" else self.role
