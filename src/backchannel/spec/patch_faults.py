"""Faults of the patches a file holds: dead paths, values that do not fit, worlds that cannot be."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from backchannel.errors import Problem, Severity
from backchannel.spec.consistency import check_consistency
from backchannel.spec.crisis import REQUIRED, Crisis
from backchannel.spec.inputs import Patch, PatchError, apply_patch, inputs, locate
from backchannel.spec.nodes import Path
from backchannel.spec.positions import Reporter, dotted, suggest
from backchannel.spec.recovery import Lost
from backchannel.spec.validation import validate

_AGAINST_SOURCES = frozenset({"ordering-contradicted", "ordering-tied"})


@dataclass(frozen=True)
class PatchChecker:
    """Checks every dial, variant and frame of a file against the rest of it, and each world they make.

    Parameters
    ----------
    report
        Where faults are noted.
    whole
        The file's data, on which paths are followed.
    crisis, sound
        The sound part of the file, typed and as data, on which values are tried.
    lost
        What could not be read.
    unsure
        Actors whose preferences lost a part.
    """

    report: Reporter
    whole: dict[str, Any]
    crisis: Crisis
    sound: dict[str, Any]
    lost: Lost
    unsure: frozenset[str]

    @cached_property
    def unreadable(self) -> frozenset[str]:
        """Sections a path may lead into without anything to be seen there."""
        return self.lost.sections | {name for name in REQUIRED if name not in self.whole}

    def check(self) -> None:
        """Note every fault.

        A variant that departs from an ordering is warned of: what sources say holds for the file, not for a
        what-if. A frame is how an actor sees the game and may depart.
        """
        self._check_dials()
        told = {(problem.code, problem.message) for problem in self.report.problems}
        patches = [(("variants", name), variant.set) for name, variant in self.crisis.variants.items()]
        patches += [(("frames", name), frame.set) for name, frame in self.crisis.frames.items()]
        for where, patch in patches:
            places = {dotted(steps): path for path in patch if (steps := self._follow(path, (*where, "set", path)))}
            values = {path: patch[path] for path in places.values()}
            for problem in patched_world(self.sound, values, self.report, self.unsure)[1] if values else []:
                if (problem.code, problem.message) not in told:
                    _tell(where, places, problem, self.report)

    def _check_dials(self) -> None:
        numbers = inputs(self.crisis) if self.crisis.dials else ()
        known = {item.steps for item in numbers}
        for name, dial in self.crisis.dials.items():
            for path in dial.to:
                where: Path = ("dials", name, "to", path)
                steps = self._follow(path, where)
                if steps is not None and steps not in known:
                    message = f'the path "{path}" leads to no number of this file'
                    others = [item.path for item in numbers if not item.path.startswith("dials.")]
                    fix = suggest(path, others)
                    self.report.at(where, "not-an-input", message, fix, on_key=True)

    def _follow(self, path: str, where: Path) -> Path | None:
        """Follow a path in the sound part; note a fault where it leads nowhere in the file as written."""
        try:
            locate(self.whole, path)
        except PatchError as error:
            is_repeated = path.startswith("preferences.") and any(
                known.startswith(f"{error.step}#") for known in error.known
            )
            if path.partition(".")[0] not in self.unreadable and not is_repeated:
                message = f'the path "{path}" leads nowhere at "{error.step}"'
                fix = suggest(error.step, error.known)
                self.report.at(where, "unknown-path", message, fix, on_key=True)
            return None
        try:
            return locate(self.sound, path)
        except PatchError:
            return None


def patched_world(
    data: dict[str, Any], patch: Patch, report: Reporter, unsure: frozenset[str] = frozenset()
) -> tuple[dict[str, Any], list[Problem], Crisis | None]:
    """Apply a patch; return the data, what is wrong with them, and the crisis unless a field is.

    Raises
    ------
    PatchError
        If a path leads nowhere.
    """
    data = apply_patch(data, patch)
    inner = Reporter(report.root, report.source)
    crisis, _ = validate(data, inner, Lost())
    if crisis is not None:
        check_consistency(crisis, inner, unsure)
    return data, inner.problems, crisis


def _tell(where: Path, places: dict[str, str], problem: Problem, report: Reporter) -> None:
    """Note a fault of a patched world at the entry of the patch that makes it."""
    is_against_sources = problem.code in _AGAINST_SOURCES
    if (is_against_sources and where[0] == "frames") or problem.severity == "warning":
        return
    hit = [path for place, path in places.items() if problem.path == place or problem.path.startswith(f"{place}.")]
    path: Path = (*where, "set", hit[0]) if hit else where
    message = f"in this {str(where[0])[:-1]}: {problem.message}"
    severity: Severity = "warning" if is_against_sources else "error"
    on_key = not hit or problem.code in ("unknown-field", "unknown-section")
    report.at(path, problem.code, message, problem.fix, on_key=on_key, severity=severity)
