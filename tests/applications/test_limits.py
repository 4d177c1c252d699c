"""Tries are limited by client and purpose, and the client's address is not kept."""

from __future__ import annotations

from django.test import RequestFactory

from rathaus.applications.limits import Limit, Limiter, client_of

THREE = Limit(burst=3, seconds=10.0)


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_after_the_burst_the_client_waits_for_the_next_try() -> None:
    clock = Clock()
    limiter = Limiter(clock=clock)
    for _ in range(3):
        assert limiter.wait("access", "192.0.2.1", THREE) == 0
        limiter.count("access", "192.0.2.1", THREE)
    assert limiter.wait("access", "192.0.2.1", THREE) == 10
    clock.now += 9.5
    assert limiter.wait("access", "192.0.2.1", THREE) == 1
    clock.now += 0.5
    assert limiter.wait("access", "192.0.2.1", THREE) == 0


def test_waiting_long_refills_no_more_than_the_burst() -> None:
    clock = Clock()
    limiter = Limiter(clock=clock)
    limiter.count("access", "192.0.2.1", THREE)
    clock.now += 1e9
    for _ in range(3):
        limiter.count("access", "192.0.2.1", THREE)
    assert limiter.wait("access", "192.0.2.1", THREE) > 0


def test_other_clients_and_other_purposes_are_not_held_up() -> None:
    limiter = Limiter(clock=Clock())
    for _ in range(3):
        limiter.count("access", "192.0.2.1", THREE)
    assert limiter.wait("access", "192.0.2.2", THREE) == 0
    assert limiter.wait("resume", "192.0.2.1", THREE) == 0


def test_memory_is_bounded_and_holds_no_address() -> None:
    limiter = Limiter(clock=Clock(), remembered=100)
    for number in range(1000):
        limiter.count("access", f"198.51.100.{number}", THREE)
    assert len(limiter._buckets) == 100
    assert b"198.51" not in b"".join(limiter._buckets)


def test_an_ipv6_client_is_its_network() -> None:
    requests = RequestFactory()
    first = requests.get("/", REMOTE_ADDR="2001:db8:1:2::1")
    second = requests.get("/", REMOTE_ADDR="2001:db8:1:2:ffff::9")
    other = requests.get("/", REMOTE_ADDR="2001:db8:1:3::1")
    assert client_of(first) == client_of(second) != client_of(other)
    assert client_of(requests.get("/", REMOTE_ADDR="192.0.2.7")) == "192.0.2.7"
