"""What every analysis is: a question, what it requires of the file, and a function that answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, Protocol

from backchannel.errors import CancelledError, NotSupportedError

if TYPE_CHECKING:
    from backchannel.model.model import Model
    from backchannel.results.provenance import Provenance
    from backchannel.results.result import Result
    from backchannel.spec.crisis import Crisis


@dataclass(frozen=True)
class Need:
    """Something the file lacks for an analysis: which section, why, and an example line to add."""

    section: str
    why: str
    example: str

    def __str__(self) -> str:
        return f"this needs {self.section}: {self.why}. Add a line such as:\n    {self.example}"


def demand(needs: tuple[Need, ...]) -> None:
    """Refuse to go on while a file lacks something. Raises NotSupportedError that says what to add."""
    if needs:
        raise NotSupportedError("\n".join(str(need) for need in needs))


@dataclass(frozen=True)
class Context:
    """How an analysis runs: its seed, its draws, whom to tell of progress, and when to stop.

    Parameters
    ----------
    provenance
        Identity of the run, passed on to the result.
    report
        Called with (done, total).
    cancelled
        Asked between steps; true stops the work with CancelledError.
    """

    provenance: Provenance
    report: Callable[[int, int], None] = field(default=lambda done, total: None)
    cancelled: Callable[[], bool] = field(default=lambda: False)

    def progress(self, done: int, total: int) -> None:
        """Tell how far the work is; stop it if the caller asked to. Raises CancelledError."""
        if self.cancelled():
            raise CancelledError("stopped before the end; nothing was written")
        self.report(done, total)


class HasCrisis(Protocol):
    """What holds a crisis: a compiled model, or only the crisis."""

    @property
    def crisis(self) -> Crisis:
        """The crisis."""


@dataclass(frozen=True)
class Uncompiled:
    """A crisis whose states are not written out, for analyses that do without (``reads="crisis"``)."""

    crisis: Crisis


class Analysis(Protocol):
    """A module that answers one question: a file of ``analyses`` with these two functions."""

    def requires(self, model: Model) -> tuple[Need, ...]:
        """Return what the file lacks, with an example line each; nothing if it can be answered."""

    def run(self, model: Model, context: Context) -> Result:
        """Answer. Raises NotSupportedError where it cannot, CancelledError if stopped."""


@dataclass(frozen=True)
class Entry:
    """A line of the registry.

    The analysis's one name, its module, the question it answers, and whether a briefing asks it. ``option`` is the
    command with the option that asks it, where it has no command of its own. ``reads`` says what
    its functions are given: the compiled model, or (``crisis``) any :class:`HasCrisis`, so that they also answer where
    the states are too many to write out.
    """

    name: str
    module: str
    question: str
    family: str
    briefed: bool = True
    reads: Literal["model", "crisis"] = "model"
    option: str = ""

    @property
    def command(self) -> str:
        """What to type for it, the crisis left out: its name, or the command and the option that ask it."""
        return self.option or self.name
