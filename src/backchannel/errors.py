"""Problems a person can act on, and the short tree of exceptions that carries them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True)
class Problem:
    """One fault: where, what, got, expected, and how to mend it.

    Parameters
    ----------
    code
        Stable identifier of the kind of fault, such as ``unknown-option``.
    message
        What is wrong, in one sentence that quotes what was found.
    fix
        What to write instead; empty when the message already says it.
    file, line, column
        Position, lines and columns counted from 1; 0 where the fault has no position.
    path
        Dotted path of the value in the file, such as ``preferences.us.win.worth``.
    severity
        ``error`` stops an analysis; ``warning`` does not.
    """

    code: str
    message: str
    fix: str = ""
    file: str = ""
    line: int = 0
    column: int = 0
    path: str = ""
    severity: Severity = "error"

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}:{self.column}: " if self.line else f"{self.file}: " if self.file else ""
        label = "warning: " if self.severity == "warning" else ""
        tail = f"; {self.fix}" if self.fix else ""
        return f"{where}{label}{self.message}{tail}"

    def to_json(self) -> dict[str, object]:
        """Return the record that ``--json`` prints."""
        return {
            "code": self.code,
            "severity": self.severity,
            "file": self.file,
            "line": self.line,
            "column": self.column,
            "path": self.path,
            "message": self.message,
            "fix": self.fix,
        }


class BackchannelError(Exception):
    """Base of every error this package raises on purpose; ``exit_code`` is what the command line returns."""

    exit_code = 2


class CrisisFileError(BackchannelError):
    """A crisis file (or a file to import) that cannot be used, with all its problems."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        self.problems = problems
        super().__init__("\n".join(str(problem) for problem in problems))


class UnreadableFileError(BackchannelError):
    """A file that is missing, is a folder, or is not text."""


class NotSupportedError(BackchannelError):
    """A sound request that this analysis cannot answer, with a pointer to what can."""


class TooLargeError(BackchannelError):
    """Work that would not fit in memory or time; the message names the size and the limit."""


class CancelledError(BackchannelError):
    """The caller asked a running analysis to stop."""

    exit_code = 130
