"""The pages of the navigation, in the order of the bar.

Owns which pages it has and who sees them; their names are texts of the section `nav`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

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
    """

    address: str
    name: str
    right: Right = "look_up"


NAVIGATION = (
    NavigationEntry("/", "search"),
    NavigationEntry("/prospect", "prospect"),
    NavigationEntry("/portfolio", "portfolio"),
    NavigationEntry("/finance", "finance"),
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
