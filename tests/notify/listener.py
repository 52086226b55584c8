"""A web server of our own on this machine that listens for webhooks and answers as told."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from django.test import override_settings


@dataclass(frozen=True)
class Heard:
    """One request."""

    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Listener:
    """The server's end. ``status`` is what it answers, ``location`` where it points to."""

    heard: list[Heard] = field(default_factory=list)
    status: int = 204
    location: str = ""
    port: int = 0

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}/hook?shop=1"


@contextmanager
def web_server() -> Iterator[Listener]:
    """Runs while the block does."""
    listener = Listener()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            listener.heard.append(Heard(self.path, dict(self.headers), body))
            self.send_response(listener.status)
            if listener.location:
                self.send_header("Location", listener.location)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Nothing is printed."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    listener.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield listener
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def reachable() -> override_settings:
    """Allow webhooks to this machine without TLS, as an operator could."""
    return override_settings(
        WEBHOOK_EXTRA_NETWORKS=["127.0.0.0/8"], WEBHOOK_PLAIN_HTTP=True, WEBHOOK_SECONDS=20.0
    )
