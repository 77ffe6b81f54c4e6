"""Query parameters of the API: unknown and repeated ones are refused.

A filter with a slip in its name would otherwise answer about everybody, and of two equal ones nobody could
tell which was meant. Owns this check; what a route knows is in its signature.
"""

from collections import Counter
from collections.abc import Set as AbstractSet

from fastapi import Request
from fastapi.dependencies.models import Dependant

from serving.api.problems import Problem

LONGEST_SHOWN = 100
MOST_SHOWN = 20


def require_known_query(request: Request, known: AbstractSet[str]) -> None:
    """Let only an address pass whose every parameter is known, and which says each thing once.

    Raises
    ------
    Problem
        422: it does not; every parameter at fault is named.
    """
    if not request.scope["query_string"]:
        return
    came = Counter(name for name, _ in request.query_params.multi_items())
    faults = [(_shown(name), _fault(name, known)) for name in came if name not in known or came[name] > 1]
    if faults:
        named = ", ".join(name for name, _ in faults[:MOST_SHOWN])
        detail = f"Correct these parameters of the address: {named}."
        raise Problem(422, "invalid-request", "Invalid request", detail, errors=faults[:MOST_SHOWN])


def query_names(dependant: Dependant) -> frozenset[str]:
    """Return the names of the parameters that a route and its dependencies read."""
    own = frozenset(parameter.alias for parameter in dependant.query_params)
    return own.union(*(query_names(one) for one in dependant.dependencies))


def _fault(name: str, known: AbstractSet[str]) -> str:
    if name in known:
        return "duplicate parameter; give it once"
    return f"this is not known here; known are: {', '.join(sorted(known)) or 'none'}"


def _shown(name: str) -> str:
    return name if len(name) <= LONGEST_SHOWN else f"{name[:LONGEST_SHOWN]}…"
