"""Who may ask: API keys in a header.

Owns how a key comes with a request and what is answered without one; how keys are kept is the store's.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

from fastapi import Depends, Request
from fastapi.security import APIKeyHeader, HTTPAuthorizationCredentials, HTTPBearer

from serving.problems import Problem
from serving.store import ApiKey, Role

if TYPE_CHECKING:
    from serving.services import Services

API_KEY = APIKeyHeader(name="X-API-Key", auto_error=False, description="A key of `encours keys add`")
BEARER = HTTPBearer(auto_error=False, description="The same key")


def require_key(
    request: Request,
    header: Annotated[str | None, Depends(API_KEY)],
    bearer: Annotated[HTTPAuthorizationCredentials | None, Depends(BEARER)],
) -> ApiKey:
    """Return the key that came in `X-API-Key` or as a bearer token.

    Raises
    ------
    Problem
        401: none came, or it is unknown or revoked.
    """
    plaintext = header or (bearer.credentials if bearer else None)
    if not plaintext:
        raise _unauthorised("Give an API key in the header X-API-Key or as `Authorization: Bearer`.")
    services: Services = request.app.state.services
    key = services.store().find_key(plaintext)
    if key is None:
        raise _unauthorised("The API key is unknown or revoked; ask for a new one.")
    return key


def require_role(*roles: Role) -> Callable[[ApiKey], ApiKey]:
    """Return a dependency that lets only keys of some roles pass; others get 403."""

    def check(key: Annotated[ApiKey, Depends(require_key)]) -> ApiKey:
        if key.role not in roles:
            detail = f"The key {key.name!r} has the role {key.role}; this needs {' or '.join(roles)}."
            raise Problem(403, "forbidden", "Role not allowed", detail)
        return key

    return check


def _unauthorised(detail: str) -> Problem:
    return Problem(401, "no-key", "No valid API key", detail, headers={"WWW-Authenticate": "Bearer"})
