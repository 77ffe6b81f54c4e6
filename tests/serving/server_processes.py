"""Runs servers as processes of their own, as `encours serve` does."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass

import httpx2

CODE = (
    "import sys; from serving.process import run; "
    "run('127.0.0.1', int(sys.argv[1]), int(sys.argv[2]), *sys.argv[3:])"
)
PATIENCE_S = 120


@dataclass(frozen=True)
class ServerProcess:
    """A process that serves, alone or as the parent of workers."""

    process: subprocess.Popen[bytes]
    port: int

    def client(self, key: str = "") -> httpx2.Client:
        headers = {"X-API-Key": key} if key else {}
        return httpx2.Client(base_url=f"http://127.0.0.1:{self.port}", headers=headers, timeout=PATIENCE_S)

    def wait_until_up(self, path: str = "/healthz") -> None:
        """Wait until an address answers 200."""
        until = time.monotonic() + PATIENCE_S
        while time.monotonic() < until and self.process.poll() is None:
            try:
                with self.client() as client:
                    if client.get(path).status_code == 200:
                        return
            except httpx2.TransportError:
                pass
            time.sleep(0.05)
        raise AssertionError(f"no answer of {path}; the server ended with {self.process.poll()}")

    def is_free(self) -> bool:
        """Tell whether nobody listens on the port any more."""
        with closing(socket.socket()) as asked:
            return asked.connect_ex(("127.0.0.1", self.port)) != 0


@contextmanager
def a_server(
    settings: dict[str, str], workers: int = 1, application: str | None = None
) -> Iterator[ServerProcess]:
    """Start a server with variables of the environment, and end it with all of its workers."""
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-c", CODE, str(port), str(workers), *([application] if application else [])]
    started = subprocess.Popen(command, env={**os.environ, **settings})
    try:
        yield ServerProcess(started, port)
    finally:
        started.terminate()
        try:
            started.wait(PATIENCE_S)
        finally:
            started.kill()
