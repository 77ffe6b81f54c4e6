"""The pages of the navigation, in the order of the bar.

Owns which pages it has, which of them are tabs of one entry, and who sees them; their names are texts of
the section `nav`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from serving.callers import Caller, Right


@dataclass(frozen=True, slots=True)
class NavigationEntry:
    """A page of the navigation.

    Parameters
    ----------
    name
        Its text's name in the section `nav`.
    right
        What whoever sees it may do.
    tabs
        The pages that it opens, as tabs; empty for a page alone.
    """

    address: str
    name: str
    right: Right = "look_up"
    tabs: tuple[NavigationEntry, ...] = ()

    def current(self, here: str) -> Literal["page", "true"] | None:
        """Return the `aria-current` of the entry at an address: its own page, one of its tabs, or neither."""
        if here == self.address:
            return "page"
        return "true" if any(here == tab.address for tab in self.tabs) else None


RISK_TABS = (
    NavigationEntry("/risk", "losses"),
    NavigationEntry("/cash", "cash"),
    NavigationEntry("/stress", "stress"),
    NavigationEntry("/provisions", "provisions"),
    NavigationEntry("/finance", "finance"),
    NavigationEntry("/migration", "migration"),
)
NAVIGATION = (
    NavigationEntry("/", "search"),
    NavigationEntry("/prospect", "prospect"),
    NavigationEntry("/portfolio", "portfolio"),
    NavigationEntry("/risk", "risk", tabs=RISK_TABS),
    NavigationEntry("/alerts", "alerts"),
    NavigationEntry("/worklist", "worklist"),
    NavigationEntry("/cases", "cases", "cases"),
    NavigationEntry("/models", "models", "inspect"),
    NavigationEntry("/policy", "policy", "inspect"),
    NavigationEntry("/import", "import", "import"),
    NavigationEntry("/admin/audit", "audit", "read_audit"),
    NavigationEntry("/admin/users", "administration", "administer"),
)


def navigation_of(person: Caller | None) -> tuple[NavigationEntry, ...]:
    """Return the pages that a person may go to; none where nobody is signed in."""
    return () if person is None else tuple(one for one in NAVIGATION if person.may(one.right))
