"""How often one client may try something: a token bucket for each client and purpose.

The buckets live in the memory of each web process, so with n processes a client has up to n times as many tries;
codes have 80 bits, the limits only keep noise down. Client addresses are not stored: a bucket is found by a keyed
hash, whose key each process makes up and forgets.
"""

from __future__ import annotations

import hashlib
import math
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address

from django.http import HttpRequest


@dataclass(frozen=True)
class Limit:
    """`burst` tries at once, then one more every `seconds`."""

    burst: int
    seconds: float


# Guessing references and codes: only failures count.
WRONG_CODES = Limit(burst=10, seconds=30.0)
# Submissions and files cost storage. A benchmark of a whole town from one address stays below.
SUBMISSIONS = Limit(burst=500, seconds=0.004)
UPLOADS = Limit(burst=100, seconds=1.0)
# Packing and signing a shared service costs time.
DOWNLOADS = Limit(burst=60, seconds=1.0)


class Limiter:
    """Counts tries. Safe to use from several threads."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic, remembered: int = 50_000) -> None:
        self._clock = clock
        self._remembered = remembered
        self._key = secrets.token_bytes(16)
        self._lock = threading.Lock()
        self._buckets: OrderedDict[bytes, tuple[float, float]] = OrderedDict()  # tokens left, at what time

    def wait(self, purpose: str, client: str, limit: Limit) -> int:
        """Whole seconds until the next try is allowed; 0 if it is allowed now. Counts nothing."""
        with self._lock:
            tokens = self._tokens(self._bucket(purpose, client), limit)
        return 0 if tokens >= 1 else max(1, math.ceil((1 - tokens) * limit.seconds))

    def count(self, purpose: str, client: str, limit: Limit) -> None:
        """Count one try."""
        bucket = self._bucket(purpose, client)
        with self._lock:
            self._buckets[bucket] = (max(0.0, self._tokens(bucket, limit) - 1), self._clock())
            self._buckets.move_to_end(bucket)
            while len(self._buckets) > self._remembered:
                self._buckets.popitem(last=False)

    def forget(self) -> None:
        """Forget every try (tests)."""
        with self._lock:
            self._buckets.clear()

    def _bucket(self, purpose: str, client: str) -> bytes:
        return hashlib.blake2b(f"{purpose}|{client}".encode(), key=self._key, digest_size=12).digest()

    def _tokens(self, bucket: bytes, limit: Limit) -> float:
        tokens, at = self._buckets.get(bucket, (float(limit.burst), 0.0))
        return min(float(limit.burst), tokens + (self._clock() - at) / limit.seconds)


limiter = Limiter()


def client_of(request: HttpRequest) -> str:
    """Who is trying: the address; of IPv6 the /64 network, because one connection has all of it.

    Behind a proxy the web server must put the client's address into REMOTE_ADDR (waitress: `trusted_proxy`).
    """
    address = request.META.get("REMOTE_ADDR", "")
    try:
        parsed = ip_address(address)
    except ValueError:
        return str(address)
    return parsed.exploded[:19] if isinstance(parsed, IPv6Address) else str(parsed)
