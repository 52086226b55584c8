"""A typed-in address never reaches the inside, however it is written or resolved."""

import socket
from collections.abc import Iterator
from typing import Any

import pytest

from shopguard.lib.outbound import (
    OutboundError,
    RefusedAddressError,
    Rules,
    is_public,
    post,
    resolved,
    target_of,
)
from tests.notify.listener import Listener, web_server

HERE = Rules(networks=("127.0.0.0/8",), plain=True, seconds=20.0)
INSIDE = (
    "127.0.0.1", "127.8.8.8", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254",
    "100.64.0.1", "100.100.100.200", "168.63.129.16", "192.0.0.192", "198.18.0.1", "224.0.0.1",
    "255.255.255.255", "::", "::1", "fe80::1%eth0", "fd00:ec2::254", "ff02::1", "::ffff:127.0.0.1",
    "::ffff:a9fe:a9fe", "64:ff9b::a00:1", "2002:7f00:1::", "2001:0:7f00:1::", "not an address",
)  # fmt: skip
OUTSIDE = ("1.1.1.1", "8.8.8.8", "2606:4700:4700::1111", "64:ff9b::808:808")
Answers = list[list[str]]


@pytest.fixture(scope="module")
def server() -> Iterator[Listener]:
    with web_server() as listener:
        yield listener


def answering(monkeypatch: pytest.MonkeyPatch, *answers: list[str]) -> list[str]:
    """Let names resolve to these addresses, one list after the other; returns the names asked."""
    asked, left = [], list(answers)
    real = socket.getaddrinfo

    def getaddrinfo(host: str, port: Any, *rest: Any, **named: Any) -> Any:
        if not host[-1].isalpha():
            return real(host, port, *rest, **named)
        asked.append(host)
        return [(2, 1, 6, "", (address, port)) for address in left.pop(0)]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    return asked


@pytest.mark.parametrize("address", INSIDE)
def test_an_inner_address_is_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", OUTSIDE)
def test_an_address_of_the_internet_is_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://hooks.example/", "needs_https"),
        ("ftp://hooks.example/", "not_an_address"),
        ("file:///etc/passwd", "not_an_address"),
        ("gopher://hooks.example/", "not_an_address"),
        ("https://", "not_an_address"),
        ("https://user@hooks.example/", "not_an_address"),
        ("https://user:pass@hooks.example/", "not_an_address"),
        ("https://hooks.example:99999/", "not_an_address"),
        ("https://hooks.example:0/", "not_an_address"),
        ("https://ho oks.example/", "not_an_address"),
        ("https://[::1/", "not_an_address"),
        ("hooks.example", "not_an_address"),
    ],
)
def test_what_cannot_be_asked_is_refused(url: str, reason: str) -> None:
    with pytest.raises(RefusedAddressError) as refusal:
        target_of(url, Rules())
    assert refusal.value.reason == reason


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1/", "https://2130706433/", "https://0x7f.1/", "https://0177.0.0.1/",
        "https://[::1]/", "https://[::ffff:127.0.0.1]/", "https://localhost/",
        "https://169.254.169.254/latest/meta-data/", "https://127.0.0.1./",
    ],
)  # fmt: skip
def test_an_inner_address_is_refused_in_every_spelling(url: str) -> None:
    with pytest.raises(OutboundError) as refusal:
        post(url, b"", {}, Rules(seconds=5.0))
    assert refusal.value.reason in ("inner_address", "unknown_host")


def test_a_name_with_one_inner_address_among_others_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answering(monkeypatch, ["1.1.1.1", "10.0.0.7"])
    with pytest.raises(RefusedAddressError):
        resolved(target_of("https://mixed.example/", Rules()), Rules())


def test_a_name_is_resolved_once_and_that_address_connected_to(
    monkeypatch: pytest.MonkeyPatch, server: Listener
) -> None:
    """The second answer, an inner one, is never asked for: rebinding gains nothing."""
    asked = answering(monkeypatch, ["1.1.1.1"], ["127.0.0.1"])
    connected = []

    def create_connection(address: Any, timeout: float) -> Any:
        connected.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "create_connection", create_connection)
    with pytest.raises(OutboundError, match="no_connection"):
        post(f"http://rebind.example:{server.port}/", b"", {}, Rules(plain=True))
    assert asked == ["rebind.example"]
    assert connected == [("1.1.1.1", server.port)]


def test_a_redirect_is_not_followed(server: Listener) -> None:
    server.heard.clear()
    server.status, server.location = 307, f"http://127.0.0.1:{server.port}/inner"
    try:
        assert post(server.url, b"{}", {"Content-Type": "application/json"}, HERE) == 307
    finally:
        server.status, server.location = 204, ""
    assert [heard.path for heard in server.heard] == ["/hook?shop=1"]


def test_the_host_that_was_typed_stands_in_the_request(
    monkeypatch: pytest.MonkeyPatch, server: Listener
) -> None:
    server.heard.clear()
    answering(monkeypatch, ["127.0.0.1"])
    url = f"http://Hooks.Example:{server.port}/店/?q=a b"
    assert post(url, b"body", {"X-One": "1"}, HERE) == 204
    (heard,) = server.heard
    assert heard.headers["Host"] == f"hooks.example:{server.port}"
    assert (heard.path, heard.body, heard.headers["X-One"]) == (
        "/%E5%BA%97/?q=a%20b", b"body", "1",
    )  # fmt: skip


def test_without_an_allowance_this_machine_is_not_asked(server: Listener) -> None:
    server.heard.clear()
    with pytest.raises(RefusedAddressError, match="inner_address"):
        post(server.url, b"", {}, Rules(plain=True))
    assert server.heard == []


def test_who_does_not_speak_http_gave_no_answer() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        with pytest.raises(OutboundError) as error:
            post(f"http://127.0.0.1:{port}/", b"", {}, Rules(HERE.networks, True, seconds=0.05))
    assert error.value.reason == "too_slow"
