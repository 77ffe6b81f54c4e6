"""One bounded HTTP request: size, time, type and JSON of the answer.

Owns the possible failures and whether a retry can help; `client` decides on retries.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from models.errors import RegisterError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import httpx2

BUSY = frozenset({408, 425, 429, 500, 502, 503, 504})
_GONE = frozenset({404, 410})


class TransientError(Exception):
    """The request failed, possibly temporarily.

    Parameters
    ----------
    retry_after
        The wait requested by the register, from its header.
    """

    def __init__(self, reason: str, retry_after: str | None = None) -> None:
        super().__init__(reason)
        self.retry_after = retry_after


@dataclass(frozen=True, slots=True)
class ReadLimits:
    """Maximum size of an answer, and the deadline by `clock`."""

    most_bytes: int
    deadline: float
    clock: Callable[[], float]


def read_json(session: httpx2.Client, url: str, headers: Mapping[str, str], bounds: ReadLimits) -> object:
    """Send one request and return its JSON; None if the register answers 404.

    Raises
    ------
    TransientError
        The connection failed, broke off or took too long, or the register is busy.
    RegisterError
        The answer is too large, no JSON, or refuses the question.
    """
    import httpx2  # noqa: PLC0415  # half a command's start, and only who calls out pays for it

    try:
        with session.stream("GET", url, headers=dict(headers)) as response:
            if response.status_code in BUSY:
                raise TransientError(
                    f"it answered {response.status_code}", response.headers.get("retry-after")
                )
            if response.status_code in _GONE:
                return None
            _check_head(response, bounds)
            body = _body(response, bounds)
    except (httpx2.TransportError, httpx2.StreamError) as error:
        raise TransientError(f"{type(error).__name__}: {error}".rstrip(": ")) from error
    except (httpx2.InvalidURL, httpx2.DecodingError) as error:
        raise RegisterError(f"it cannot be asked: {error}") from error
    try:
        document: object = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise RegisterError(f"its answer is no JSON: {type(error).__name__}") from error
    return document


def _check_head(response: httpx2.Response, bounds: ReadLimits) -> None:
    if response.status_code != 200:
        hint = "; check the key or token" if response.status_code in {401, 403} else ""
        raise RegisterError(f"it answered {response.status_code} where 200 is expected{hint}")
    kind = response.headers.get("content-type", "")
    if "json" not in kind.lower():
        raise RegisterError(f"it answered {kind.split(';')[0] or 'no type'!r} where JSON is expected")
    if response.headers.get("content-encoding", "identity").lower() != "identity":
        raise RegisterError("it compressed its answer though it was asked not to")
    size = response.headers.get("content-length", "")
    if size.isdigit() and int(size) > bounds.most_bytes:
        raise RegisterError(_too_large(bounds))


def _body(response: httpx2.Response, bounds: ReadLimits) -> bytes:
    parts, size = [], 0
    for part in response.iter_raw():
        size += len(part)
        if size > bounds.most_bytes:
            raise RegisterError(_too_large(bounds))
        if bounds.clock() > bounds.deadline:
            raise TransientError("its answer trickled in too slowly")
        parts.append(part)
    return b"".join(parts)


def _too_large(bounds: ReadLimits) -> str:
    return f"its answer is larger than {bounds.most_bytes:,} bytes (ENCOURS_REGISTERS_ANSWER_MB)"
