"""Read a crisis file: text in, a checked crisis or all of its problems out."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path as FilePath
from typing import Any

from backchannel.errors import CrisisFileError, Problem, UnreadableFileError
from backchannel.spec.consistency import check_consistency
from backchannel.spec.crisis import Crisis
from backchannel.spec.field_faults import report_missing_section
from backchannel.spec.inputs import Patch, PatchError, inputs, locate
from backchannel.spec.nodes import Node, Path
from backchannel.spec.number import mixed
from backchannel.spec.patch_faults import PatchChecker, patched_world
from backchannel.spec.positions import MAXIMUM_PROBLEMS, Reporter, TooManyProblemsError, suggest
from backchannel.spec.provenance_faults import check_provenance
from backchannel.spec.recovery import MAXIMUM_CHARACTERS, Lost, read_nodes
from backchannel.spec.references import check_references
from backchannel.spec.validation import sound_part, validate
from backchannel.spec.yaml_events import SourceText

_MAXIMUM_BYTES = 4 * MAXIMUM_CHARACTERS + 4
"""Enough to tell that a text is too long to be read."""


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
        report = Reporter(self.root, SourceText(self.text, self.name))
        try:
            data, problems, crisis = patched_world(self.data, patch, report)
        except PatchError as error:
            fix = suggest(error.step, error.known)
            raise CrisisFileError((Problem("unknown-path", str(error), fix, self.name),)) from None
        faults = [problem for problem in problems if problem.severity == "error"]
        faults = [problem for problem in faults if problem.code != "ordering-contradicted"]
        if crisis is None or faults:
            raise CrisisFileError(tuple(faults))
        return replace(self, data=data, crisis=crisis, patch=(*self.patch, *sorted(patch.items())))

    def variant(self, name: str) -> CrisisFile:
        """Return the crisis with a named variant in force. Raises CrisisFileError on an unknown name."""
        if name not in self.crisis.variants:
            fix = suggest(name, list(self.crisis.variants))
            raise CrisisFileError((Problem("unknown-variant", f'unknown variant "{name}"', fix, self.name),))
        return self.patched(self.crisis.variants[name].set)

    def dialled(self, name: str, position: float | None = None) -> CrisisFile:
        """Return the crisis with a dial turned, by default to where the file puts it; 0 is the file.

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
        numbers = {item.steps: item.number for item in inputs(self.crisis)}
        targets = {path: numbers[locate(self.data, path)] for path in dial.to}
        return self.patched({path: mixed(targets[path], worth.centre, at) for path, worth in dial.to.items()})


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
    text = text.removeprefix("\ufeff")
    reading = read_nodes(text, name)
    if reading.root is None:
        return Check(_in_order(reading.problems), None)
    report = Reporter(reading.root, SourceText(text, name))
    report.problems.extend(reading.problems)
    data = reading.root.to_data()
    assert isinstance(data, dict)
    crisis = None
    try:
        crisis = _check_all(data, report, reading.lost)
    except TooManyProblemsError:
        message = f"more than {MAXIMUM_PROBLEMS} faults; the rest was not checked"
        report.problems.append(Problem("too-many", message, "mend these first", name, 1, 1))
    problems = _in_order(report.problems)
    if crisis is None or any(problem.severity == "error" for problem in problems):
        return Check(problems, None)
    return Check(problems, CrisisFile(name, text, reading.root, data, crisis, problems))


def _check_all(data: dict[str, Any], report: Reporter, lost: Lost) -> Crisis | None:
    """Run every check; return the crisis if every field could be read."""
    crisis, faulty = validate(data, report, lost)
    endless = check_references(report, lost)
    check_provenance(report)
    unsure: frozenset[str] = frozenset()
    sound, sound_data = crisis, data
    if crisis is None or endless:
        sound, sound_data, unsure = sound_part(data, [*faulty, *(("defines", name) for name in endless)])
    if sound is not None:
        if "preferences" in lost.sections:
            unsure |= sound.actors.keys()
        check_consistency(sound, report, unsure)
        PatchChecker(report, data, sound, sound_data, lost, unsure).check()
    _check_options(data, report, lost)
    return crisis


def _check_options(data: dict[str, Any], report: Reporter, lost: Lost) -> None:
    """Check that somebody can do something; a general graph lists moves instead of options."""
    if data.get("options") or data.get("moves") or "options" in lost.sections:
        return
    if "options" in data:
        fix = "give at least one option, or list moves for a general graph"
        report.at(("options",), "no-options", "nobody can do anything", fix, on_key=True)
    else:
        report_missing_section("options", report)


def _in_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    return tuple(sorted(dict.fromkeys(problems), key=lambda p: (p.line, p.column, p.severity, p.code)))


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
        with path.open("rb") as stream:
            return stream.read(_MAXIMUM_BYTES).decode("utf-8-sig")
    except FileNotFoundError:
        raise UnreadableFileError(f"{path}: no such file") from None
    except IsADirectoryError:
        raise UnreadableFileError(f"{path}: is a folder, not a file") from None
    except UnicodeDecodeError as error:
        message = f"{path}: not UTF-8 text (byte {error.start}); save it as UTF-8"
        raise UnreadableFileError(message) from None
    except OSError as error:
        raise UnreadableFileError(f"{path}: cannot be read ({error.strerror})") from None
