"""Whatever bytes come over a connection, who sent them is told what is wrong, and the server goes on."""

import json
import socket
from collections.abc import Iterator
from contextlib import closing
from urllib.parse import urlsplit

import pytest
from starlette.types import Receive, Scope, Send

from serving.api.authentication import Authenticator
from serving.api.middleware.headers import ALWAYS
from serving.api.middleware.protocol import LONGEST_HEAD
from serving.known.quick import ShortWayLayer
from serving.store import Store
from tests.serving.fakes import FakeAssessor, a_published_store, an_app
from tests.serving.running import running

ASK = b"POST /v1/assessments HTTP/1.1\r\nHost: x\r\n"
GET = b"GET /healthz HTTP/1.1\r\nHost: x\r\n"
MANY = b"".join(b"X-%d: a\r\n" % n for n in range(50_000))
Place = tuple[str, int]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with closing(a_published_store(tmp_path_factory.mktemp("wire"))) as found:
        yield found


@pytest.fixture(scope="module")
def place(store: Store) -> Iterator[Place]:
    with running(an_app(store, FakeAssessor())) as url:
        found = urlsplit(url)
        yield str(found.hostname), int(found.port or 0)


@pytest.fixture(scope="module")
def key(store: Store) -> bytes:
    return store.add_key("wire", "sales").encode()


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


@pytest.fixture
def laid_aside(place: Place, key: bytes, monkeypatch: pytest.MonkeyPatch) -> list[Scope]:
    """Have the key trusted; what goes the way of ASGI from then on."""
    assert answers(place, asking(key, 1), 1)[0] == [1]
    seen, call = list[Scope](), ShortWayLayer.__call__

    async def noted(layer: ShortWayLayer, scope: Scope, receive: Receive, send: Send) -> None:
        seen.append(scope)
        await call(layer, scope, receive, send)

    monkeypatch.setattr(ShortWayLayer, "__call__", noted)
    return seen


def asking(
    key: bytes, amount: int, *headers: bytes, version: bytes = b"1.1", customer: bytes = b"C1"
) -> bytes:
    """Return a request for an assessment that may take the short way."""
    body = b'{"customer_id":"%b","amount_eur":%d}' % (customer, amount)
    head = (b"POST /v1/assessments HTTP/" + version, b"Host: x", b"X-API-Key: " + key, *headers)
    told = (b"Content-Type: application/json", b"Content-Length: %d" % len(body))
    return b"\r\n".join((*head, *told, b"", body))


def answers(place: Place, sent: bytes, count: int) -> tuple[list[int], bool]:
    """Send bytes at once; return the amounts of so many answers, and whether the server hung up then."""
    with closing(socket.create_connection(place, 10)) as connection:
        connection.sendall(sent)
        came, amounts = b"", []
        while len(amounts) < count:
            came += connection.recv(65_536)
            while came.startswith(b"HTTP/1.1 100"):
                came = came.partition(b"\r\n\r\n")[2]
            head, end, rest = came.partition(b"\r\n\r\n")
            length = int(head.lower().partition(b"content-length: ")[2].split(b"\r\n")[0]) if end else 1
            if end and len(rest) >= length:
                assert head.startswith(b"HTTP/1.1 200")
                assert head.count(b"date: ") == head.count(b"content-type: ") == 1
                amounts.append(int(json.loads(rest[:length])["request"]["amount_eur"]))
                came = rest[length:]
        assert came == b""
        connection.settimeout(0.5)
        try:
            return amounts, connection.recv(1) == b""
        except TimeoutError:
            return amounts, False


def test_assessments_asked_for_at_once_on_one_connection_are_answered_in_turn(
    place: Place, key: bytes, laid_aside: list[Scope]
):
    sent = b"".join(asking(key, amount) for amount in (5, 6, 7))
    assert answers(place, sent, 3) == ([5, 6, 7], False)
    assert laid_aside == []


def test_both_ways_take_turns_on_one_connection(place: Place, key: bytes, laid_aside: list[Scope]):
    ordinary = asking(key, 6).replace(b"application/json", b"application/json;charset=utf-8")
    sent = b"".join((asking(key, 5), ordinary, asking(key, 7), ordinary, asking(key, 8)))
    assert answers(place, sent, 5) == ([5, 6, 7, 6, 8], False)
    assert len(laid_aside) == 2


def test_a_request_that_comes_byte_by_byte_takes_the_short_way(
    place: Place, key: bytes, laid_aside: list[Scope]
):
    with closing(socket.create_connection(place, 10)) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for byte in asking(key, 5):
            connection.sendall(bytes([byte]))
        assert connection.recv(65_536).startswith(b"HTTP/1.1 200")
    assert laid_aside == []


@pytest.mark.parametrize(
    ("amount", "customer", "status", "lays_aside"),
    [(0, b"C1", 422, 1), (5, b"nobody", 404, 0), (5, b'C1","customer_id":"C1', 400, 1), (5, b"", 422, 1)],
)
def test_what_cannot_be_answered_on_the_short_way_is_refused_as_elsewhere(
    place: Place,
    key: bytes,
    laid_aside: list[Scope],
    amount: int,
    customer: bytes,
    status: int,
    lays_aside: int,
):
    code, headers, _ = send(place, asking(key, amount, customer=customer))
    assert (code, headers["content-type"]) == (status, "application/problem+json")
    assert all(headers[name.lower()] == value for name, value in ALWAYS.items())
    assert len(laid_aside) == lays_aside


@pytest.mark.parametrize(
    ("headers", "version", "hangs_up"),
    [
        ((), b"1.1", False),
        ((b"Connection: close",), b"1.1", True),
        ((), b"1.0", True),
        ((b"Expect: 100-continue",), b"1.1", False),
    ],
)
@pytest.mark.usefixtures("laid_aside")
def test_a_connection_ends_when_who_asks_wants_it(
    place: Place, key: bytes, headers: tuple[bytes, ...], version: bytes, hangs_up: bool
):
    assert answers(place, asking(key, 9, *headers, version=version), 1) == ([9], hangs_up)


def test_where_the_short_way_fails_the_ordinary_way_answers(
    place: Place, key: bytes, laid_aside: list[Scope], monkeypatch: pytest.MonkeyPatch
):
    def fail(_guard: Authenticator, _key: str) -> None:
        raise RuntimeError("something nobody thought of")

    monkeypatch.setattr(Authenticator, "trusted_by_key", fail)
    assert answers(place, asking(key, 5) + asking(key, 6), 2) == ([5, 6], False)
    assert len(laid_aside) == 2


@pytest.mark.usefixtures("laid_aside")
def test_who_waits_to_be_told_to_go_on_is_told_so(place: Place, key: bytes):
    head, _, body = asking(key, 5, b"Expect: 100-continue").partition(b"\r\n\r\n")
    with closing(socket.create_connection(place, 10)) as connection:
        connection.sendall(head + b"\r\n\r\n")
        assert connection.recv(65_536).startswith(b"HTTP/1.1 100 ")
        connection.sendall(body)
        assert connection.recv(65_536).startswith(b"HTTP/1.1 200 ")


@pytest.mark.usefixtures("laid_aside")
def test_who_goes_away_before_the_answer_harms_nobody(place: Place, key: bytes):
    for _ in range(20):
        with closing(socket.create_connection(place, 10)) as connection:
            connection.sendall(asking(key, 3))
    assert answers(place, asking(key, 4), 1) == ([4], False)


def test_the_server_goes_on_after_all_of_that(place: Place):
    for _ in range(20):
        refused(send(place, b"\x00\r\n\r\n"), 400)
    assert send(place, GET + b"\r\n")[0] == 200
