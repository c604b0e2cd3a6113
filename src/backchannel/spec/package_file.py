"""A package problem as plain data, keyed by names: what its file holds and what an import makes."""

from __future__ import annotations

from dataclasses import dataclass

from backchannel.errors import CrisisFileError, Problem

MAXIMUM_PROBLEMS = 50


@dataclass(frozen=True)
class PlainFactor:
    """One term of the utilities.

    Parameters
    ----------
    issues
        Names of the issues it depends on.
    worth
        By party, then by level names in the order of ``issues``: points of utility. What is left out is worth 0.
    """

    issues: tuple[str, ...]
    worth: dict[str, dict[tuple[str, ...], float]]


@dataclass(frozen=True)
class PlainRule:
    """A hard constraint.

    Parameters
    ----------
    issues
        Names of the issues it looks at.
    cells
        Level names in the order of ``issues``.
    only
        Whether these combinations are the only ones allowed; otherwise they are the ones forbidden.
    """

    issues: tuple[str, ...]
    cells: tuple[tuple[str, ...], ...]
    only: bool = False


@dataclass(frozen=True)
class PackageFile:
    """A package problem in names. See :class:`backchannel.numerics.package_problem.PackageProblem`."""

    parties: tuple[str, ...]
    issues: dict[str, tuple[str, ...]]
    no_deal: dict[str, float]
    factors: tuple[PlainFactor, ...] = ()
    rules: tuple[PlainRule, ...] = ()


class PackageFaults:
    """Collects the faults and losses of one file, by the path of the value they are about."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []
        self.losses: list[Problem] = []

    def error(self, code: str, path: str, message: str, fix: str = "") -> None:
        """Note a fault."""
        if len(self.problems) < MAXIMUM_PROBLEMS:
            where = f"{path}: " if path and not message.startswith(path) else ""
            self.problems.append(Problem(code, f"{where}{message}", fix, self.file, path=path))

    def lose(self, code: str, path: str, message: str, fix: str = "") -> None:
        """Note something that is left out."""
        self.losses.append(Problem(code, message, fix, self.file, path=path, severity="warning"))

    def check(self) -> None:
        """Raise CrisisFileError if there are faults."""
        if self.problems:
            raise CrisisFileError(tuple(self.problems))

    def stop(self, code: str, path: str, message: str, fix: str = "") -> CrisisFileError:
        """Return the error for a fault after which nothing more can be read."""
        self.error(code, path, message, fix)
        return CrisisFileError(tuple(self.problems))
