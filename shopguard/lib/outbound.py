"""Sends a request to an address somebody typed in, and never to the inside of a network.

The name is resolved once. Every address it has must belong to the public internet, and the
connection goes to the address that was looked at: a name that answers otherwise a moment later
gains nothing. Redirects are not followed, so no second address is ever asked. Proxies of the
environment are not used. The whole exchange has one deadline, however slowly the other side talks.
"""

import re
import socket
import ssl
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from time import monotonic
from urllib.parse import quote, urlsplit

PORTS = {"https": 443, "http": 80}
MOST_PORT = 65_535
HOST = re.compile(r"[a-z0-9.:_-]{1,253}", re.ASCII)
KEPT_IN_PATH = "/%:@!$&'()*+,;=~-._?"
STATUS = re.compile(rb"HTTP/1\.[01] (\d{3})(?: |\r|\n)")
STATUS_BYTES = 4096
NAT64 = ip_network("64:ff9b::/96")
LOW_32_BITS = 0xFFFF_FFFF
# Beside what the registry calls private: special ranges, and a cloud's service at a public address.
NEVER = tuple(
    ip_network(block)
    for block in ("192.0.0.0/24", "192.88.99.0/24", "168.63.129.16/32", "64:ff9b:1::/48")
)

Address = IPv4Address | IPv6Address


class OutboundError(Exception):
    """The request was not answered; ``reason`` is a short code."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class RefusedAddressError(OutboundError):
    """The address is one that must not be asked; trying again does not help."""


@dataclass(frozen=True)
class Rules:
    """What is allowed beyond the public internet: networks, and addresses without TLS."""

    networks: Sequence[str] = ()
    plain: bool = False
    seconds: float = 10.0


@dataclass(frozen=True)
class Target:
    """An address taken apart. ``host`` is ASCII and in lower case."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def host_header(self) -> str:
        """As it stands in the request."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"


def target_of(url: str, rules: Rules) -> Target:
    """An address taken apart. Raises RefusedAddressError for what cannot be asked at all."""
    try:
        parts = urlsplit(url.strip())
        host = (parts.hostname or "").rstrip(".").encode("idna").decode()
        port = parts.port
    except (ValueError, UnicodeError):
        raise RefusedAddressError("not_an_address") from None
    if parts.scheme not in PORTS or not HOST.fullmatch(host) or parts.username is not None:
        raise RefusedAddressError("not_an_address")
    if parts.scheme == "http" and not rules.plain:
        raise RefusedAddressError("needs_https")
    if port is not None and not 0 < port <= MOST_PORT:
        raise RefusedAddressError("not_an_address")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(parts.scheme, host, port or PORTS[parts.scheme], quote(path, safe=KEPT_IN_PATH))


def is_public(text: str) -> bool:
    """Whether an IP address belongs to the public internet, whatever it is wrapped in."""
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return False
    return all(_is_public(one) for one in (address, *_inside(address)))


def _is_public(address: Address) -> bool:
    is_never = any(address in block for block in NEVER if block.version == address.version)
    return address.is_global and not address.is_multicast and not is_never


def _inside(address: Address) -> list[Address]:
    """IPv4 addresses that an IPv6 address leads to."""
    if not isinstance(address, IPv6Address):
        return []
    found: list[Address] = [
        one for one in (address.ipv4_mapped, address.sixtofour, *(address.teredo or ())) if one
    ]
    if address in NAT64:
        found.append(IPv4Address(int(address) & LOW_32_BITS))
    return found


def resolved(target: Target, rules: Rules) -> str:
    """The address to connect to, the first the name has. Raises RefusedAddressError when any of
    them lies inside, OutboundError when the name has none.
    """
    try:
        found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise OutboundError("unknown_host") from None
    addresses = [str(row[4][0]) for row in found]
    if not addresses:
        raise OutboundError("unknown_host")
    for address in addresses:
        if not is_public(address) and not _is_allowed(address, rules.networks):
            raise RefusedAddressError("inner_address")
    return addresses[0]


def _is_allowed(text: str, networks: Sequence[str]) -> bool:
    address = ip_address(text.partition("%")[0])
    return any(address in ip_network(network) for network in networks)


def post(url: str, body: bytes, headers: Mapping[str, str], rules: Rules) -> int:
    """Send a POST and return the status of the answer, whatever it is.

    Raises RefusedAddressError for an address inside, OutboundError when there is no answer in
    time. Of the answer only the first line is read.
    """
    deadline = monotonic() + rules.seconds
    target = target_of(url, rules)
    address = resolved(target, rules)
    lines = [
        f"POST {target.path} HTTP/1.1", f"Host: {target.host_header}", "Connection: close",
        f"Content-Length: {len(body)}", *(f"{name}: {text}" for name, text in headers.items()),
    ]  # fmt: skip
    request = "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body
    try:
        return _exchange(target, address, request, deadline)
    except TimeoutError:
        raise OutboundError("too_slow") from None
    except ssl.SSLError:
        raise OutboundError("tls_failed") from None
    except OSError:
        raise OutboundError("no_connection") from None


def _exchange(target: Target, address: str, request: bytes, deadline: float) -> int:
    with socket.create_connection((address, target.port), _left(deadline)) as plain:
        if target.scheme == "http":
            return _talk(plain, request, deadline)
        plain.settimeout(_left(deadline))
        context = ssl.create_default_context()
        with context.wrap_socket(plain, server_hostname=target.host) as secured:
            return _talk(secured, request, deadline)


def _talk(connection: socket.socket, request: bytes, deadline: float) -> int:
    connection.settimeout(_left(deadline))
    connection.sendall(request)
    answer = b""
    while b"\n" not in answer and len(answer) < STATUS_BYTES:
        connection.settimeout(_left(deadline))
        piece = connection.recv(STATUS_BYTES)
        if not piece:
            break
        answer += piece
    status = STATUS.match(answer)
    if status is None:
        raise OutboundError("no_answer")
    return int(status[1])


def _left(deadline: float) -> float:
    left = deadline - monotonic()
    if left <= 0:
        raise TimeoutError
    return left
