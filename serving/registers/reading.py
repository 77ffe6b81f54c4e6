"""One request and its answer, read within bounds: size, time, type, JSON.

Owns what can go wrong on the way and whether trying again can help; how often to try is `client`'s.
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
    """The request failed in a way that may pass.

    Parameters
    ----------
    retry_after
        What the register asked to wait, as its header has it.
    """

    def __init__(self, reason: str, retry_after: str | None = None) -> None:
        super().__init__(reason)
        self.retry_after = retry_after


@dataclass(frozen=True, slots=True)
class ReadLimits:
    """How much of an answer is read, and the moment of `clock` after which it is given up."""

    most_bytes: int
    deadline: float
    clock: Callable[[], float]


def read_json(session: httpx2.Client, url: str, headers: Mapping[str, str], bounds: ReadLimits) -> object:
    """Ask once and return the JSON that came; None where the register answers that it knows nothing (404).

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
