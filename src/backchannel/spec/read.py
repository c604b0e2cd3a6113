"""Read a crisis file: text in, a checked crisis or all of its problems out."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path as FilePath
from typing import Any

from pydantic import ValidationError

from backchannel.errors import CrisisFileError, Problem, UnreadableFileError
from backchannel.spec.consistency import check_consistency
from backchannel.spec.crisis import Crisis
from backchannel.spec.field_faults import report_field_faults
from backchannel.spec.inputs import Patch, PatchError, apply_patch, inputs
from backchannel.spec.nodes import Node, read_nodes
from backchannel.spec.number import mixed
from backchannel.spec.positions import Path, Reporter, suggest
from backchannel.spec.provenance_faults import check_provenance
from backchannel.spec.references import References


@dataclass(frozen=True)
class CrisisFile:
    """A checked crisis with the text it came from.

    Parameters
    ----------
    name
        File name or case name, for messages.
    text
        The text as read.
    root
        The tree of nodes with positions.
    data
        Plain data, patched if a variant is in force.
    crisis
        The typed crisis.
    warnings
        What should be mended but stops nothing.
    patch
        The changes in force against the text, by path.
    """

    name: str
    text: str
    root: Node
    data: dict[str, Any]
    crisis: Crisis
    warnings: tuple[Problem, ...]
    patch: tuple[tuple[str, str], ...] = ()

    @property
    def sha256(self) -> str:
        """Fingerprint of the text."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    def line_of(self, path: Path) -> int:
        """Return the line on which the value of a path stands."""
        return self.root.find(path)[0].line

    def patched(self, patch: Patch) -> CrisisFile:
        """Return the same crisis with new values at the paths of a patch.

        Raises
        ------
        CrisisFileError
            If a path leads nowhere, or the patched crisis has faults.
        """
        try:
            data = apply_patch(self.data, patch)
        except PatchError as error:
            raise CrisisFileError((Problem("unknown-path", str(error), suggest(error.step, error.known), self.name),)) from None
        report = Reporter(self.root, self.text, self.name)
        crisis, _ = _validate(data, report, frozenset())
        if crisis is not None:
            check_consistency(crisis, data, report, frozenset())
        faults = tuple(problem for problem in report.problems if problem.severity == "error")
        if crisis is None or faults:
            raise CrisisFileError(faults)
        return replace(self, data=data, crisis=crisis, patch=(*self.patch, *sorted(patch.items())))

    def variant(self, name: str) -> CrisisFile:
        """Return the crisis with a named variant in force. Raises CrisisFileError on an unknown name."""
        if name not in self.crisis.variants:
            fix = suggest(name, list(self.crisis.variants))
            raise CrisisFileError((Problem("unknown-variant", f'unknown variant "{name}"', fix, self.name),))
        return self.patched(self.crisis.variants[name].set)

    def dialled(self, name: str, position: float | None = None) -> CrisisFile:
        """Return the crisis with a dial turned: 0 is the file, 1 the dial's values; default where the file puts it.

        Raises
        ------
        CrisisFileError
            On an unknown dial, a position outside 0 to 1, or a dial that says no position and is given none.
        """
        dial = self.crisis.dials.get(name)
        if dial is None:
            fix = suggest(name, list(self.crisis.dials))
            raise CrisisFileError((Problem("unknown-dial", f'unknown dial "{name}"', fix, self.name),))
        at = position if position is not None else dial.at.centre if dial.at is not None else -1.0
        if not 0 <= at <= 1:
            fix = f"write {name}=0.5, any position from 0 to 1"
            raise CrisisFileError((Problem("dial-position", f'the dial "{name}" needs a position', fix, self.name),))
        numbers = {item.path: item.number for item in inputs(self.crisis)}
        return self.patched({path: mixed(numbers[path], worth.centre, at) for path, worth in dial.to.items()})


