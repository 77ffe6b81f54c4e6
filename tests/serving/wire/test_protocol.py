"""Whatever bytes come over a connection, who sent them is told what is wrong, and the server goes on."""

import json
import socket
from collections.abc import Iterator
from contextlib import closing
from urllib.parse import urlsplit

import pytest

from serving.wire.headers import ALWAYS
from serving.wire.protocol import LONGEST_HEAD
from tests.serving.fakes import FakeAssessor, a_published_store, an_app
from tests.serving.running import running

ASK = b"POST /v1/assessments HTTP/1.1\r\nHost: x\r\n"
GET = b"GET /healthz HTTP/1.1\r\nHost: x\r\n"
MANY = b"".join(b"X-%d: a\r\n" % n for n in range(50_000))
Place = tuple[str, int]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    with (
        closing(a_published_store(tmp_path_factory.mktemp("wire"))) as store,
        running(an_app(store, FakeAssessor())) as url,
    ):
        found = urlsplit(url)
        yield str(found.hostname), int(found.port or 0)


def send(place: Place, *parts: bytes) -> tuple[int, dict[str, str], bytes]:
    """Send bytes, and return status, headers and body of the one answer."""
    with closing(socket.create_connection(place, 10)) as connection:
        for part in parts:
            try:
                connection.sendall(part)
            except OSError:
                break  # it was refused before all of it was sent
        came = b""
        while b"\r\n\r\n" not in came:
            came += connection.recv(65_536)
        head, _, body = came.partition(b"\r\n\r\n")
        line, *rest = head.decode().split("\r\n")
        headers = {name.lower(): value for name, _, value in (one.partition(": ") for one in rest)}
        while len(body) < int(headers["content-length"]):
            body += connection.recv(65_536)
    return int(line.split()[1]), headers, body


def refused(answer: tuple[int, dict[str, str], bytes], status: int) -> None:
    code, headers, body = answer
    assert code == status
    assert headers["content-type"] == "application/problem+json"
    found = json.loads(body)
    assert found["status"] == status
    assert found["detail"].endswith(".")
    for name, value in ALWAYS.items():
        assert headers[name.lower()] == value
    assert headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    "sent",
    [
        b"\x00\x01\x02\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"GET / HTTP/9.9\r\nHost: x\r\n\r\n",
        b"GET /caf\xe9 HTTP/1.1\r\nHost: x\r\n\r\n",
        GET + b"A header without a colon\r\n\r\n",
        GET + b"X-A: a\x00b\r\n\r\n",
        ASK + b"Content-Length: -5\r\n\r\n{}",
        ASK + b"Content-Length: many\r\n\r\n{}",
        ASK + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
        ASK + b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}",
    ],
    ids=lambda sent: repr(sent[:60]),
)
def test_what_is_no_request_is_told_so(place: Place, sent: bytes):
    refused(send(place, sent), 400)


@pytest.mark.parametrize(
    "sent",
    [
        [GET + MANY + b"\r\n"],
        [GET, *(b"X-%d: %s\r\n" % (n, b"a" * 1_000) for n in range(2_000))],
        [GET + b"X-Long: ", *(b"a" * 50_000 for _ in range(40))],
        [b"GET /healthz?q=" + b"a" * LONGEST_HEAD + b" HTTP/1.1\r\nHost: x\r\n\r\n"],
        [b"GET /healthz?q=", *(b"a" * 50_000 for _ in range(40))],
    ],
    ids=["many at once", "many in turn", "one without end", "a long address", "an address without end"],
)
def test_a_head_that_is_too_long_or_never_ends_is_refused(place: Place, sent: list[bytes]):
    refused(send(place, *sent), 431)


def test_a_head_within_the_limit_is_answered(place: Place):
    filling = b"X-Long: " + b"a" * (LONGEST_HEAD - 200)
    assert send(place, GET + filling + b"\r\n\r\n")[0] == 200


def test_a_connection_that_wants_to_be_a_web_socket_is_answered_as_http(place: Place):
    upgrade = b"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
    assert send(place, GET + upgrade + b"Sec-WebSocket-Key: dGhlIHNhbXBsZQ==\r\n\r\n")[0] == 200


def test_two_requests_on_one_connection_each_have_a_head_of_their_own(place: Place):
    filling = b"X-Long: " + b"a" * (LONGEST_HEAD // 2 + 1_000) + b"\r\n\r\n"
    with closing(socket.create_connection(place, 10)) as connection:
        for _ in range(3):
            connection.sendall(GET + filling)
            came = b""
            while not came.endswith(b"}"):
                came += connection.recv(65_536)
            assert came.startswith(b"HTTP/1.1 200")


def test_the_server_goes_on_after_all_of_that(place: Place):
    for _ in range(20):
        refused(send(place, b"\x00\r\n\r\n"), 400)
    assert send(place, GET + b"\r\n")[0] == 200
