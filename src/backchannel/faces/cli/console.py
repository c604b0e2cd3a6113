"""Where commands print: results on standard output, progress and warnings on standard error."""

from __future__ import annotations

import json
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console

PATIENCE = 1.0
"""Seconds of work before a progress bar appears."""


def console() -> Console:
    """Return the console for results; wide enough for tables when the output is no terminal."""
    from rich.console import Console

    return Console(highlight=False, markup=False, width=None if sys.stdout.isatty() else 120, soft_wrap=False)


def print_json(document: object) -> None:
    """Print a document as JSON, keys in a fixed order, the same bytes for the same document."""
    print(json.dumps(document, indent=2, ensure_ascii=False))


@contextmanager
def progress(what: str) -> Iterator[Callable[[int, int], None]]:
    """Yield a function for (done, total); a bar on standard error appears once work takes over a second.

    Ctrl-C inside becomes CancelledError, so that the command ends with a sentence and exit code 130. Native code that
    swallows the first interrupt (a compiler, a solver) is stopped at the next report.
    """
    from rich.console import Console
    from rich.progress import Progress

    interrupts: list[int] = []

    def interrupt(number: int, frame: FrameType | None) -> None:
        interrupts.append(number)
        raise KeyboardInterrupt

    bar = Progress(console=Console(stderr=True), transient=True)
    task = bar.add_task(what, total=1)
    began = time.monotonic()
    shown = False

    def report(done: int, total: int) -> None:
        nonlocal shown
        if interrupts:
            raise KeyboardInterrupt
        if not shown and time.monotonic() - began > PATIENCE and sys.stderr.isatty():
            bar.start()
            shown = True
        if shown:
            bar.update(task, completed=done, total=total)

    hears = threading.current_thread() is threading.main_thread()
    before = signal.signal(signal.SIGINT, interrupt) if hears else None
    try:
        yield report
    except KeyboardInterrupt:
        from backchannel.errors import CancelledError

        raise CancelledError("stopped; nothing was written") from None
    finally:
        if hears:
            signal.signal(signal.SIGINT, before)
        if shown:
            bar.stop()


def write_file(path: Path, text: str, *, force: bool) -> None:
    """Write a file whole or not at all; never over another one without ``force``.

    Raises
    ------
    UnreadableFileError
        If it exists, or cannot be written.
    """
    from backchannel.errors import UnreadableFileError

    if path.exists() and not force:
        raise UnreadableFileError(f"{path} exists and was left as it is; choose another name or add --force")
    part = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(text, encoding="utf-8")
        part.replace(path)
    except OSError as error:
        with suppress(OSError):  # a name that cannot be written cannot be removed either
            part.unlink(missing_ok=True)
        raise UnreadableFileError(f"{path}: cannot be written ({error.strerror})") from None