@dataclass(frozen=True)
class Check:
    """What checking a file found: its problems in file order, and the crisis if nothing stops it."""

    problems: tuple[Problem, ...]
    file: CrisisFile | None

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The problems that stop an analysis."""
        return tuple(problem for problem in self.problems if problem.severity == "error")


def check_text(text: str, name: str = "crisis") -> Check:
    """Check the text of a crisis file: all faults in one run, each with position and repair."""
    root, found, broken = read_nodes(text, name)
    if root is None:
        return Check(found, None)
    report = Reporter(root, text, name)
    report.problems.extend(found)
    data = root.to_data()
    assert isinstance(data, dict)
    crisis, faulty = _validate(_without_extensions(data), report, broken)
    References(report, broken).check()
    check_provenance(report)
    sound, pruned = (crisis, frozenset[str]()) if crisis is not None else _sound_part(data, faulty)
    if sound is not None:
        check_consistency(sound, data, report, pruned)
    problems = tuple(sorted(dict.fromkeys(report.problems), key=lambda p: (p.line, p.column, p.severity, p.code)))
    if crisis is None or any(problem.severity == "error" for problem in problems):
        return Check(problems, None)
    return Check(problems, CrisisFile(name, text, root, data, crisis, problems))


def read_crisis_text(text: str, name: str = "crisis") -> CrisisFile:
    """Read the text of a crisis file. Raises CrisisFileError with every fault found."""
    check = check_text(text, name)
    if check.file is None:
        raise CrisisFileError(check.errors)
    return check.file


def read_text(path: FilePath) -> str:
    """Read a text file as UTF-8, with a message a person can act on.

    Raises
    ------
    UnreadableFileError
        If there is no such file, it is a folder, or it is not UTF-8 text.
    """
    try:
        return path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise UnreadableFileError(f"{path}: no such file") from None
    except IsADirectoryError:
        raise UnreadableFileError(f"{path}: is a folder, not a file") from None
    except UnicodeDecodeError as error:
        message = f"{path}: not UTF-8 text (byte {error.start}); save it as UTF-8"
        raise UnreadableFileError(message) from None
    except OSError as error:
        raise UnreadableFileError(f"{path}: cannot be read ({error.strerror})") from None


def _without_extensions(data: dict[str, Any]) -> dict[str, Any]:
    """Drop sections that begin with ``x-``, which are free for users."""
    return {key: value for key, value in data.items() if not key.startswith("x-")}


def _validate(data: dict[str, Any], report: Reporter, broken: frozenset[str]) -> tuple[Crisis | None, list[Path]]:
    try:
        return Crisis.model_validate(_without_extensions(data)), []
    except ValidationError as error:
        return None, report_field_faults(error, report, broken)


def _sound_part(data: dict[str, Any], faulty: list[Path]) -> tuple[Crisis | None, frozenset[str]]:
    """Drop the faulty members and build what is left, so that it can be checked as a whole.

    Returns the crisis (None if too little is left) and the actors whose preferences lost something.
    """
    pruned: set[str] = set()
    for _ in range(3):
        members = {_member(path) for path in faulty}
        pruned |= {str(member[1]) for member in members if member[:1] == ("preferences",) and len(member) > 1}
        data = {"crisis": "1", "title": "-", "options": {}, "preferences": {}, **_without(data, members, ())}
        try:
            return Crisis.model_validate(_without_extensions(data)), frozenset(pruned)
        except ValidationError as error:
            faulty = [tuple(step for step in detail["loc"] if step != "[key]") for detail in error.errors()]
    return None, frozenset(pruned)


def _member(path: Path) -> Path:
    """Return the smallest part that can be left out and leave a valid file: a term, or a section's member."""
    is_term = path[:1] == ("preferences",) and len(path) > 2 and isinstance(path[2], int)
    return path[: 3 if is_term else 2]


def _without(value: Any, members: set[Path], path: Path) -> Any:
    if isinstance(value, dict):
        return {k: _without(v, members, (*path, k)) for k, v in value.items() if (*path, k) not in members}
    if isinstance(value, list):
        return [_without(v, members, (*path, i)) for i, v in enumerate(value) if (*path, i) not in members]
    return value
