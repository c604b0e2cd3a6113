"""Progress and cancelling for long array work, on one thread or several."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait

from ..errors import CancelledError

Progress = Callable[[int, int], None]
"""Called with (done, total); raises to cancel."""

PATIENCE = 0.1
"""Seconds between two calls of the progress function while worker threads run."""


class Monitor:
    """Counts finished units of work and lets the caller see them, and stop.

    The progress function is only ever called on the thread that built the monitor; workers notice a stop at
    their next beat.
    """

    def __init__(self, progress: Progress | None, total: int) -> None:
        self._progress = progress
        self._total = total
        self._done = 0
        self._owner = threading.get_ident()
        self._lock = threading.Lock()
        self._stopped = threading.Event()

    def advance(self, units: int = 1) -> None:
        """Count finished units."""
        with self._lock:
            self._done += units
        self.beat()

    def beat(self) -> None:
        """Give the caller a chance to stop."""
        if self._stopped.is_set():
            raise CancelledError("the analysis was stopped")
        if self._progress is not None and threading.get_ident() == self._owner:
            self._progress(self._done, self._total)

    def run(self, tasks: Sequence[Callable[[], None]], threads: int) -> None:
        """Run the tasks, on worker threads if more than one is allowed; the first error stops them all."""
        if threads < 2 or len(tasks) < 2:
            for task in tasks:
                task()
            return
        with ThreadPoolExecutor(min(threads, len(tasks))) as pool:
            pending = {pool.submit(task) for task in tasks}
            try:
                while pending:
                    finished, pending = wait(pending, timeout=PATIENCE, return_when=FIRST_EXCEPTION)
                    for future in finished:
                        future.result()
                    self.beat()
            except BaseException:
                self._stopped.set()
                for future in pending:
                    future.cancel()
                raise


def processors() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
