"""Sending of webhooks: signed, to checked addresses, without redirects.

The name of a host is resolved once, every address is checked, and the connection is made to a checked
address: a name that points elsewhere a moment later leads nowhere (server-side request forgery).
"""

from __future__ import annotations

import ipaddress
import json
import socket
from typing import TYPE_CHECKING

from pipelines.notifications.failures import DeliveryError
from pipelines.notifications.signatures import signed_headers

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable

    import httpx2

    from pipelines.notifications.settings import WebhookEndpoint
    from serving.store import OutboxMessage

    Resolve = Callable[[str, int], list[str]]

TIMEOUT_S = 15.0
_GONE = 410
_ACCEPTED = range(200, 300)


def send_webhook(
    endpoint: WebhookEndpoint, message: OutboxMessage, now: dt.datetime, resolve: Resolve | None = None
) -> None:
    """Send one message to its endpoint.

    Parameters
    ----------
    now
        Moment of this attempt, which is signed.
    resolve
        Returns the addresses of a host and a port; the system's resolver by default.

    Raises
    ------
    DeliveryError
        It was not accepted; final where the endpoint says that it is gone (410).
    """
    import httpx2  # noqa: PLC0415  # half a command's start, and only who calls out pays for it

    body = json.dumps(message.body, ensure_ascii=False, separators=(",", ":")).encode()
    secrets = [secret.get_secret_value() for secret in endpoint.secrets]
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "encours",
        **signed_headers(message.message_id, int(now.timestamp()), body, secrets),
    }
    url = httpx2.URL(endpoint.url)
    port = url.port or (443 if url.scheme == "https" else 80)
    addresses = _checked(resolve or _resolved, url.host, port, is_internal=endpoint.internal)
    request = httpx2.Request(
        "POST",
        url.copy_with(host=addresses[0]),
        content=body,
        headers={**headers, "Host": url.netloc.decode("ascii")},
        extensions={"sni_hostname": url.host},
    )
    try:
        # Neither a proxy nor a `.netrc` of the environment: both would go around the check of the address.
        with httpx2.Client(timeout=TIMEOUT_S, follow_redirects=False, trust_env=False) as client:
            response = client.send(_timed(client, request), stream=True)
            response.close()
    except httpx2.HTTPError as error:
        raise DeliveryError(f"no answer ({type(error).__name__})") from None
    if response.status_code not in _ACCEPTED:
        raise DeliveryError(f"answered {response.status_code}", is_final=response.status_code == _GONE)


def _timed(client: httpx2.Client, request: httpx2.Request) -> httpx2.Request:
    """Give a request that was built by hand the client's deadlines."""
    request.extensions = {**request.extensions, "timeout": client.timeout.as_dict()}
    return request


def _resolved(host: str, port: int) -> list[str]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError:
        raise DeliveryError("the host's name is unknown") from None
    return [str(one[4][0]) for one in found]


def _checked(resolve: Resolve, host: str, port: int, *, is_internal: bool) -> list[str]:
    """Return the addresses of a host, all of which may be called.

    Raises
    ------
    DeliveryError
        One may not: it is private, or of this machine, and the endpoint is not internal.
    """
    addresses = resolve(host, port)
    if not is_internal and not all(is_public(one) for one in addresses):
        raise DeliveryError("the host has a private address; set `internal = true` where that is meant")
    return addresses


def is_public(address: str) -> bool:
    """Return whether an IP address is of the public internet.

    Examples
    --------
    >>> [is_public(one) for one in ("93.184.215.14", "10.0.0.1", "::ffff:127.0.0.1", "169.254.169.254")]
    [True, False, False, False]
    """
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        # Addresses of version 4 in another form: mapped, 6to4, and NAT64.
        inner = found.ipv4_mapped or found.sixtofour
        if inner is None and found in ipaddress.ip_network("64:ff9b::/96"):
            inner = ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
        found = inner or found
    return found.is_global and not found.is_multicast
