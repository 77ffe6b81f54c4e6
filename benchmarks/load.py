"""Sends assessments over kept-alive connections as fast as they are answered, and tells how fast.

Run by `benchmarks.serve` as a process of its own: `python -m benchmarks.load PORT PATH KEY SECONDS
CONNECTIONS CUSTOMERS SEED`, where CUSTOMERS is a file with an id a line. Customers, amounts and terms are
drawn, so that no answer can have been given before. It prints requests, seconds, p50 and p99 in ms, and its
own seconds of CPU.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import uvloop

if TYPE_CHECKING:
    from collections.abc import Callable

OK = b"200"


class Connection(asyncio.Protocol):
    """One connection: a request, its answer, the next request.

    Parameters
    ----------
    request
        Draws a request.
    took
        The seconds that each answer took, appended to.
    until
        When no more is asked, by `time.perf_counter`.
    """

    def __init__(self, request: Callable[[], bytes], took: list[float], until: float) -> None:
        self._request, self._took, self._until = request, took, until
        self._came, self._length = bytearray(), 0
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask the first."""
        self._transport: asyncio.Transport = transport  # type: ignore[assignment]  # of a stream
        self._send()

    def data_received(self, data: bytes) -> None:
        """Read an answer, and ask on once it is whole."""
        self._came += data
        if not self._length:
            end = self._came.find(b"\r\n\r\n")
            if end < 0:
                return
            head = bytes(self._came[:end]).lower()
            told = head.partition(b"content-length:")[2].split(b"\r\n", 1)[0]
            self._length = end + 4 + int(told)
            if head[9:12] != OK:
                self.done.set_exception(RuntimeError(bytes(self._came).decode(errors="replace")))
                self._transport.close()
                return
        if len(self._came) >= self._length:
            self._took.append(time.perf_counter() - self._at)
            self._came.clear()
            self._length = 0
            if time.perf_counter() < self._until:
                self._send()
            else:
                self._transport.close()

    def connection_lost(self, error: Exception | None) -> None:
        """Be done."""
        if not self.done.done():
            if error is None:
                self.done.set_result(None)
            else:
                self.done.set_exception(error)

    def _send(self) -> None:
        self._at = time.perf_counter()
        self._transport.write(self._request())


def requests(path: str, key: str, customers: list[str], seed: int) -> Callable[[], bytes]:
    """Return what draws requests."""
    draw = random.Random(seed)  # a load, no secret
    head = (
        f"POST {path} HTTP/1.1\r\nHost: localhost\r\nX-API-Key: {key}\r\nContent-Type: application/json\r\n"
    )

    def request() -> bytes:
        body = json.dumps(
            {
                "customer_id": draw.choice(customers),
                "amount_eur": round(draw.uniform(100, 90_000), 2),
                "terms_days": draw.randrange(91),
            }
        )
        return f"{head}Content-Length: {len(body)}\r\n\r\n{body}".encode()

    return request


async def load(port: int, request: Callable[[], bytes], seconds: float, connections: int) -> list[float]:
    """Ask for some seconds and return how long each answer took."""
    loop, took = asyncio.get_running_loop(), list[float]()
    until = time.perf_counter() + seconds
    made = [
        await loop.create_connection(lambda: Connection(request, took, until), "127.0.0.1", port)
        for _ in range(connections)
    ]
    await asyncio.gather(*(protocol.done for _, protocol in made))
    return took


def main() -> None:
    """Ask and print."""
    port, path, key, seconds, connections, customers, seed = sys.argv[1:]
    ids = Path(customers).read_text(encoding="utf-8").split()
    begin = time.perf_counter()
    took = sorted(
        uvloop.run(load(int(port), requests(path, key, ids, int(seed)), float(seconds), int(connections)))
    )
    print(
        len(took),
        time.perf_counter() - begin,
        took[len(took) // 2] * 1e3,
        took[int(len(took) * 0.99)] * 1e3,
        time.process_time(),
    )


if __name__ == "__main__":
    main()
