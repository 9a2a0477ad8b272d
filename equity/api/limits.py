"""How often a client may ask, and who the client is."""

from __future__ import annotations

import ipaddress
import math
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from threading import Lock
from typing import Final

from starlette.datastructures import Headers
from starlette.types import Scope

from equity.config import Network

#: Clients remembered at a time; the one not seen for longest is forgotten, and starts afresh.
MOST_CLIENTS: Final = 10_000
_LOOPBACK: Final = "127.0.0.1"
#: Of an IPv6 address the part that one subscriber is given.
_SUBSCRIBER_BITS: Final = 64


class Buckets:
    """A bucket of permits for each client: full at first, ``capacity`` in all, filled in ``seconds``."""

    def __init__(self, capacity: int, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._capacity, self._rate, self._clock = capacity, capacity / seconds, clock
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = Lock()

    def take(self, client: str) -> int:
        """Take a permit: 0 where there was one, else the whole seconds until there is."""
        return self._look(client, 1)

    def wait(self, client: str) -> int:
        """As :meth:`take`, and takes none."""
        return self._look(client, 0)

    def _look(self, client: str, taken: int) -> int:
        with self._lock:
            now = self._clock()
            left, at = self._left.pop(client, (float(self._capacity), now))
            left = min(self._capacity, left + (now - at) * self._rate)
            allowed = left >= 1
            self._left[client] = (left - taken if allowed else left, now)
            if len(self._left) > MOST_CLIENTS:
                self._left.popitem(last=False)
        return 0 if allowed else max(1, math.ceil((1 - left) / self._rate))


def client_of(scope: Scope, proxies: Sequence[Network]) -> str:
    """The address a request comes from; of IPv6 the first half, which is one subscriber's.

    ``X-Forwarded-For`` is believed only where the request comes from one of ``proxies``: then the last
    address in it that is no proxy. uvicorn believes this header from the machine itself and puts the
    address in the client's place; unless that machine is among ``proxies``, this is taken back here.
    """
    host = str((scope.get("client") or ("unknown", 0))[0])
    values = Headers(scope=scope).getlist("x-forwarded-for")
    claims = [claim.strip() for value in values for claim in value.split(",")]
    outside = next((claim for claim in reversed(claims) if not _within(claim, proxies)), None)
    peer = _LOOPBACK if outside is not None and host == outside else host
    if outside is not None and _within(peer, proxies) and _address(outside) is not None:
        return _subscriber(outside)
    return _subscriber(peer)


def _within(host: str, networks: Sequence[Network]) -> bool:
    address = _address(host)
    return address is not None and any(address in network for network in networks)


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _subscriber(host: str) -> str:
    address = _address(host)
    if isinstance(address, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((address, _SUBSCRIBER_BITS), strict=False).network_address)
    return host
