"""Closed loop: each client begins its next journey when the last one ended."""

from __future__ import annotations

import multiprocessing
import os
import time
from dataclasses import dataclass, field
from multiprocessing.queues import Queue

from bench.client import Browser
from bench.journeys import Journey


@dataclass
class Outcome:
    """What the clients did together."""

    seconds: float
    journeys: int = 0
    cpu_seconds: float = 0.0  # of the clients themselves
    errors: list[str] = field(default_factory=list)
    timings: dict[str, list[float]] = field(default_factory=dict)

    @property
    def per_second(self) -> float:
        """Finished journeys a second."""
        return self.journeys / self.seconds


def _client(
    journey: Journey,
    port: int,
    seconds: float,
    results: Queue[tuple[int, float, list[str], dict[str, list[float]]]],
) -> None:
    browser = Browser(port)
    cpu_before = time.process_time()
    done, end = 0, time.monotonic() + seconds
    errors: list[str] = []
    while time.monotonic() < end and len(errors) < 5:
        try:
            # The process id makes the applicants of every measurement others: equal ones go to a person as duplicates.
            journey(browser, os.getpid() * 1_000_000 + done)
            done += 1
        except Exception as error:
            errors.append(f"{type(error).__name__}: {error}")
    results.put((done, time.process_time() - cpu_before, errors, browser.timings))


def closed_loop(journey: Journey, port: int, *, clients: int, seconds: float) -> Outcome:
    """Run the journey with `clients` visitors at once, each in a process of its own."""
    context = multiprocessing.get_context("fork")
    results: Queue[tuple[int, float, list[str], dict[str, list[float]]]] = context.Queue()
    processes = [
        context.Process(target=_client, args=(journey, port, seconds, results)) for _ in range(clients)
    ]
    started = time.monotonic()
    for process in processes:
        process.start()
    outcome = Outcome(0)
    for _ in processes:
        done, cpu, errors, timings = results.get()
        outcome.journeys += done
        outcome.cpu_seconds += cpu
        outcome.errors += errors
        for label, values in timings.items():
            outcome.timings.setdefault(label, []).extend(values)
    for process in processes:
        process.join()
    outcome.seconds = time.monotonic() - started
    return outcome
