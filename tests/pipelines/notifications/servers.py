"""Local servers that take what notifications send, in threads of 127.0.0.1."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import BaseServer


@dataclass
class Receiver:
    """Where it listens, what it answers in turn, and what it was sent."""

    port: int
    answers: list[int]
    headers: list[dict[str, str]] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)

    def answer(self, otherwise: int) -> int:
        return self.answers.pop(0) if self.answers else otherwise


@contextmanager
def receiving_webhooks(*statuses: int) -> Iterator[Receiver]:
    """Take webhooks, answering each with the next status, then with 204."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            receiver.headers.append(dict(self.headers))
            receiver.bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(receiver.answer(204))
            self.send_header("Location", f"http://127.0.0.1:{receiver.port}/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    receiver = Receiver(server.server_port, list(statuses))
    with _running(server):
        yield receiver


@contextmanager
def receiving_emails(*codes: int) -> Iterator[Receiver]:
    """Take e-mails over SMTP, answering each recipient with the next code, then with 250."""

    class Handler(socketserver.StreamRequestHandler):
        def handle(self):
            self.say("220 ready")
            while line := self.rfile.readline().decode().strip():
                verb = line.split(" ")[0].split(":")[0].upper()
                if verb == "RCPT":
                    self.say(f"{receiver.answer(250)} recipient")
                elif verb == "DATA":
                    self.say("354 go on")
                    receiver.bodies.append(b"".join(iter(self.rfile.readline, b".\r\n")))
                    self.say("250 taken")
                elif verb == "QUIT":
                    self.say("221 bye")
                    return
                else:
                    self.say("250 fine")

        def say(self, text: str):
            self.wfile.write(f"{text}\r\n".encode())

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True

    server = Server(("127.0.0.1", 0), Handler)
    receiver = Receiver(server.server_address[1], list(codes))
    with _running(server):
        yield receiver


@contextmanager
def _running(server: BaseServer) -> Iterator[None]:
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
