"""A real HTTP server on this machine that answers, limits, breaks off, dawdles and lies, as it is told."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from serving.registers.settings import RegisterSettings

JSON = {"Content-Type": "application/json"}


@dataclass
class Reply:
    """One answer: its status and headers, the parts of its body, and whether it breaks off before its end."""

    status: int = 200
    headers: dict[str, str] = field(default_factory=lambda: dict(JSON))
    parts: list[bytes] = field(default_factory=list)
    declared: int | None = None
    between: Callable[[], None] = lambda: None


def said(document: object, status: int = 200, **headers: str) -> Reply:
    return Reply(status, {**JSON, **headers}, [json.dumps(document).encode()])


def busy(status: int = 429, retry_after: str | None = None) -> Reply:
    return Reply(status, {**JSON, **({"Retry-After": retry_after} if retry_after else {})}, [b"{}"])


def broken_off() -> Reply:
    return Reply(parts=[b'{"results": ['], declared=10_000)


@dataclass
class LocalServer:
    """Replies in turn, the last one for ever, or what `by_path` makes of the path; notes what was asked."""

    url: str
    replies: list[Reply] = field(default_factory=list)
    by_path: Callable[[str], Reply] | None = None
    asked: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)

    def reply(self, path: str) -> Reply:
        if self.by_path is not None:
            return self.by_path(path)
        return self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]


@contextmanager
def serving(*replies: Reply, by_path: Callable[[str], Reply] | None = None) -> Iterator[LocalServer]:
    """Serve on a free port of 127.0.0.1 in a thread until the block ends."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            made.asked.append(self.path)
            made.headers.append(dict(self.headers))
            reply = made.reply(self.path)
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            size = sum(len(part) for part in reply.parts) if reply.declared is None else reply.declared
            self.send_header("Content-Length", str(size))
            self.end_headers()
            try:
                for part in reply.parts:
                    self.wfile.write(part)
                    self.wfile.flush()
                    reply.between()
            except OSError:  # the client had enough
                self.close_connection = True
            if reply.declared is not None:
                self.close_connection = True

        def log_message(self, *_: object):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made = LocalServer(f"http://127.0.0.1:{server.server_port}", list(replies), by_path)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield made
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def settings_for(url: str, cache: Path, **more: object) -> RegisterSettings:
    """Settings whose registers all live at one address; nothing of the environment's."""
    addresses = dict.fromkeys(
        ("company_search_url", "sirene_url", "bodacc_url", "ratios_url", "balance_url"), url
    )
    rates = dict.fromkeys(
        ("company_search_per_s", "sirene_per_s", "bodacc_per_s", "ratios_per_s", "balance_per_s"), 1e6
    )
    return RegisterSettings.model_validate({"cache": cache, **addresses, **rates, **more})
