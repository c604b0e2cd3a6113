"""The crises that ship with the package, by name."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from backchannel.errors import UnreadableFileError
from backchannel.spec.positions import suggest
from backchannel.spec.read import CrisisFile, read_crisis_text, read_text

SUFFIX = ".crisis.yaml"


def case_names() -> tuple[str, ...]:
    """Return the names of the bundled cases, sorted."""
    folder = files("backchannel") / "cases"
    return tuple(sorted(item.name.removesuffix(SUFFIX) for item in folder.iterdir() if item.name.endswith(SUFFIX)))


def case_text(name: str) -> str:
    """Return the text of a bundled case. Raises UnreadableFileError on an unknown name."""
    if name not in case_names():
        raise UnreadableFileError(f'unknown case "{name}"; {suggest(name, case_names())}')
    return (files("backchannel") / "cases" / f"{name}{SUFFIX}").read_text(encoding="utf-8")


def crisis_text(reference: str) -> str:
    """Return the text of a file, or of a bundled case if no such file exists.

    Raises
    ------
    UnreadableFileError
        If it is neither.
    """
    path = Path(reference)
    if path.exists() or "/" in reference or reference.endswith((".yaml", ".yml")):
        return read_text(path)
    if reference in case_names():
        return case_text(reference)
    fix = suggest(reference, case_names())
    raise UnreadableFileError(f'"{reference}" is neither a file nor a bundled case; {fix}')


def open_crisis(reference: str) -> CrisisFile:
    """Read a crisis by path or by the name of a bundled case.

    Raises
    ------
    UnreadableFileError
        If there is no such file or case.
    CrisisFileError
        With every fault found in it.
    """
    return read_crisis_text(crisis_text(reference), reference)
